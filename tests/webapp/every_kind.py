"""A wish for every kind of change, by somebody of whose record it can be wished, and handed in with all its papers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from models import ChangeRequest
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
    Role,
    StudyForm,
    SuspensionReason,
    WithdrawalReason,
)
from tests.webapp.road import Road, fill_seats
from webapp import clock
from webapp.policy import Person
from webapp.services.cases.applications import submit
from webapp.services.changes.change import ChangeForm
from webapp.services.changes.eligibility import wanted_papers
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

FORMS: Mapping[ChangeKind, ChangeForm] = {
    ChangeKind.SUSPENSION: SuspensionForm(
        SuspensionReason.ILLNESS, date(2025, 9, 15), date(2026, 3, 14), ProofOfHospital.COUNTY
    ),
    ChangeKind.READMISSION: ReadmissionForm(date(2025, 9, 12), 1, ProofOfHospital.COUNTY),
    ChangeKind.WITHDRAWAL: WithdrawalForm(WithdrawalReason.VOLUNTARY),
    ChangeKind.KEY_DATA: KeyDataForm(name="林小禾"),
    ChangeKind.MAJOR: MajorForm("710201", "计算机应用", MajorReason.TALENT),
    ChangeKind.STUDY_FORM: StudyFormForm(StudyForm.PART_TIME),
    ChangeKind.DEPARTURE: DepartureForm(DepartureReason.ABROAD, "新加坡"),
    ChangeKind.REGISTRATION: RegistrationForm(date(2025, 9, 1)),
    ChangeKind.RESERVATION: ReservationForm(ProofOfHospital.COUNTY),
    ChangeKind.ADMISSION_END: AdmissionEndForm(AdmissionEndReason.ABANDONED),
    ChangeKind.SKIP_GRADE: SkipGradeForm(2),
    ChangeKind.EXPULSION: ExpulsionForm(
        "多次严重违反校规",
        heard_on=date(2025, 8, 1),
        how_heard=HowHeard.MEETING,
        decided_on=date(2025, 8, 4),
        served_on=date(2025, 8, 5),
        how_served=HowTold.SIGNED,
        guardian_present=True,
        told_of_appeal=True,
    ),
    ChangeKind.CANCELLATION: CancellationForm(
        CancellationReason.IRREGULAR_ENTRY, date(2025, 9, 1), date(2025, 9, 4), HowHeard.MEETING
    ),
    ChangeKind.DUPLICATE_DIPLOMA: DuplicateDiplomaForm(Newspaper.COUNTY),
    ChangeKind.PLACEMENT: PlacementForm("第一拖拉机厂", "洛阳市", date(2025, 10, 8), date(2026, 1, 20)),
}
BY_SCHOOL_ALONE = (
    ChangeKind.REGISTRATION,
    ChangeKind.EXPULSION,
    ChangeKind.CANCELLATION,
    ChangeKind.PLACEMENT,
)
# The rules under which it is served, where not under all.
UNDER = {ChangeKind.DUPLICATE_DIPLOMA: "voc-fujian", ChangeKind.PLACEMENT: "voc-shiyan-2015"}
NEW = {ChangeKind.REGISTRATION, ChangeKind.RESERVATION, ChangeKind.ADMISSION_END}


def wished(road: Road, kind: ChangeKind) -> Road:
    """Let this kind of change be wanted, of a record for which there is one, at the releasing school."""
    session, student = road.session, road.student
    if kind == ChangeKind.READMISSION:
        student.state = RegistryState.SUSPENDED
        makers.a_spell(session, student, SuspensionReason.ILLNESS, date(2024, 9, 12), date(2025, 9, 11))
    if kind in NEW:
        student.state, student.registry_number, student.number_kind = RegistryState.ADMITTED, None, None
    if kind in {ChangeKind.MAJOR, *NEW}:
        student.enrolments[-1].started_on = student.enrolments[-1].entered_on = date(2025, 9, 1)
    under_its_rules(road, kind)
    wish = replace(road, form=FORMS[kind])
    fill_seats(wish)
    session.commit()
    return wish


def handed_in(wish: Road) -> ChangeRequest:
    """Apply with all papers that are wanted, by the family if it may."""
    change = planned(wish.session, wish.student.id, wish.form, clock.today())
    by = registrar_of(wish) if change.kind in BY_SCHOOL_ALONE else wish.guardian
    draft = wish.draft(*[paper.kind for paper in wanted_papers(change)], by=by)
    return submit(wish.session, by, draft.id)


def under_its_rules(road: Road, kind: ChangeKind) -> None:
    """Let school and student be such that this kind can be begun."""
    road.releasing.rule_pack = UNDER.get(kind)
    if kind == ChangeKind.DUPLICATE_DIPLOMA:
        graduated(road)
    road.session.commit()


def graduated(road: Road) -> None:
    road.student.state = RegistryState.GRADUATED
    last = road.student.enrolments[-1]
    last.ended_on, last.ended_as = date(2025, 7, 1), RegistryState.GRADUATED


def registrar_of(road: Road) -> Person:
    return road.officers[road.releasing.id, Role.REGISTRAR]
