"""When we say what to another province: as the worker hears that a case waits for it, or has ended.

A request is sent when our own side has agreed, so that it is our decision too. Whoever did not ask says `decided` when
its side has; and whoever receives the pupil says `pulled` where the other side waits for that.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from models import ChangeRequest, OutsideCase, ReturnRequest, Task
from models.enums import (
    ASKING_NOTICES,
    CaseState,
    MessageKind,
    NoticeKind,
    Outcome,
    Seat,
    TaskState,
)
from webapp.services.context import settings_of
from webapp.services.exchange import links, mailbox
from webapp.services.exchange.bodies import UnsayableError, body_of
from webapp.services.exchange.mailbox import Business, Claimed
from webapp.services.exchange.records import complete_record
from webapp.services.exchange.steps import Wait, wait_at
from webapp.services.processes import definition_of

ENDINGS = (NoticeKind.REJECTED, NoticeKind.WITHDRAWN, NoticeKind.COMPLETED)

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
        mailbox.failed(session, message.id, str(wrong))
    else:
        mailbox.fill(session, message, body)


def _tasks_outside(session: Session, task_ids: set[int]) -> Iterable[Task]:
    waiting = select(Task).where(
        Task.id.in_(task_ids), Task.seat == Seat.OUTSIDE, Task.state == TaskState.OPEN
    )
    return session.scalars(waiting.order_by(Task.id)).all() if task_ids else ()


def _linked_cases(session: Session, case_ids: set[int]) -> Iterable[OutsideCase]:
    ended = select(OutsideCase).where(OutsideCase.change_request_id.in_(case_ids))
    return session.scalars(ended.with_for_update()).all() if case_ids else ()


def _ask(session: Session, task: Task) -> None:
    partner = task.seat_office.division_code[:2]
    case = task.change_request
    if session.get(OutsideCase, case.id) is None and _is_by_hand(session, case, partner):
        return
    link = links.link(session, case, partner)
    mailbox.wake(session, case.id)
    wait = wait_at(task.step)
    if wait == Wait.VALIDATION and _is_to_be_asked(session, case):
        _say(session, link, MessageKind.REQUEST)
    elif wait == Wait.DECISION and link.began_here:
        if _said(session, link, MessageKind.REQUEST) is None:
            _say(session, link, MessageKind.REQUEST)
            _say(session, link, MessageKind.DECIDED)
    elif wait != Wait.VALIDATION and _said(session, link, MessageKind.DECIDED) is None:
        _say(session, link, MessageKind.DECIDED)


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
        if not link.began_here and _said(session, link, MessageKind.DECIDED) is None:
            _say(session, link, MessageKind.DECIDED)
        if _is_pulled(session, case):
            _say(session, link, MessageKind.PULLED)
    elif not _they_ended_it(session, link):
        undecided = _said(session, link, MessageKind.DECIDED) is None
        rejected = case.state == CaseState.REJECTED and undecided and not link.began_here
        _say(session, link, MessageKind.DECIDED if rejected else MessageKind.ENDED)


def _is_to_be_asked(session: Session, case: ChangeRequest) -> bool:
    """Whether the validation was not asked for yet, or not since the case was handed in anew."""
    asked = links.last_said(session, case.id, MessageKind.REQUEST)
    resumed: datetime | None = session.scalar(
        select(func.max(ReturnRequest.resolved_at)).where(ReturnRequest.change_request_id == case.id)
    )
    return asked is None or (resumed is not None and asked.created_at <= resumed)


def _is_pulled(session: Session, case: ChangeRequest) -> bool:
    """Whether the pupil came here, by a process in which the other side waits for the file to be pulled."""
    assert case.process_version is not None
    steps = definition_of(session, case.process_version.id, case.process_version.sha256).steps
    return bool(case.facts["receiving_here"]) and any(
        step.seat == Seat.OUTSIDE and wait_at(step.id) == Wait.PULL for step in steps.values()
    )


def _they_ended_it(session: Session, link: OutsideCase) -> bool:
    last = links.last_heeded(session, link.change_request_id, MessageKind.DECIDED, MessageKind.ENDED)
    return last is not None and (last.kind == MessageKind.ENDED or last.body["outcome"] == Outcome.REJECT)


def _was_answered_since(session: Session, message: Claimed) -> bool:
    answered = select(Task.id).where(
        Task.change_request_id == message.change_request_id,
        Task.seat == Seat.OUTSIDE,
        Task.state == TaskState.DONE,
        Task.ended_at >= message.sent_at,
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
