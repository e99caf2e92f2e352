"""An application for a change, by a family or by a school for it: drafted and submitted (domain 3.0, 3.1)."""

from dataclasses import replace

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import ChangeRequest, Student
from models.enums import CaseState, ChangeKind, Role
from webapp import clock, errors
from webapp.policy import (
    Person,
    Post,
    acts_for_applicant,
    holds_at,
    may_apply,
    may_go_on_with_draft,
    post_for,
)
from webapp.services.cases.openings import Opener, open_case
from webapp.services.changes.change import Change, ChangeForm
from webapp.services.changes.eligibility import require_eligible, wanted_papers
from webapp.services.changes.planning import change_of_case, form_of, planned
from webapp.services.context import settings_of
from webapp.services.papers.files import current_papers
from webapp.services.people.accounts import require_person_now
from webapp.services.proposals.settling import take


class BeginsElsewhere(errors.Refusal):
    """Apply at {school}: its side begins this transfer, and its province then asks for the child here."""

    status = 422


class SchoolBegins(errors.Refusal):
    """The school begins this, not the family. Ask {school}."""

    status = 422


class FamilyBegins(errors.Refusal):
    """Only the student and the family can wish this; a school may not begin it for them. Ask them to apply."""

    status = 422


def save_draft(session: Session, applicant: Person, student_id: int, form: ChangeForm) -> ChangeRequest:
    """Keep what was filled in so far and return the draft: one per student of a guardian, and one of a school.

    Raises NotYourChild, WrongInitiator, SchoolBegins or FamilyBegins to whoever may not apply, BeginsElsewhere where
    nobody here may, and ApplicationMovedOn if it was just submitted.
    """
    change = planned(session, student_id, form, clock.today())
    school_id = applying_school(applicant, change)
    require_begun_here(session, change)
    own = _drafts(student_id, change.kind).where(_begun_for(school_id) if school_id else _begun_by(applicant))
    if session.scalar(own.with_only_columns(ChangeRequest.id)) is None:  # an insert in vain uses up an id too
        begun = new_draft(applicant.account_id, school_id, change)
        session.execute(insert(ChangeRequest).values(begun).on_conflict_do_nothing())
    lock = own.with_for_update(key_share=True)
    draft = session.scalar(lock.execution_options(populate_existing=True))
    if draft is None:  # submitted in this very moment, from another window
        raise errors.ApplicationMovedOn
    draft.to_school_id, draft.form, draft.saved_at = form.destination_id, form.stored(), clock.now()
    session.commit()
    return draft


def state_exception(session: Session, applicant: Person, draft: ChangeRequest, why: str) -> None:
    """Say in a draft why a rule that allows exceptions is not to stand against it; empty, none is asked for.

    Commits. Raises what `save_draft` does.
    """
    save_draft(session, applicant, draft.student_id, replace(form_of(draft), exception=why))


def draft_of(
    session: Session, applicant: Person, student_id: int, kind: ChangeKind | None = None
) -> ChangeRequest | None:
    """Return the unsubmitted application of a kind, or of any, for a student he may go on with.

    Of several, his own and those of schools whose registrar he is, the newest.
    """
    own = _begun_for(*(post.office_id for post in applicant.posts if post.role == Role.REGISTRAR))
    if may_apply(applicant, student_id):
        own = or_(own, _begun_by(applicant))
    return session.scalar(_drafts(student_id, kind).where(own).order_by(ChangeRequest.id.desc()).limit(1))


def submit(session: Session, applicant: Person, draft_id: int) -> ChangeRequest:
    """Submit a draft: all rules are checked, the case gets its number and its first task.

    Raises NotEligible with every failed rule, FormIncomplete for missing papers, AnotherCaseOpen, and what
    `save_draft` does. Submitting what was already submitted changes nothing and returns it.
    """
    case, applicant = locked_case(session, draft_id), require_person_now(session, applicant)
    if case is None or not may_go_on_with_draft(applicant, case):
        raise errors.NoSuchCase
    if case.state != CaseState.DRAFT:
        return case
    at = clock.now()
    lock_record(session, case.student_id)
    change = change_of_case(session, case)
    school_id = applying_school(applicant, change, begun_by_school=case.applicant_office_id is not None)
    require_begun_here(session, change)
    require_eligible(session, change)
    require_papers(session, case, change)
    case.applicant_id, case.applicant_office_id = applicant.account_id, school_id
    open_case(session, case, change, Opener(applicant.account_id, applying_post(applicant, case)), at)
    take(session, case)
    session.commit()
    return case


def applying_post(applicant: Person, case: ChangeRequest) -> Post | None:
    """Return the post by which a registrar acts on a case of his school; none for the family."""
    if case.applicant_office_id is None:
        return None
    return post_for(applicant, case.applicant_office_id, Role.REGISTRAR)


def locked_case(session: Session, case_id: int) -> ChangeRequest | None:
    """Lock a case and return it as it is now; None if there is none."""
    return session.get(ChangeRequest, case_id, with_for_update={"key_share": True}, populate_existing=True)


def locked_case_for(session: Session, person: Person, case_id: int) -> tuple[ChangeRequest, Person]:
    """Lock a case for somebody, and return both as they are then: he may have left while he waited.

    Raises NoSuchCase, of a draft too, or AccountIsDisabled.
    """
    case = locked_case(session, case_id)
    if case is None or case.state == CaseState.DRAFT:
        raise errors.NoSuchCase
    return case, require_person_now(session, person)


def locked_case_of(session: Session, applicant: Person, case_id: int) -> tuple[ChangeRequest, Person]:
    """Do the same for whoever acts for its applicant; NoSuchCase to anybody else."""
    case, applicant = locked_case_for(session, applicant, case_id)
    if not acts_for_applicant(applicant, case):
        raise errors.NoSuchCase
    return case, applicant


def lock_record(session: Session, student_id: int) -> None:
    """Let nobody else change a student's record until this transaction ends."""
    session.execute(select(Student.id).where(Student.id == student_id).with_for_update(key_share=True))


def applying_school(applicant: Person, change: Change, *, begun_by_school: bool = False) -> int | None:
    """Return the school that this person may apply for, none for the family itself (T-16, T-17).

    What a school has begun stays the school's, though its registrar may be of the family.
    """
    school_id = None
    if begun_by_school or not may_apply(applicant, change.student.id):
        school_id = _school_of(applicant, change)
    require_initiator(change, school_id)
    return school_id


def require_initiator(change: Change, school_id: int | None) -> None:
    """Raise SchoolBegins, FamilyBegins or WrongInitiator unless that school, or without one the family, may apply."""
    if school_id is None and not change.by_family:
        raise SchoolBegins(school=change.school.name)
    if school_id is not None and not change.initiators:
        raise FamilyBegins
    if school_id is not None and school_id not in _starting_schools(change):
        raise errors.WrongInitiator(side=change.initiators)


def _school_of(registrar: Person, change: Change) -> int:
    """The school of the change whose registrar he is, first of all one that may begin it; NotYourChild."""
    schools = [*_starting_schools(change), *(school.id for school in change.schools.values())]
    for school_id in schools:
        if holds_at(registrar, school_id, Role.REGISTRAR):
            return school_id
    raise errors.NotYourChild


def _starting_schools(change: Change) -> list[int]:
    return [change.schools[seat].id for seat in change.initiators]


def require_begun_here(session: Session, change: Change) -> None:
    """Raise BeginsElsewhere for what only a side elsewhere begins, which asks for the child."""
    if school := change.begins_elsewhere(settings_of(session).partners):
        raise BeginsElsewhere(school=school.name)


def _drafts(student_id: int, kind: ChangeKind | None) -> Select[ChangeRequest]:
    drafts = select(ChangeRequest).where(
        ChangeRequest.student_id == student_id, ChangeRequest.state == CaseState.DRAFT
    )
    return drafts if kind is None else drafts.where(ChangeRequest.kind == kind)


def _begun_by(guardian: Person) -> ColumnElement[bool]:
    return and_(
        ChangeRequest.applicant_id == guardian.account_id, ChangeRequest.applicant_office_id.is_(None)
    )


def _begun_for(*school_ids: int) -> ColumnElement[bool]:
    return ChangeRequest.applicant_office_id.in_(school_ids)


def new_draft(applicant_id: int, school_id: int | None, change: Change) -> dict[str, object]:
    """Return the columns of a draft by an account, or by a school through it."""
    return {
        "kind": change.kind,
        "state": CaseState.DRAFT,
        "student_id": change.student.id,
        "applicant_id": applicant_id,
        "applicant_office_id": school_id,
        "from_school_id": change.school.id,
        "form": {},
        "facts": {},
        "seats": {},
        "version": 0,
        "event_count": 0,
        "last_mac": b"",
        "record_version": change.student.version,
        "saved_at": clock.now(),
    }


def require_papers(session: Session, case: ChangeRequest, change: Change) -> None:
    """Raise FormIncomplete if papers are missing that an application must have."""
    given = {paper.kind for paper in current_papers(session, case.id)}
    wanted = {paper.kind for paper in wanted_papers(change) if paper.required}
    if missing := wanted - given:
        raise errors.FormIncomplete(missing=tuple(sorted(missing)))
