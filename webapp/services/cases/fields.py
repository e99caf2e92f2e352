"""What of an application was ticked is filled in anew (补正): kept as it is typed, and applied when it is handed in."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from models import ChangeRequest, Office, ReturnRequest
from models.enums import FormField, PaperKind
from webapp import clock, errors
from webapp.policy import Person, acts_for_applicant
from webapp.services.cases import history, returns
from webapp.services.cases.applications import locked_case_of
from webapp.services.cases.chain import Plain
from webapp.services.changes.change import ChangeForm
from webapp.services.changes.eligibility import wanted_papers
from webapp.services.changes.kinds.transfer import TransferForm, transfer_of
from webapp.services.changes.planning import form_of, planned
from webapp.services.people.looks import log_look


class NotAskedFor(errors.Refusal):
    """Only what was asked for can be corrected now. See the page of the case."""

    status = 409


def correct(
    session: Session, applicant: Person, case_id: int, values: Mapping[FormField, str | int | None]
) -> None:
    """Keep what an applicant has filled in anew of a case that was returned for it; commits.

    A school is given by its id, a reason by its code. Raises NoSuchCase, NotAskedFor, and what `planned` does of a
    school or a grade that cannot be.
    """
    case, _ = locked_case_of(session, applicant, case_id)
    request = returns.open_return_of(session, case.id)
    if request is None or not values.keys() <= set(request.fields):
        raise NotAskedFor
    request.corrected = {**request.corrected, **{field.value: value for field, value in values.items()}}
    planned(session, case.student_id, corrected_form(case, request), clock.today())
    session.commit()


def correction_of(session: Session, applicant: Person, case_id: int) -> tuple[ChangeRequest, ReturnRequest]:
    """Return a case to who may correct it, with what is asked for, and log the look; NoSuchCase or NotAskedFor."""
    case = session.get(ChangeRequest, case_id)
    if case is None or not acts_for_applicant(applicant, case):
        raise errors.NoSuchCase
    request = returns.open_return_of(session, case.id)
    if request is None or not request.fields:
        raise NotAskedFor
    log_look(session, applicant, "correction", student_id=case.student_id, case_id=case.id)
    return case, request


def years_of(session: Session, case: ChangeRequest, form: TransferForm) -> int:
    """Return how many years the course takes in which the student is to go on."""
    return transfer_of(session, case.student_id, form, clock.today()).schooling_years


def texts_of(session: Session, case: ChangeRequest, request: ReturnRequest) -> dict[str, str | int | None]:
    """Return what was filled in anew so far as people read it, by field."""
    form = corrected_form(case, request)
    return {field: _said(session, FormField(field), form) for field in request.corrected}


def begins_anew(case: ChangeRequest, request: ReturnRequest) -> bool:
    """Whether the case will begin anew with what was filled in so far."""
    return any(field.is_key for field in _differing(form_of(case), corrected_form(case, request)))


def corrected_form(case: ChangeRequest, request: ReturnRequest) -> ChangeForm:
    """Return the application as it is with what was filled in anew so far."""
    form = form_of(case)
    return form.read(form.answers() | request.corrected)


def more_papers(session: Session, case: ChangeRequest, request: ReturnRequest) -> list[PaperKind]:
    """Return the papers that a returned case needs as it is filled in anew, and that were never handed in."""
    if not request.corrected:
        return []
    change = planned(session, case.student_id, corrected_form(case, request), clock.today())
    sealed = history.sealed_papers(session, case.id)
    return [paper.kind for paper in wanted_papers(change) if paper.required and paper.kind not in sealed]


def apply(session: Session, case: ChangeRequest, request: ReturnRequest) -> dict[FormField, Plain]:
    """Write what was filled in anew into a locked case; return what changed, before and after, as the history says it.

    Raises FormIncomplete for what was asked for and not filled in.
    """
    if missing := [FormField(field) for field in request.fields if field not in request.corrected]:
        raise errors.FormIncomplete(missing=tuple(missing))
    before, after = form_of(case), corrected_form(case, request)
    case.to_school_id, case.form = after.destination_id, after.stored()
    session.flush()
    session.refresh(case, ["to_school"])
    return {
        field: (_said(session, field, before), _said(session, field, after))
        for field in _differing(before, after)
    }


def _differing(before: ChangeForm, after: ChangeForm) -> list[FormField]:
    """Return the fields in which two forms of one kind differ."""
    old, new = before.answers(), after.answers()
    return [field for field in FormField if old.get(field) != new.get(field)]


def _said(session: Session, field: FormField, form: ChangeForm) -> str | int | None:
    value: str | int | None = form.answers().get(field)
    return session.get_one(Office, value).name if field is FormField.SCHOOL else value
