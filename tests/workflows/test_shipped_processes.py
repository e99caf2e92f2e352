"""Who acts in a transfer, for every pair of schools: the chains are written by hand from domain 3.1.4."""

from itertools import product

import pytest

from models.enums import Role, Seat
from tests.workflows.shipped_tables import DEFINITIONS, NATIONAL, TABLES, XJ_CORPS
from tests.workflows.shipped_ways import LEVELS, a_transfer, acting, chain
from workflows.engine import complete, open_tasks, preview, start

SAME, APART, ACROSS = ("same_authority",), ("same_county", "same_city"), ("cross_city",)
ELSEWHERE = APART + ACROSS

# (distances, receiving school's authority, releasing school's authority): the seats in their order, "入县" for
# 转入县级, filings (备案) in brackets.
ONE_AUTHORITY = {
    (SAME, "county", "county"): "入校 出校 入县",
    (SAME, "city", "city"): "入校 出校 入市",
    (SAME, "province", "province"): "入校 出校 入省",
}
PROVINCE_RUN_SENIOR_HIGH = {
    (ELSEWHERE, "county", "province"): "入校 入县 入市 出校 出省",
    (ELSEWHERE, "city", "province"): "入校 入市 出校 出省",
    (ELSEWHERE, "province", "county"): "入校 入省 出校 出县 出市",
    (ELSEWHERE, "province", "city"): "入校 入省 出校 出市",
}
ACROSS_CITIES_SENIOR_HIGH = {
    (ACROSS, "county", "county"): "入校 入县 入市 出校 出县 出市",
    (ACROSS, "county", "city"): "入校 入县 入市 出校 出市",
    (ACROSS, "city", "county"): "入校 入市 出校 出县 出市",
    (ACROSS, "city", "city"): "入校 入市 出校 出市",
}
V2_COMPULSORY = ONE_AUTHORITY | {
    (("same_city", "cross_city"), "county", "county"): "入校 入县 出校 出县",
    (ELSEWHERE, "county", "city"): "入校 入县 出校 出市",
    (ELSEWHERE, "city", "county"): "入校 入市 出校 出县",
    (ACROSS, "city", "city"): "入校 入市 出校 出市",
    (ELSEWHERE, "county", "province"): "入校 入县 出校 出省",
    (ELSEWHERE, "city", "province"): "入校 入市 出校 出省",
    (ELSEWHERE, "province", "county"): "入校 入省 出校 出县",
    (ELSEWHERE, "province", "city"): "入校 入省 出校 出市",
}
V3_V4_SENIOR_HIGH = ONE_AUTHORITY | PROVINCE_RUN_SENIOR_HIGH | ACROSS_CITIES_SENIOR_HIGH | {
    (("same_city",), "county", "county"): "入校 入县 出校 出县 入市",
    (APART, "county", "city"): "入校 入县 出校 入市",
    (APART, "city", "county"): "入校 出校 出县 入市",
}  # fmt: skip
V3_V4_GUANGDONG_SENIOR_HIGH = ONE_AUTHORITY | PROVINCE_RUN_SENIOR_HIGH | ACROSS_CITIES_SENIOR_HIGH | {
    (("same_city",), "county", "county"): "入校 入县 入市 出校 出县 出市",
    (APART, "county", "city"): "入校 入县 入市 出校 出市",
    (APART, "city", "county"): "入校 入市 出校 出县 出市",
}  # fmt: skip
V8_VOCATIONAL = {
    (SAME, "county", "county"): "出校 入校 入县",
    (SAME, "city", "city"): "出校 入校 入市",
    (SAME, "province", "province"): "出校 入校 入省",
    (("same_city",), "county", "county"): "出校 入校 出县 入县",
    (APART, "county", "city"): "出校 入校 出市 入县",
    (APART, "city", "county"): "出校 入校 出县 入市",
    (APART, "county", "province"): "出校 入校 出省 入县",
    (APART, "city", "province"): "出校 入校 出省 入市",
    (APART, "province", "county"): "出校 入校 出县 入省",
    (APART, "province", "city"): "出校 入校 出市 入省",
    (ACROSS, "county", "county"): "出校 入校 出县 入县 (出市) (入市)",
    (ACROSS, "county", "city"): "出校 入校 出市 入县 (入市)",
    (ACROSS, "city", "county"): "出校 入校 出县 入市 (出市)",
    (ACROSS, "city", "city"): "出校 入校 出市 入市",
    (ACROSS, "county", "province"): "出校 入校 出省 入县 (入市)",
    (ACROSS, "city", "province"): "出校 入校 出省 入市",
    (ACROSS, "province", "county"): "出校 入校 出县 入省 (出市)",
    (ACROSS, "province", "city"): "出校 入校 出市 入省",
}
V6_FUJIAN = {
    (distances, receiving, releasing): f"出校 入校 ({filed})"
    for receiving, filed in {"county": "入县", "city": "入市", "province": "入省"}.items()
    for distances, releasing in product([ELSEWHERE, SAME], LEVELS)
}
# The city decides, on each side where there are two; where there is none, the province.
V9_BETWEEN_STAGES = {
    (SAME, "county", "county"): "出校 入校 入县 入市",
    (SAME, "city", "city"): "出校 入校 入市",
    (SAME, "province", "province"): "出校 入校 入省",
    (("same_city",), "county", "county"): "出校 入校 出县 入县 入市",
    (APART, "county", "city"): "出校 入校 入县 入市",
    (APART, "city", "county"): "出校 入校 出县 入市",
    (APART, "county", "province"): "出校 入校 出省 入县 入市",
    (APART, "city", "province"): "出校 入校 出省 入市",
    (APART, "province", "county"): "出校 入校 出县 出市 入省",
    (APART, "province", "city"): "出校 入校 出市 入省",
    (ACROSS, "county", "county"): "出校 入校 出县 出市 入县 入市",
    (ACROSS, "county", "city"): "出校 入校 出市 入县 入市",
    (ACROSS, "city", "county"): "出校 入校 出县 出市 入市",
    (ACROSS, "city", "city"): "出校 入校 出市 入市",
    (ACROSS, "county", "province"): "出校 入校 出省 入县 入市",
    (ACROSS, "city", "province"): "出校 入校 出省 入市",
    (ACROSS, "province", "county"): "出校 入校 出县 出市 入省",
    (ACROSS, "province", "city"): "出校 入校 出市 入省",
}
LAW = {
    ("k12-national-2013", "compulsory"): V2_COMPULSORY,
    ("k12-henan-comp", "compulsory"): V2_COMPULSORY,
    ("k12-guangdong", "compulsory"): V2_COMPULSORY,
    ("k12-xj-corps", "compulsory"): V2_COMPULSORY,
    ("k12-national-2013", "senior_high"): V3_V4_SENIOR_HIGH,
    ("k12-henan-hs", "senior_high"): V3_V4_SENIOR_HIGH,
    ("k12-guangdong", "senior_high"): V3_V4_GUANGDONG_SENIOR_HIGH,
    ("voc-national-2010", "vocational"): V8_VOCATIONAL,
    ("voc-fujian", "vocational"): V6_FUJIAN,
    ("voc-henan-2022", "vocational", "k12-henan-hs", "senior_high"): V9_BETWEEN_STAGES,
    ("k12-national-2013", "senior_high", "voc-fujian", "vocational"): V9_BETWEEN_STAGES,
}


def can_be(distance, receiving, releasing):
    """One authority is of one level; two authorities of one level are of two counties, of two cities."""
    if receiving != releasing:
        return distance != "same_authority"
    return distance == "same_authority" or (distance, receiving) in TWO_OF_ONE_LEVEL


TWO_OF_ONE_LEVEL = {("same_city", "county"), ("cross_city", "county"), ("cross_city", "city")}
PAIRS = [pair for pair in product(SAME + ELSEWHERE, LEVELS, LEVELS) if can_be(*pair)]
CASES = {
    (*kind, distance, receiving, releasing): chain
    for kind, chains in LAW.items()
    for (distances, receiving, releasing), chain in chains.items()
    for distance in distances
    if can_be(distance, receiving, releasing)
}


def the_transfer(pack, stage, *case):
    """Return a transfer of the law: between two schools of a pack, or from one of another pack and stage."""
    *other, distance, receiving, releasing = case
    from_there = dict(zip(("releasing_pack", "releasing_stage"), other, strict=True)) if other else {}
    return a_transfer(pack, stage, distance, receiving, releasing, **from_there)


@pytest.mark.parametrize(
    ("distance", "authorities", "cities", "expected"),
    [
        ("same_authority", ("county", "county"), (False, False), "出校 入校 入县 入省"),
        ("same_county", ("county", "province"), (False, True), "出校 入校 入县 入省"),
        ("cross_city", ("county", "county"), (False, True), "出校 入校 出县 出市 入县 入省"),
        ("cross_city", ("county", "county"), (True, False), "出校 入校 出县 出省 入县 入市"),
        ("cross_city", ("county", "county"), (False, False), "出校 入校 出县 入县 入省"),
    ],
)
def test_between_stages_the_province_decides_where_there_is_no_city(distance, authorities, cities, expected):
    case = a_transfer(
        "voc-national-2010", "vocational", distance, *authorities,
        releasing_pack="k12-national-2013", releasing_stage="senior_high",
        receiving_city=cities[0], releasing_city=cities[1],
    )  # fmt: skip
    assert chain(*case) == expected


def test_the_chains_are_written_for_every_pair_of_schools():
    assert set(CASES) == {(*kind, *pair) for kind in LAW for pair in PAIRS}


@pytest.mark.parametrize(("case", "expected"), CASES.items(), ids=" ".join)
def test_every_pair_of_schools_takes_exactly_the_steps_of_the_law(case, expected):
    assert chain(*the_transfer(*case)) == expected


def test_every_row_of_the_levels_within_a_province_serves_some_pair_of_schools():
    table = TABLES["transfer_levels"]
    serving = {hit.rule_id for case in CASES for hit in table.hits(the_transfer(*case)[1])}
    assert serving == {rule.id for rule in table.rules if not rule.id.startswith("cross_province")}


def steps(definition, facts):
    return [(step.seat, *step.roles) for step in acting(definition, facts)]


def test_t09_two_schools_of_one_county_need_one_authority_step():
    case = a_transfer("k12-national-2013", "compulsory", "same_authority", "county", "county")
    assert steps(*case) == [
        ("转入学校", "registrar"),
        ("转入学校", "lead"),
        ("转出学校", "registrar"),
        ("转出学校", "lead"),
        ("转入县级", "handler"),
    ]


def test_t18_two_city_run_schools_need_no_county_step():
    case = a_transfer("k12-henan-hs", "senior_high", "same_authority", "city", "city")
    assert steps(*case)[-1] == ("转入市级", "handler")
    assert not {seat for seat, _ in steps(*case)} & {"转入县级", "转出县级"}


def test_t19_a_province_run_vocational_school_answers_to_the_province():
    case = a_transfer("voc-national-2010", "vocational", "cross_city", "province", "county")
    assert steps(*case)[-2:] == [("转入省级", "approver"), ("转出市级", "handler")]


@pytest.mark.parametrize(
    ("receiving_city", "releasing_city", "expected"),
    [
        (False, True, "入校 入县 出校 出县 出市"),
        (True, False, "入校 入县 入市 出校 出县"),
        (False, False, "入校 入县 出校 出县"),
    ],
)
def test_t20_a_province_governed_county_has_no_city_step(receiving_city, releasing_city, expected):
    case = a_transfer(
        "k12-henan-hs", "senior_high", "cross_city", "county", "county",
        receiving_city=receiving_city, releasing_city=releasing_city,
    )  # fmt: skip
    assert chain(*case) == expected


def test_two_districts_of_a_municipality_have_no_city_step():
    case = a_transfer(
        "k12-national-2013",
        "senior_high",
        "same_city",
        "county",
        "county",
        receiving_city=False,
        releasing_city=False,
    )
    assert chain(*case) == "入校 入县 出校 出县"


def test_a_seat_that_does_not_exist_is_told_apart_from_a_step_that_is_not_needed():
    definition, facts = a_transfer("k12-national-2013", "compulsory", "cross_city", "county", "city")
    skipped = {one.step.id: one.skipped for one in preview(definition, facts) if one.skipped}
    assert skipped["releasing_authorities/out_county"] == "no_seat"
    assert skipped["receiving_authorities/in_city"] == "skip_when"


def test_t05_a_fujian_transfer_ends_with_the_second_school_and_files_beside_it():
    definition, facts = a_transfer("voc-fujian", "vocational", "cross_city", "county", "county")
    advance = start(definition, facts)
    advance = complete(definition, advance.state, "out_lead:1", "approve", facts)
    assert open_tasks(definition, advance.state) == ("in_lead:1",)
    advance = complete(definition, advance.state, "in_lead:1", "approve", facts)
    assert advance.ended
    assert [(task.step.seat, task.step.blocking) for task in advance.opened] == [("转入县级", False)]


def limits(definition, facts):
    return {one.due for one in preview(definition, facts) if not one.skipped}


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_every_step_has_ten_working_days_and_five_within_the_xinjiang_corps(case):
    assert limits(*the_transfer(*case)) == {5 if case[0] == XJ_CORPS else 10}


@pytest.mark.parametrize(("receiving", "releasing"), [(XJ_CORPS, NATIONAL), (NATIONAL, XJ_CORPS)])
def test_a_school_outside_the_corps_has_its_own_ten_working_days_and_so_has_the_other(receiving, releasing):
    schools = ("compulsory", "cross_city", "county", "county")
    assert limits(*a_transfer(receiving, *schools, releasing_pack=releasing)) == {10}


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
class TestEveryShippedDiagram:
    def test_asks_only_seats_and_roles_of_the_field(self, definition):
        assert {step.seat for step in definition.steps.values()} <= set(Seat)
        assert {role for step in definition.steps.values() for role in step.roles} <= set(Role)

    def test_says_why_each_step_is_there(self, definition):
        assert not [step.id for step in definition.steps.values() if "依据：" not in step.documentation]

    def test_has_two_people_of_a_school_look_where_the_registrar_checks_first(self, definition):
        leads = [step for step in definition.steps if step.removesuffix("lead") in ("", "in_", "out_")]
        assert leads
        for lead in leads:
            checked = {lead.replace("lead", "registrar")} & set(definition.steps)
            assert set(definition.steps[lead].separate_from) == checked

    def test_asks_in_each_office_the_roles_that_it_has(self, definition):
        bureau = {"县级": {"handler"}, "市级": {"handler", "chief", "deputy"}, "省级": {"approver"}}
        bureau |= {"招生考试院": {"handler"}}
        roles = {"学校": {"registrar", "lead", "principal"}} | bureau
        roles[""] = {Role.COUNTERPART}  # 外省
        offices = {seat: seat.removeprefix("转入").removeprefix("转出") for seat in Seat} | {Seat.OUTSIDE: ""}
        assert all(roles[offices[step.seat]].issuperset(step.roles) for step in definition.steps.values())
