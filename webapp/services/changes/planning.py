"""The kinds of registry change that there are, and a change of any of them: planned, of a case, and carried out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment
from models.enums import ChangeKind, RegistryState, Stage
from webapp import clock
from webapp.services.changes.change import (
    GOVERNING_PROCESS,
    Change,
    ChangeForm,
    in_force,
    last_enrolment,
)
from webapp.services.changes.eligibility import with_exception
from webapp.services.changes.kinds import (
    admission_end,
    cancellation,
    departure,
    duplicate_diploma,
    expulsion,
    key_data,
    major,
    placement,
    readmission,
    registration,
    reservation,
    skip_grade,
    study_form,
    suspension,
    transfer,
    transfer_record,
    withdrawal,
)
from webapp.services.changes.kinds.one_sided import who_begins
from webapp.services.registry.identities import cipher_of
from webapp.services.registry.record import Record, RecordChange
from workflows.definition import Definition
from workflows.values import Value

NOT_YET_REGISTERED = frozenset({RegistryState.ADMITTED, RegistryState.RESERVED})
ADMITTED = frozenset({RegistryState.ADMITTED})
IN_SCHOOL = frozenset({RegistryState.ENROLLED})
ON_THE_ROLL = frozenset({RegistryState.ENROLLED, RegistryState.SUSPENDED})
SUSPENDED = frozenset({RegistryState.SUSPENDED})
GRADUATED = frozenset({RegistryState.GRADUATED})
VOCATIONAL = frozenset({Stage.VOCATIONAL})
AFTER_COMPULSORY = frozenset(Stage) - {
    Stage.COMPULSORY
}  # W-P9, H7: in compulsory education nobody withdraws or is expelled


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of change has of its own: its form and what most fill in, how it is planned, its effect.

    `offered_in` are the states of a record in which it is offered, `offered_at` the stages of schools; what stands
    against it, its rules say.
    """

    form: type[ChangeForm]
    prefilled: Callable[[Session, Enrolment, date], dict[str, Any]]
    plan: Callable[[Session, Enrolment, Any, date], Change]
    effect: Callable[[Session, Record, Definition, Mapping[str, Value], date], RecordChange]
    offered_in: frozenset[RegistryState]
    offered_at: frozenset[Stage] = frozenset(Stage)


KINDS: Mapping[ChangeKind, Kind] = {
    ChangeKind.TRANSFER: Kind(
        transfer.TransferForm, transfer.prefilled, transfer.plan, transfer_record.effect, IN_SCHOOL
    ),
    ChangeKind.SUSPENSION: Kind(
        suspension.SuspensionForm,
        suspension.prefilled,
        suspension.SuspensionChange.plan,
        suspension.effect,
        ON_THE_ROLL,
    ),
    ChangeKind.READMISSION: Kind(
        readmission.ReadmissionForm,
        readmission.prefilled,
        readmission.plan,
        readmission.effect,
        SUSPENDED,
    ),
    ChangeKind.WITHDRAWAL: Kind(
        withdrawal.WithdrawalForm,
        withdrawal.prefilled,
        withdrawal.plan,
        withdrawal.effect,
        ON_THE_ROLL,
        AFTER_COMPULSORY,
    ),
    ChangeKind.KEY_DATA: Kind(
        key_data.KeyDataForm,
        key_data.prefilled,
        key_data.KeyDataChange.plan,
        key_data.effect,
        ON_THE_ROLL,
    ),
    ChangeKind.MAJOR: Kind(
        major.MajorForm, major.prefilled, major.MajorChange.plan, major.effect, IN_SCHOOL, VOCATIONAL
    ),
    ChangeKind.DEPARTURE: Kind(
        departure.DepartureForm, departure.prefilled, departure.Departure.plan, departure.effect, ON_THE_ROLL
    ),
    ChangeKind.REGISTRATION: Kind(
        registration.RegistrationForm,
        registration.prefilled,
        registration.Registration.plan,
        registration.effect,
        NOT_YET_REGISTERED,
    ),
    ChangeKind.RESERVATION: Kind(
        reservation.ReservationForm,
        reservation.prefilled,
        reservation.ReservedAdmission.plan,
        reservation.effect,
        ADMITTED,
        AFTER_COMPULSORY,
    ),
    ChangeKind.ADMISSION_END: Kind(
        admission_end.AdmissionEndForm,
        admission_end.prefilled,
        admission_end.AdmissionEnd.plan,
        admission_end.effect,
        NOT_YET_REGISTERED,
        AFTER_COMPULSORY,
    ),
    ChangeKind.EXPULSION: Kind(
        expulsion.ExpulsionForm,
        expulsion.prefilled,
        expulsion.Expulsion.plan,
        expulsion.effect,
        IN_SCHOOL,
        AFTER_COMPULSORY,
    ),
    ChangeKind.CANCELLATION: Kind(
        cancellation.CancellationForm,
        cancellation.prefilled,
        cancellation.Cancellation.plan,
        cancellation.effect,
        ON_THE_ROLL,
    ),
    ChangeKind.SKIP_GRADE: Kind(
        skip_grade.SkipGradeForm,
        skip_grade.prefilled,
        skip_grade.SkippedGrade.plan,
        skip_grade.effect,
        IN_SCHOOL,
    ),
    ChangeKind.STUDY_FORM: Kind(
        study_form.StudyFormForm,
        study_form.prefilled,
        study_form.StudyFormChange.plan,
        study_form.effect,
        IN_SCHOOL,
        VOCATIONAL,
    ),
    ChangeKind.DUPLICATE_DIPLOMA: Kind(
        duplicate_diploma.DuplicateDiplomaForm,
        duplicate_diploma.prefilled,
        duplicate_diploma.DuplicateDiploma.plan,
        duplicate_diploma.effect,
        GRADUATED,
        VOCATIONAL,
    ),
    ChangeKind.PLACEMENT: Kind(
        placement.PlacementForm,
        placement.prefilled,
        placement.WorkPlacement.plan,
        placement.effect,
        IN_SCHOOL,
        VOCATIONAL,
    ),
}

# What graduates apply for; of all others drafts are forgotten when they leave.
OF_GRADUATES = frozenset(kind for kind, own in KINDS.items() if not own.offered_in.isdisjoint(GRADUATED))


def planned(session: Session, student_id: int, form: ChangeForm, on: date) -> Change:
    """Return the change that is wanted for a student on the day `on`.

    Raises NoSuchStudent, ChangeNotGoverned if no diagram is in force for it, and what its kind's `plan` does.
    """
    change = KINDS[form.kind].plan(session, last_enrolment(session, student_id), form, on)
    return with_exception(session, change)


def filled_in(session: Session, kind: ChangeKind, answers: Mapping[str, Any]) -> ChangeForm:
    """Return the form of a kind as it was filled in, with its answers in clear."""
    return KINDS[kind].form.filled_in(answers, cipher_of(session))


def reasons_for(session: Session, kind: ChangeKind, *, by_school: bool) -> Callable[[str | None], bool]:
    """Return whether a reason, or none, is one on which the school, or else the family, may begin such a change."""
    _, governing = in_force(session, GOVERNING_PROCESS)
    others = "family" if by_school else "school"
    return lambda reason: who_begins(governing.decisions, kind, reason) != others


def form_of(case: ChangeRequest) -> ChangeForm:
    """Return the form as a case keeps it."""
    return KINDS[case.kind].form.of_case(case)


def change_of_case(session: Session, case: ChangeRequest) -> Change:
    """Return the change of a case as things stand today; once submitted, its windows are those of that day.

    Raises what `planned` does.
    """
    change = planned(session, case.student_id, form_of(case), clock.today())
    return replace(change, on=clock.day_of(case.submitted_at)) if case.submitted_at else change


def effect_of(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """Return what an approved case changes on a day; ForbiddenTransition where the law has no such way."""
    return KINDS[ChangeKind(record.kind)].effect(session, record, definition, facts, on)
