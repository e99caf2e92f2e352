"""When we say what to another province: as the worker hears that a case waits for it, or has ended.

Whoever begins sends a request when all who come first here have agreed: the school, where both authorities decide
at the same time (V7), or else the whole side. Whoever was asked says `agreed` and `decided` when its school and its
side have; whoever receives the pupil says `pulled` where the other side waits for that.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from models import CaseEvent, ChangeRequest, OutsideCase, ReturnRequest, Task
from models.enums import (
    ASKING_NOTICES,
    CaseState,
    MessageKind,
    NoticeKind,
    Outcome,
    Seat,
    TaskState,
    Trouble,
)
from webapp.database import PASSING
from webapp.services.cases.applications import locked_case
from webapp.services.cases.failures import FAILURES
from webapp.services.context import settings_of
from webapp.services.exchange import links, mailbox, outside
from webapp.services.exchange.bodies import UnsayableError, body_of
from webapp.services.exchange.mailbox import Business, Claimed
from webapp.services.exchange.outside import Evidence
from webapp.services.exchange.records import complete_record
from webapp.services.exchange.steps import Wait, is_asked_at, wait_at
from webapp.services.processes.versions import definition_of

ENDINGS = (
    NoticeKind.REJECTED,
    NoticeKind.WITHDRAWN,
    NoticeKind.REVOKED,
    NoticeKind.TERMINATED,
    NoticeKind.COMPLETED,
)

# The states in which our side still stands by what it says.
SAID_IN = (CaseState.IN_REVIEW, CaseState.COMPLETED)

log = logging.getLogger(__name__)


def write_messages(session: Session, told: Iterable[Row[Any]]) -> None:
    """Write what other provinces have to hear of what the outbox told: rows of kind, change_request_id, task_id.

    Saying it again adds nothing. What no message can say waits unwritten in the list of those that go no further.
    The caller, whose transaction empties the outbox, commits.
    """
    rows = list(told)
    for task in _tasks_outside(session, {row.task_id for row in rows if row.kind in ASKING_NOTICES}):
        _ask(session, task)
    for link in _linked_cases(session, {row.change_request_id for row in rows if row.kind in ENDINGS}):
        _tell_end(session, link)


def write_again(session: Session, message: Claimed) -> None:
    """Try to write a message that could not be written; the caller commits.

    Once the other province has answered all the same, by hand, there is no need of it any more.
    """
    link = session.get_one(OutsideCase, message.change_request_id)
    if _was_answered_since(session, message):
        mailbox.done(session, message.id, note="it was told by hand")
        return
    try:
        body = body_of(session, message.kind, link)
    except UnsayableError as wrong:
        mailbox.failed(session, message.id, Trouble.UNSAYABLE, str(wrong))
    else:
        mailbox.fill(session, message, body)


def _tasks_outside(session: Session, task_ids: set[int]) -> Iterable[Task]:
    """Return the steps at 外省 that were reached; somebody may have taken down an answer by now."""
    reached = select(Task).where(
        Task.id.in_(task_ids), Task.seat == Seat.OUTSIDE, Task.state.in_((TaskState.OPEN, TaskState.DONE))
    )
    return session.scalars(reached.order_by(Task.id)).all() if task_ids else ()


def _linked_cases(session: Session, case_ids: set[int]) -> Iterable[OutsideCase]:
    ended = select(OutsideCase).where(OutsideCase.change_request_id.in_(case_ids))
    return session.scalars(ended.with_for_update()).all() if case_ids else ()


def _ask(session: Session, task: Task) -> None:
    partner = task.seat_office.division_code[:2]
    case = task.change_request
    link = None
    if session.get(OutsideCase, case.id) is not None or not _is_by_hand(session, case, partner):
        link = links.link(session, case, partner)
    locked_case(session, case.id)  # nobody ends it while we say that our side agrees
    session.refresh(task)
    if case.state in SAID_IN and link is not None:
        mailbox.wake(session, case.id)
        _say_at(session, link, task)
    if task.state == TaskState.OPEN and wait_at(task.step) == Wait.SCHOOL:
        _agree_as_asked(session, task)


def _say_at(session: Session, link: OutsideCase, task: Task) -> None:
    """Say what the other province has to know of us before it can take a step, unless it was said before."""
    wait, is_open = wait_at(task.step), task.state == TaskState.OPEN
    if is_open and link.began_here and is_asked_at(task.step) and _is_to_be_asked(session, link.case):
        _say(session, link, MessageKind.REQUEST)
    told = MessageKind.AGREED if wait == Wait.SCHOOL else MessageKind.DECIDED
    if _is_told(session, link, wait) and not _stands(session, link, told):
        _say(session, link, told)


def _is_told(session: Session, link: OutsideCase, wait: Wait) -> bool:
    """Whether the other side hears at a step how we decided: the request says it of us where it asks for all of it."""
    if wait == Wait.DECISION:
        return not link.began_here or Wait.VALIDATION not in _waits(session, link.case)
    return wait != Wait.VALIDATION and not link.began_here


def _stands(session: Session, link: OutsideCase, kind: MessageKind) -> bool:
    """Whether something was said already, and not of a request that was refused and asked anew since."""
    said = links.last_said(session, link.change_request_id, kind)
    asked = links.last_said(session, link.change_request_id, MessageKind.REQUEST)
    return said is not None and (asked is None or asked.id < said.id)


def _agree_as_asked(session: Session, task: Task) -> None:
    """Answer for the school elsewhere, if its side began: the message or letter that asked says that it agrees.

    Where that cannot be, the step stays open for an officer to take the answer down; other cases do not wait for it.
    """
    opened = session.get_one(CaseEvent, (task.change_request_id, 1)).payload.get("evidence")
    if not isinstance(opened, Mapping):
        return
    evidence = Evidence(
        str(opened["told_by"]), datetime.fromisoformat(str(opened["told_at"])), str(opened["reference"])
    )
    case = task.change_request
    try:
        with session.begin_nested():
            outside.answer(
                session, task.id, outcome=Outcome.APPROVE, actor_id=case.applicant_id, evidence=evidence
            )
    except PASSING:
        raise
    except FAILURES as failed:
        log.error("Case %s waits for the school elsewhere, which has agreed: %s", case.number, failed)


def _is_by_hand(session: Session, case: ChangeRequest, partner: str) -> bool:
    """Whether a case goes by hand from its beginning: without a connection, or as they asked for it by letter."""
    return partner not in settings_of(session).partners or case.applicant_id == links.account_of(
        session, partner
    )


def _tell_end(session: Session, link: OutsideCase) -> None:
    case = link.case
    if case.state == CaseState.COMPLETED:
        if case.facts["receiving_here"]:
            complete_record(session, case)
        if _is_told(session, link, Wait.DECISION) and not _stands(session, link, MessageKind.DECIDED):
            _say(session, link, MessageKind.DECIDED)
        if _is_pulled(session, case):
            _say(session, link, MessageKind.PULLED)
    elif not _they_ended_it(session, link):
        undecided = _said(session, link, MessageKind.DECIDED) is None
        rejected = case.state == CaseState.REJECTED and undecided and not link.began_here
        _say(session, link, MessageKind.DECIDED if rejected else MessageKind.ENDED)


def _is_to_be_asked(session: Session, case: ChangeRequest) -> bool:
    """Whether nothing was asked yet, or not since the request was found at fault and handed in anew."""
    asked = links.last_said(session, case.id, MessageKind.REQUEST)
    at_fault = func.cardinality(ReturnRequest.codes) > 0
    resumed: datetime | None = session.scalar(
        select(func.max(ReturnRequest.resolved_at)).where(
            ReturnRequest.change_request_id == case.id, at_fault
        )
    )
    return asked is None or (resumed is not None and asked.created_at <= resumed)


def _is_pulled(session: Session, case: ChangeRequest) -> bool:
    """Whether the pupil came here, by a process in which the other side waits for the file to be pulled."""
    return bool(case.facts["receiving_here"]) and Wait.PULL in _waits(session, case)


def _waits(session: Session, case: ChangeRequest) -> set[Wait]:
    """Return what the case's process may wait for, on either side."""
    assert case.process_version is not None
    steps = definition_of(session, case.process_version.id, case.process_version.sha256).steps
    return {wait_at(step.id) for step in steps.values() if step.seat == Seat.OUTSIDE}


def _they_ended_it(session: Session, link: OutsideCase) -> bool:
    last = links.last_heeded(session, link.change_request_id, MessageKind.DECIDED, MessageKind.ENDED)
    return last is not None and (last.kind == MessageKind.ENDED or last.body["outcome"] == Outcome.REJECT)


def _was_answered_since(session: Session, message: Claimed) -> bool:
    """Whether an officer here took down since what they answered: he has spoken with them then."""
    at_outside = select(Task.key).where(
        Task.change_request_id == message.change_request_id, Task.seat == Seat.OUTSIDE
    )
    answered = select(CaseEvent.seq).where(
        CaseEvent.change_request_id == message.change_request_id,
        CaseEvent.task_key.in_(at_outside),
        CaseEvent.office_id.is_not(None),
        CaseEvent.at >= message.sent_at,
    )
    return session.scalar(answered.limit(1)) is not None


def _said(session: Session, link: OutsideCase, kind: MessageKind) -> object | None:
    return links.last_said(session, link.change_request_id, kind)


def _say(session: Session, link: OutsideCase, kind: MessageKind) -> None:
    body, error = None, None
    try:
        body = body_of(session, kind, link)
    except UnsayableError as wrong:
        error = str(wrong)
        log.error("Another province cannot be told of the case %s: %s", link.change_request_id, error)
    about = Business(link.partner, links.province_here(link.case), link.reference, link.change_request_id)
    mailbox.put(session, about, kind, body, error)
