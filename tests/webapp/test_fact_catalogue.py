"""Every kind of change gives its tables and diagrams exactly the facts that are declared, and the page names them."""

from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from models import SemesterRecord, Term
from models.enums import (
    AdmissionEndReason,
    Appeal,
    CancellationReason,
    ChangeKind,
    DepartureReason,
    HowHeard,
    HowTold,
    MajorReason,
    Newspaper,
    OverlayKind,
    ProofOfHospital,
    RegistryState,
    Sex,
    Stage,
    StudyForm,
    SuspensionReason,
    WithdrawalReason,
)
from tests.webapp.road import a_road
from tests.workflows.shipped_tables import DEFINITIONS, TABLES
from webapp import clock
from webapp.commands.rules_facts import facts as facts_command
from webapp.services.changes.fact_catalogue import (
    CASE_AT_ONE_SCHOOL,
    CASE_OF_A_TRANSFER,
    ONE_SIDED,
    RECORD,
    SIDE,
)
from webapp.services.changes.facts import open_business
from webapp.services.changes.kind_facts import APPLICATIONS, conditions_of, every_group, papers_of
from webapp.services.changes.kinds.admission_end import AdmissionEndForm
from webapp.services.changes.kinds.cancellation import CancellationForm
from webapp.services.changes.kinds.departure import DepartureForm
from webapp.services.changes.kinds.duplicate_diploma import DuplicateDiplomaForm
from webapp.services.changes.kinds.expulsion import ExpulsionForm
from webapp.services.changes.kinds.key_data import KeyDataForm
from webapp.services.changes.kinds.major import MajorForm
from webapp.services.changes.kinds.placement import PlacementForm
from webapp.services.changes.kinds.readmission import ReadmissionForm
from webapp.services.changes.kinds.registration import RegistrationForm
from webapp.services.changes.kinds.reservation import ReservationForm
from webapp.services.changes.kinds.skip_grade import SkipGradeForm
from webapp.services.changes.kinds.study_form import StudyFormForm
from webapp.services.changes.kinds.suspension import SuspensionForm
from webapp.services.changes.kinds.withdrawal import WithdrawalForm
from webapp.services.changes.planning import planned
from webapp.services.demo import makers
from webapp.services.process_check.one_sided_words import one_sided_words
from webapp.services.process_check.transfer_words import transfer_words
from workflows.check import Asked, Fact
from workflows.values import ValueType, type_of

pytestmark = pytest.mark.slow

TODAY = date(2025, 9, 10)
IN_SPRING = date(2026, 2, 28)
ILL, MILITARY = SuspensionReason.ILLNESS, SuspensionReason.MILITARY


def suspended(road):
    makers.a_spell(road.session, road.student, ILL, date(2025, 3, 1), IN_SPRING)
    road.student.state = RegistryState.SUSPENDED
    road.session.commit()
    return road


def admitted(road):
    road.student.state = RegistryState.ADMITTED
    road.session.commit()
    return road


def with_a_problem(road):
    makers.an_overlay(road.session, road.student, OverlayKind.PROBLEM)
    makers.some_places(road.session, road.receiving, 3, 40)
    road.session.commit()
    return road


def applied(road):
    road.applied()
    return road


def with_results(road):
    term = road.session.scalars(select(Term).order_by(Term.opens_on)).first()
    road.student.enrolments[-1].entered_on = term.opens_on
    road.session.add(SemesterRecord(student_id=road.student.id, term_id=term.id, passed=True))
    road.session.commit()
    return road


def under(road, pack):
    road.releasing.rule_pack = pack
    road.session.commit()
    return road


def wanting(road, form):
    return replace(road, form=form)


# Changes that differ in what is known of them: terms, places, spells, what was filled in.
CHANGES = {
    "a transfer": a_road,
    "a transfer of one with a problem record": lambda session: with_a_problem(a_road(session)),
    "a transfer while another is open": lambda session: applied(a_road(session)),
    "a transfer to another province": lambda session: a_road(
        session, receiving_in="350203", stage=Stage.VOCATIONAL, grade=1
    ),
    "a suspension": lambda session: wanting(
        a_road(session), SuspensionForm(ILL, TODAY, IN_SPRING, rest_months=3, hours_missed=200)
    ),
    "military service": lambda session: wanting(a_road(session), SuspensionForm(MILITARY, TODAY, IN_SPRING)),
    "a renewal": lambda session: wanting(
        suspended(a_road(session)), SuspensionForm(ILL, date(2026, 3, 1), date(2026, 8, 31))
    ),
    "a readmission": lambda session: wanting(
        suspended(a_road(session)), ReadmissionForm(date(2026, 3, 1), 3)
    ),
    "a withdrawal": lambda session: wanting(
        a_road(session, stage=Stage.VOCATIONAL, grade=1),
        WithdrawalForm(WithdrawalReason.ABSENCE, absent_since=TODAY),
    ),
    "a withdrawal of one who is suspended": lambda session: wanting(
        suspended(a_road(session)), WithdrawalForm(WithdrawalReason.VOLUNTARY)
    ),
    "a correction": lambda session: wanting(a_road(session), KeyDataForm(name="林小禾")),
    "a correction of one who has no number": lambda session: wanting(
        a_road(session), KeyDataForm(sex=Sex.MALE, birth_date=date(2014, 5, 7))
    ),
    "a departure": lambda session: wanting(a_road(session), DepartureForm(DepartureReason.ABROAD, "新加坡")),
    "an expulsion": lambda session: wanting(
        a_road(session, stage=Stage.VOCATIONAL, grade=1),
        ExpulsionForm(
            "打架",
            heard_on=date(2025, 8, 1),
            how_heard=HowHeard.MEETING,
            decided_on=date(2025, 8, 4),
            served_on=date(2025, 8, 5),
            how_served=HowTold.SIGNED,
            appeal=Appeal.UPHELD,
            reexamined_on=date(2025, 8, 20),
        ),
    ),
    "a cancellation": lambda session: wanting(
        a_road(session),
        CancellationForm(
            CancellationReason.DOUBLE_REGISTRY, date(2025, 8, 1), date(2025, 8, 4), HowHeard.WAIVED
        ),
    ),
    "a skipped grade of one with results": lambda session: wanting(
        with_results(a_road(session)), SkipGradeForm(4)
    ),
    "a proof of graduation": lambda session: wanting(
        under(a_road(session, stage=Stage.VOCATIONAL, grade=1), "voc-fujian"),
        DuplicateDiplomaForm(Newspaper.COUNTY),
    ),
    "a placement": lambda session: wanting(
        under(a_road(session, stage=Stage.VOCATIONAL, grade=1), "voc-shiyan-2015"),
        PlacementForm("第一拖拉机厂", "洛阳市", date(2025, 10, 8), IN_SPRING),
    ),
    "another major": lambda session: wanting(
        a_road(session, stage=Stage.VOCATIONAL, grade=1),
        MajorForm("710201", "计算机应用", MajorReason.TALENT),
    ),
    "another form of study": lambda session: wanting(
        a_road(session, stage=Stage.VOCATIONAL, grade=1), StudyFormForm(StudyForm.PART_TIME)
    ),
    "a skipped grade": lambda session: wanting(
        a_road(session, stage=Stage.VOCATIONAL, grade=1), SkipGradeForm(2)
    ),
    "a registration": lambda session: wanting(
        admitted(a_road(session, stage=Stage.VOCATIONAL, grade=1)), RegistrationForm(date(2025, 9, 1))
    ),
    "a reserved admission": lambda session: wanting(
        admitted(a_road(session, stage=Stage.VOCATIONAL, grade=1)), ReservationForm(ProofOfHospital.COUNTY)
    ),
    "the end of an admission": lambda session: wanting(
        admitted(a_road(session, stage=Stage.VOCATIONAL, grade=1)),
        AdmissionEndForm(AdmissionEndReason.ABANDONED),
    ),
    "a readmission of one who was never away": lambda session: wanting(
        a_road(session), ReadmissionForm(TODAY, 3)
    ),
}


@pytest.fixture(params=CHANGES)
def change(session, request):
    road = CHANGES[request.param](session)
    return planned(session, road.student.id, road.form, clock.today())


def test_every_kind_is_among_them(session):
    assert {make(session).form.kind for make in CHANGES.values()} == {*ChangeKind}


def fits(fact: Fact, value: object) -> bool:
    """Whether a value is one that is declared."""
    if value is None:
        return fact.unknown
    parts = value if isinstance(value, tuple) else (value,)
    return type_of(value) is fact.type and (not fact.words or set(parts) <= fact.words)


def misfits(declared, given):
    return {name: value for name, value in given.items() if not fits(declared[name], value)}


@pytest.mark.parametrize("moment", ["application", "receiving_school"])
def test_the_conditions_read_exactly_what_is_declared(session, change, moment):
    declared = RECORD.types | conditions_of(change.kind).types
    given = change.rule_facts(session, moment, open_business(session, change.student.id))
    assert given.keys() == declared.keys()
    assert misfits(declared, given) == {}


def test_where_no_term_is_on_record_its_facts_are_unknown(session, change):
    session.query(SemesterRecord).delete()  # of other tests
    session.query(Term).delete()
    given = change.rule_facts(session, "application", None)
    assert {name for name, value in given.items() if name in RECORD.facts and value is None} == {
        "semester", "months_into_term", "working_days_into_term", "working_days_to_term_end"
    }  # fmt: skip
    assert misfits(RECORD.types | conditions_of(change.kind).types, given) == {}
    session.rollback()


def test_the_papers_read_exactly_what_is_declared(change):
    declared = papers_of(change.kind).types
    assert change.paper_facts().keys() == declared.keys()
    assert misfits(declared, change.paper_facts()) == {}


def test_the_diagrams_read_exactly_what_is_declared(change):
    case = CASE_AT_ONE_SCHOOL if change.kind in ONE_SIDED else CASE_OF_A_TRANSFER
    assert change.facts().keys() == case.facts.keys()
    assert misfits(case.types, change.facts()) == {}


def test_the_side_that_is_asked_is_declared(change):
    assert set(change.sides) <= set(SIDE.facts["side"].fact.values)


def test_every_kind_is_declared_and_its_tables_read_nothing_else():
    assert list(APPLICATIONS) == list(ChangeKind)
    for kind in ChangeKind:
        asked = {**SIDE.facts, **RECORD.facts}
        assert TABLES[f"{kind}_eligibility"].names <= {*asked, *conditions_of(kind).facts}
        assert TABLES[f"{kind}_papers"].names <= {"packs", "side", *papers_of(kind).facts}


@pytest.mark.parametrize("words_of", [one_sided_words, transfer_words])
def test_the_check_knows_every_fact_as_it_is_declared(words_of):
    """It may only say more exactly which lists of packs and seats, names of packs and of provinces there are."""
    declared = {}
    for group in every_group():
        for name, fact in group.types.items():
            declared.setdefault(name, []).append(fact)
    words = words_of(TABLES, DEFINITIONS)
    closed_there = {"packs", "receiving_packs", "releasing_packs", "seats", "pack", "province"}
    for asked in [Asked(words.facts, {}), *words.asked.values()]:
        for name, fact in asked.facts.items():
            assert fact.type in {one.type for one in declared[name]}, name
            assert name in closed_there or fact in declared[name], name


def test_every_fact_says_what_it_means_and_where_it_is_from():
    for group in every_group():
        for name, described in group.facts.items():
            assert described.meaning, name
            assert described.source, name
            assert "|" not in described.meaning + described.source + described.unit, name
            assert not described.unit or described.fact.type is ValueType.NUMBER, name


def test_the_page_of_facts_is_what_the_command_prints():
    page = files("workflows").joinpath("rules/FACTS.md").read_text(encoding="utf-8")
    assert CliRunner().invoke(facts_command).stdout == page, "xueji rules facts > workflows/rules/FACTS.md"
