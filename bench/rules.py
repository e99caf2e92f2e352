"""The CPU time in which the conditions of each kind of change are asked, beside as many plain comparisons.

`<kind>_ms`: the tables, as for an application that little stands against; its floor compares two strings as often as
these tables have cells. `<kind>_whole_ms`: the record read from the database besides, and the facts computed.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from time import process_time

from sqlalchemy.orm import Session

from bench.rounds import Figures, figure, in_turn, merged, ratio
from bench.site import own_site
from models import Student
from models.enums import (
    AdmissionEndReason,
    CancellationReason,
    ChangeKind,
    DepartureReason,
    HowHeard,
    HowTold,
    MajorReason,
    Newspaper,
    ProofOfHospital,
    RegistryState,
    Stage,
    StudyForm,
    SuspensionReason,
    TransferReason,
    WithdrawalReason,
)
from webapp import clock
from webapp.services.changes.change import Change, ChangeForm
from webapp.services.changes.eligibility import failed_rules, rules_met, tables_of
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
from webapp.services.changes.kinds.transfer import TransferForm
from webapp.services.changes.kinds.withdrawal import WithdrawalForm
from webapp.services.changes.planning import planned
from webapp.services.demo import makers

COUNTY, OTHER_COUNTY = "410325", "410323"
HALF_A_YEAR = timedelta(days=180)


def measure(*, rounds: int = 20, seconds: float = 0.1) -> Figures:
    """Return milliseconds of CPU for one application of each kind, alone and whole, and the first over its floor."""
    with own_site() as site, site.session() as session:
        changes = _changes(session)
        sides: dict[str, Callable[[float], float]] = {}
        for kind, change in changes.items():
            facts = change.rule_facts(session, "application", None)
            sides[f"{kind}"] = partial(_milliseconds, partial(rules_met, change, facts))
            sides[f"{kind}_floor"] = partial(_milliseconds, partial(_compare, _cells(change)))
            sides[f"{kind}_whole"] = partial(_milliseconds, partial(failed_rules, session, change))
        times = in_turn(sides, rounds=rounds, seconds=seconds)
    return merged(
        *(figure(f"{kind}_ms", times[kind]) for kind in changes),
        *(figure(f"{kind}_whole_ms", times[f"{kind}_whole"]) for kind in changes),
        *(ratio(f"{kind}_over_floor", times[kind], times[f"{kind}_floor"]) for kind in changes),
    )


def _milliseconds(do: Callable[[], object], seconds: float) -> float:
    """Do it again and again for so many seconds of CPU; return what it takes once."""
    times, begin = 0, process_time()
    while (spent := process_time() - begin) < seconds:
        do()
        times += 1
    return spent / times * 1000


def _compare(cells: int) -> int:
    return sum(1 for word in ("application",) * cells if word == "applied")


def _cells(change: Change) -> int:
    return len(change.sides) * sum(len(rule.cells) for table in tables_of(change) for rule in table.rules)


def _pupil_under(session: Session, pack: str) -> Student:
    school = makers.a_school(session, COUNTY, Stage.VOCATIONAL)
    school.rule_pack = pack
    return makers.a_student(session, school, grade=1, entered=date(clock.today().year - 1, 9, 1))


def _changes(session: Session) -> Mapping[ChangeKind, Change]:
    today = clock.today()
    makers.a_term(session, today - timedelta(days=6), today + HALF_A_YEAR)
    here, there = (makers.a_school(session, place, Stage.VOCATIONAL) for place in (COUNTY, OTHER_COUNTY))
    entered = date(today.year - 1, 9, 1)
    present = makers.a_student(session, here, grade=1, entered=entered)
    away = makers.a_student(session, here, grade=1, entered=entered, state=RegistryState.SUSPENDED)
    graduate, trainee = (_pupil_under(session, pack) for pack in ("voc-fujian", "voc-shiyan-2015"))
    makers.a_spell(session, away, SuspensionReason.ILLNESS, today - HALF_A_YEAR, today - timedelta(days=1))
    new = makers.a_student(session, here, grade=1, entered=today, state=RegistryState.ADMITTED)
    session.commit()
    wanted: tuple[tuple[Student, ChangeForm], ...] = (
        (present, TransferForm(there.id, 1, TransferReason.HOUSEHOLD_MOVE)),
        (
            present,
            SuspensionForm(SuspensionReason.ILLNESS, today, today + HALF_A_YEAR, ProofOfHospital.COUNTY),
        ),
        (away, ReadmissionForm(today, 1, ProofOfHospital.COUNTY)),
        (present, WithdrawalForm(WithdrawalReason.VOLUNTARY)),
        (present, KeyDataForm(name="林小禾")),
        (present, MajorForm("710201", "计算机应用", MajorReason.TALENT)),
        (present, DepartureForm(DepartureReason.ABROAD, "新加坡")),
        (present, ExpulsionForm("打架", today, HowHeard.MEETING, today, today, HowTold.SIGNED)),
        (present, CancellationForm(CancellationReason.FALSE_PAPERS, today, today, HowHeard.MEETING)),
        (present, StudyFormForm(StudyForm.PART_TIME)),
        (present, SkipGradeForm(2)),
        (new, RegistrationForm(today)),
        (new, ReservationForm(ProofOfHospital.COUNTY)),
        (new, AdmissionEndForm(AdmissionEndReason.ABANDONED)),
        (graduate, DuplicateDiplomaForm(Newspaper.COUNTY)),
        (trainee, PlacementForm("第一拖拉机厂", "洛阳市", today + HALF_A_YEAR, today + 2 * HALF_A_YEAR)),
    )
    assert {form.kind for _, form in wanted} == set(ChangeKind), "a kind is not measured"
    return {form.kind: planned(session, student.id, form, today) for student, form in wanted}
