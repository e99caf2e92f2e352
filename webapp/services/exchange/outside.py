"""The other province (外省) in a case: what it answers, by message or as an officer was told, and what it asks.

Its tasks stand at the seat 外省 and are nobody's here. Sources: domain 2.2 (other-province counterpart), 3.1.4 V5,
3.1.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, OutsideCase, Student, StudentOverlay
from models.enums import OPEN_CASE_STATES, CaseState, EventKind, Outcome, OverlayKind, Role
from models.text import says_something
from webapp import clock, errors
from webapp.policy import (
    Person,
    Post,
    acting,
    deciding_post_among,
    is_close_to,
    is_kept_from_own_application,
)
from webapp.services.cases.acts import Act, OpenTask, check_still_open, locked, locked_for
from webapp.services.cases.applications import new_draft
from webapp.services.cases.chain import Plain
from webapp.services.cases.decisions import carry_out, decision_or_return
from webapp.services.cases.locks import LockedCase
from webapp.services.cases.openings import Opener, open_case
from webapp.services.cases.outcomes import send_back
from webapp.services.changes.kinds.transfer import TransferForm, transfer_of
from webapp.services.exchange.steps import is_asked_at


class NotForOutside(errors.Refusal):
    """An office here decides this step; no other province answers it."""

    status = 409


class NothingToValidate(errors.Refusal):
    """A code answers the request itself. Here it was answered before: approve or reject."""

    status = 422


class TellerMissing(errors.Refusal):
    """Say which office told you, and who there."""

    status = 422


class ToldLater(errors.Refusal):
    """What you were told cannot be later than now. Correct the time."""

    status = 422


class Code(StrEnum):
    """What the national platform's validation finds (校验代码): domain 3.1.5, W08."""

    DATA_WRONG = "2001"  # 学生信息有误
    BUSINESS_OPEN = "2002"  # 在办业务未办结
    PROBLEM_OPEN = "2003"  # 问题学籍未处理


@dataclass(frozen=True, slots=True)
class Evidence:
    """How it is known what the other province answered: who said so, when, and the message or paper that says it."""

    told_by: str
    told_at: datetime
    reference: str

    def plain(self) -> dict[str, Plain]:
        """Return it as the history keeps it."""
        told_at = self.told_at.isoformat()
        return {"evidence": {"told_by": self.told_by, "told_at": told_at, "reference": self.reference}}


@dataclass(frozen=True, slots=True)
class Validation:
    """Whom another province's request is about, and what forbids it; no student where name and number do not fit."""

    student_id: int | None
    codes: tuple[Code, ...]


def answer(
    session: Session, task_id: int, *, outcome: Outcome, actor_id: int, evidence: Evidence, reason: str = ""
) -> CaseState:
    """Decide a task at 外省 as the other province's platform has; the caller commits. Raises a Refusal."""
    task = _waiting_task(session, task_id)
    return _answer(session, Act(task, actor_id, None, reason, clock.now(), evidence.plain()), outcome)


def refuse_validation(
    session: Session,
    task_id: int,
    codes: Sequence[Code],
    *,
    actor_id: int,
    evidence: Evidence,
    reason: str = "",
    about: str | None = None,
) -> None:
    """Hand a case back whose request was found at fault; handed in again, it is asked for again.

    `about` says what is wrong, if it is told. The caller commits. Raises NothingToValidate for a step at which
    nothing is asked.
    """
    task = _waiting_task(session, task_id)
    told: dict[str, Plain] = {**evidence.plain(), "about": about}
    _refuse(session, Act(task, actor_id, None, reason, clock.now(), told), codes)


def answer_by_hand(
    session: Session,
    officer: Person,
    task_id: int,
    *,
    outcome: Outcome,
    version: int,
    evidence: Evidence,
    codes: Sequence[Code] = (),
    reason: str = "",
) -> None:
    """Write down what the other province told an officer of the case, by telephone or on paper; commits.

    With `codes` the request is at fault. Raises NotAllowed, OwnChild, and what `check_evidence` and a decision do.
    """
    task, officer = locked_for(session, officer, task_id)
    post = _writing_post(officer, task.case)
    _check_is_outside(task)
    check_still_open(session, task.case, version)
    check_evidence(evidence)
    act = Act(task, officer.account_id, post, reason.strip(), clock.now(), evidence.plain())
    if codes:
        if _has_their_case(session, task.case.id):
            raise NothingToValidate
        _refuse(session, act, codes)
    else:
        _answer(session, act, outcome)
    session.commit()


def _has_their_case(session: Session, case_id: int) -> bool:
    """Whether the other province told us the number of its case: it found the request right."""
    number = select(OutsideCase.their_number).where(OutsideCase.change_request_id == case_id)
    return session.scalar(number) is not None


def check_evidence(evidence: Evidence) -> None:
    """Raise TellerMissing unless it is said who told it, ToldLater if that is still to come."""
    if not says_something(evidence.told_by):
        raise TellerMissing
    if evidence.told_at > clock.now():
        raise ToldLater


def _writing_post(officer: Person, case: LockedCase) -> Post:
    """The post in which an officer of a case may write down what he was told."""
    post = deciding_post_among(officer, case.seats.values(), about=case.student_id)
    if post is None:
        raise errors.NotAllowed
    if is_close_to(officer, post, case.student_id):
        raise errors.OwnChild
    if is_kept_from_own_application(acting(officer, post), case.applicant_ids, Role(case.role)):
        raise errors.DutiesSeparated(step=EventKind.OPENED)
    return post


def validate(session: Session, name: str, registry_number: str) -> Validation:
    """Check a pupil whom another province asks for, as the national platform does (domain 3.0.2 H1 to H3)."""
    student = session.scalar(select(Student).where(Student.registry_number == registry_number))
    if student is None or student.name != name:
        return Validation(None, (Code.DATA_WRONG,))
    business = select(ChangeRequest.id).where(
        ChangeRequest.student_id == student.id, ChangeRequest.state.in_(OPEN_CASE_STATES)
    )
    problem = select(StudentOverlay.id).where(
        StudentOverlay.student_id == student.id,
        StudentOverlay.kind == OverlayKind.PROBLEM,
        StudentOverlay.ended_at.is_(None),
    )
    queries = {Code.BUSINESS_OPEN: business, Code.PROBLEM_OPEN: problem}
    found = (code for code, query in queries.items() if session.scalar(query.limit(1)) is not None)
    return Validation(student.id, tuple(found))


def open_mirrored(
    session: Session, partner_id: int, student_id: int, form: TransferForm, writer: Opener | None = None
) -> ChangeRequest:
    """Open our part of a transfer that began in another province; `partner_id` is the account that stands for it.

    `writer` took down what it asks for, unless it said so itself. Its rules were asked there, and our side's are
    weighed by our officers. Raises AnotherCaseOpen and what `transfer_of` raises; the caller commits.
    """
    transfer = transfer_of(session, student_id, form, clock.today())
    case = ChangeRequest(**new_draft(partner_id, None, transfer))
    case.to_school_id, case.form = form.to_school_id, form.stored()
    session.add(case)
    session.flush()
    open_case(session, case, transfer, writer or Opener(partner_id), clock.now())
    return case


def _waiting_task(session: Session, task_id: int) -> OpenTask:
    task = locked(session, task_id)
    _check_is_outside(task)
    check_still_open(session, task.case, task.case.version)
    return task


def _check_is_outside(task: OpenTask) -> None:
    if task.case.role != Role.COUNTERPART:
        raise NotForOutside


def _answer(session: Session, act: Act, outcome: Outcome) -> CaseState:
    decision = decision_or_return(session, act, outcome)
    carry_out(session, decision)
    return decision.state


def _refuse(session: Session, act: Act, codes: Sequence[Code]) -> None:
    if not is_asked_at(act.task.step.id):
        raise NothingToValidate
    send_back(session, act, EventKind.RETURNED, codes=[*codes], reason=act.opinion)
