"""Kinds of schools and pairs of them: exactly those that the country has, with the facts that a case would get."""

from datetime import date
from itertools import product

import pytest

from models import Office
from models.enums import OWN_SEATS, OfficeLevel, Stage
from tests.webapp.road import a_road
from tests.workflows.shipped_tables import DEFINITIONS
from webapp import clock
from webapp.services.changes.kinds.transfer import transfer_of
from webapp.services.offices import tree
from webapp.services.offices.divisions import divisions
from webapp.services.process_check.checking import shipped_tables
from webapp.services.process_check.country import routed, transfer_facts
from webapp.services.process_check.one_sided_words import one_sided_words
from webapp.services.process_check.possible import packs_of_schools
from webapp.services.process_check.school_kinds import Pair, SchoolKind, Side, distance, kinds, pairs, places
from webapp.services.process_check.transfer_words import transfer_words
from workflows.check.reading import Tables
from workflows.expressions import compile_expression

pytestmark = pytest.mark.slow

TODAY = date(2025, 9, 10)
COUNTY, CITY, PROVINCE = OfficeLevel.COUNTY, OfficeLevel.CITY, OfficeLevel.PROVINCE
HIGH = Stage.SENIOR_HIGH
TABLES = Tables(shipped_tables()).tables
PACKS = packs_of_schools(TABLES, {row.code[:2] for row in divisions()})


@pytest.fixture
def country(session):
    return places(session, TODAY)


def of(country, *provinces):
    return [place for place in country if place.province in provinces]


def test_a_kind_of_school_is_its_stage_its_levels_and_its_packs(country):
    found = {(side.kind.levels, side.kind.packs[0]) for side in kinds(country, Stage.SENIOR_HIGH, PACKS)}
    chains = [(COUNTY, CITY, PROVINCE), (COUNTY, PROVINCE), (CITY, PROVINCE), (PROVINCE,)]
    assert found >= set(product(chains, ["k12-national-2013", "k12-henan-hs"]))
    # Guangdong has no county that its province governs.
    assert {levels for levels, pack in found if pack == "k12-guangdong"} == {*chains} - {(COUNTY, PROVINCE)}


def test_pairs_are_all_that_there_are(country):
    """Every two places of an island, a municipality and part of a province with counties of its own, one by one."""
    some = [*of(country, "11", "46"), *of(country, "41")[::3]]
    sides = [
        Side(SchoolKind(HIGH, place.levels, choice), place)
        for place in some
        for choice in PACKS[place.province, HIGH]
    ]
    wanted = {
        (one.kind, other.kind, distance(one.place, other.place)) for one, other in product(sides, sides)
    }
    told = [
        (pair.receiving.kind, pair.releasing.kind, pair.distance) for pair in pairs(some, HIGH, HIGH, PACKS)
    ]
    assert len(told) == len(set(told))
    assert set(told) == wanted


@pytest.mark.parametrize("releasing", [Stage.VOCATIONAL, HIGH])
def test_the_example_of_a_pair_is_one_of_its_kinds_at_its_distance(country, releasing):
    for pair in pairs(country, Stage.VOCATIONAL, releasing, PACKS):
        assert distance(pair.receiving.place, pair.releasing.place) == pair.distance
        assert pair.receiving.place.levels == pair.receiving.kind.levels
        assert pair.receiving.kind.packs in PACKS[pair.receiving.place.province, Stage.VOCATIONAL]
        assert pair.releasing.kind.packs in PACKS[pair.releasing.place.province, releasing]


def test_places_are_as_far_apart_as_schools_there(session, country):
    def a_school(place):
        return Office(superior_id=place.authority, division_code=place.division)

    # Henan and Beijing from end to end, so that every kind of place is among them.
    some = of(country, "11", "41")[::11] + of(country, "46")[::5]
    for one, other in product(some, some):
        assert distance(one, other) == tree.distance(session, a_school(one), a_school(other))


@pytest.mark.parametrize(
    ("where", "run_by", "stage"),
    [
        (("410323", "410325"), COUNTY, Stage.COMPULSORY),
        (("410323", "410325"), CITY, HIGH),
        (("419001", "410122"), COUNTY, HIGH),
        (("350102", "350203"), COUNTY, Stage.VOCATIONAL),
        (("110101", "110102"), PROVINCE, Stage.VOCATIONAL),
    ],
)
def test_the_facts_of_a_pair_are_those_of_such_a_transfer(session, country, where, run_by, stage):
    releasing_in, receiving_in = where
    road = a_road(
        session, releasing_in=releasing_in, receiving_in=receiving_in, stage=stage, run_by=run_by, grade=1
    )
    transfer = transfer_of(session, road.student.id, road.form, clock.today())

    def side(division):
        place = next(one for one in country if one.division == division and one.chain[0][0] == run_by)
        return Side(SchoolKind(stage, place.levels, PACKS[place.province, stage][0]), place)

    receiving, releasing = side(receiving_in), side(releasing_in)
    pair = Pair(receiving, releasing, distance(receiving.place, releasing.place))
    facts = transfer_facts(pair, transfer.definition.key)
    seats = facts.pop("seats")
    real = transfer.facts()
    assert set(seats) == set(real.pop("seats"))
    assert facts == real


@pytest.mark.parametrize("process", DEFINITIONS)
def test_whatever_the_country_has_is_possible_in_the_words_of_the_check(country, process):
    own = any(step.seat in OWN_SEATS for step in DEFINITIONS[process].steps.values())
    words = (one_sided_words if own else transfer_words)(TABLES, DEFINITIONS)
    possible = [compile_expression(text) for text in words.possible]
    classes = list(routed(country, DEFINITIONS[process]))
    assert classes
    for case in classes:
        facts = case.kind.facts
        assert facts.keys() == words.facts.keys()
        wrong = [one.text for one in possible if one.evaluate(facts) is not True]
        assert not wrong, case.kind.name
        closed = {name: set(fact.values) for name, fact in words.facts.items() if fact.values}
        assert frozenset(facts["seats"]) in map(frozenset, closed.pop("seats"))
        assert not [name for name, values in closed.items() if facts[name] not in values]


def test_no_bureau_is_no_place(session):
    assert places(session, date(1900, 1, 1)) == []
