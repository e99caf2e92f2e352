"""What we say to another province: written when the worker hears that a case waits for it, or has ended.

A request is sent when our own side has agreed, so that it is our decision too. Whoever did not ask says `decided` when
its side has; and whoever receives the pupil says `pulled` where the other side waits for that.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal, TypeVar, cast

from pydantic import ValidationError
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from models import AccessLog, CaseEvent, ChangeRequest, OutsideCase, ReturnRequest, Task
from models.enums import (
    ASKING_NOTICES,
    CaseState,
    EventKind,
    MessageDirection,
    MessageKind,
    NoticeKind,
    Outcome,
    Seat,
    TaskState,
    TransferReason,
)
from webapp import clock
from webapp.services.context import settings_of
from webapp.services.exchange import links, mailbox, schools
from webapp.services.exchange.messages import (
    Body,
    Decided,
    Ended,
    Pulled,
    Pupil,
    Record,
    Request,
    complaint,
    said,
)
from webapp.services.exchange.records import complete_record, record_of
from webapp.services.exchange.steps import Wait, wait_at
from webapp.services.processes import definition_of

OUT, IN = MessageDirection.OUT, MessageDirection.IN
About = TypeVar("About", Task, OutsideCase)
ENDINGS = (NoticeKind.REJECTED, NoticeKind.WITHDRAWN, NoticeKind.COMPLETED)

log = logging.getLogger(__name__)


def write_messages(session: Session, told: Iterable[Row[Any]]) -> None:
    """Write what other provinces have to hear of what the outbox told: rows of kind, change_request_id, task_id.

    Saying it again adds nothing. The caller, whose transaction empties the outbox, commits.
    """
    rows = list(told)
    for task in _tasks_outside(session, {row.task_id for row in rows if row.kind in ASKING_NOTICES}):
        _write(session, _ask, task)
    for link in _linked_cases(session, {row.change_request_id for row in rows if row.kind in ENDINGS}):
        _write(session, _tell_end, link)


def _write(session: Session, say: Callable[[Session, About], None], about: About) -> None:
    """Say it; what no message can say, as of a pupil without a registry number, is left to be told by hand."""
    case_id = about.change_request_id
    try:
        with session.begin_nested():
            say(session, about)
    except ValidationError as wrong:
        log.error("Another province cannot be told of the case %s: %s", case_id, complaint(wrong))


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
    if partner not in settings_of(session).partners and session.get(OutsideCase, case.id) is None:
        return  # by hand, from the beginning
    link = links.link(session, case, partner)
    mailbox.wake(session, case.id)
    wait = wait_at(task.step)
    if wait == Wait.VALIDATION and _is_to_be_asked(session, case):
        _say(session, link, MessageKind.REQUEST, _request(session, case))
    elif wait == Wait.DECISION and link.began_here:
        if _said(session, link, MessageKind.REQUEST) is None:
            _say(session, link, MessageKind.REQUEST, _request(session, case))
            _say(session, link, MessageKind.DECIDED, _decided(session, case, Outcome.APPROVE))
    elif wait != Wait.VALIDATION and _said(session, link, MessageKind.DECIDED) is None:
        _say(session, link, MessageKind.DECIDED, _approved(session, case))


def _tell_end(session: Session, link: OutsideCase) -> None:
    case = link.case
    if case.state == CaseState.COMPLETED:
        if case.facts["receiving_here"]:
            complete_record(session, case)
        if not link.began_here and _said(session, link, MessageKind.DECIDED) is None:
            _say(session, link, MessageKind.DECIDED, _approved(session, case))
        if _is_pulled(session, case):
            _say(session, link, MessageKind.PULLED, Pulled(on=clock.day_of(_ended_at(case))))
    elif not _they_ended_it(session, link):
        undecided = _said(session, link, MessageKind.DECIDED) is None
        if case.state == CaseState.REJECTED and undecided and not link.began_here:
            _say(session, link, MessageKind.DECIDED, _decided(session, case, Outcome.REJECT))
        else:
            _say(session, link, MessageKind.ENDED, _ended(session, case))


def _is_to_be_asked(session: Session, case: ChangeRequest) -> bool:
    """Whether the validation was not asked for yet, or not since the case was handed in anew."""
    asked = links.last_said(session, case.id, OUT, MessageKind.REQUEST)
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
    last = links.last_said(session, link.change_request_id, IN, MessageKind.DECIDED, MessageKind.ENDED)
    return last is not None and (last.kind == MessageKind.ENDED or last.body["outcome"] == Outcome.REJECT)


def _said(session: Session, link: OutsideCase, kind: MessageKind) -> object | None:
    return links.last_said(session, link.change_request_id, OUT, kind)


def _say(session: Session, link: OutsideCase, kind: MessageKind, body: Body) -> None:
    mailbox.put(
        session,
        kind,
        body,
        to=link.partner,
        province=links.province_here(link.case),
        reference=link.reference,
        case_id=link.change_request_id,
    )


def _request(session: Session, case: ChangeRequest) -> Request:
    assert case.number is not None
    assert case.to_school is not None
    return Request(
        number=case.number,
        pupil=Pupil(name=case.student.name, registry_number=case.student.registry_number or ""),
        receiving_school=schools.told(case.to_school),
        releasing_school=schools.told(case.from_school),
        grade=case.form["grade"],
        reason=TransferReason(case.form["reason"]),
        schooling_years=case.form["schooling_years"],
        record=_released(session, case) if case.facts["releasing_here"] else None,
    )


def _approved(session: Session, case: ChangeRequest) -> Decided:
    decided = _decided(session, case, Outcome.APPROVE)
    if not case.facts["releasing_here"]:
        return decided
    record = _released(session, case)
    return Decided(outcome="approve", reason=decided.reason, office=decided.office, record=record)


def _released(session: Session, case: ChangeRequest) -> Record:
    """Return the record that goes with the pupil; that the other province reads it is written down as a look."""
    link = session.get_one(OutsideCase, case.id)
    session.add(
        AccessLog(
            at=clock.now(),
            account_id=links.account_of(session, link.partner),
            student_id=case.student_id,
            change_request_id=case.id,
            what="exchange",
        )
    )
    return record_of(session, case)


def _decided(session: Session, case: ChangeRequest, outcome: Outcome) -> Decided:
    event = _last_decision(session, case)
    office = event.office.name if event and event.office else case.from_school.name
    reason = said(str(event.payload.get("opinion", ""))) if event else ""
    return Decided(
        outcome="reject" if outcome == Outcome.REJECT else "approve",
        reason=reason,
        office=office,
        record=None,
    )


def _ended(session: Session, case: ChangeRequest) -> Ended:
    event = _last_decision(session, case)
    reason = str(event.payload.get("opinion", "")) if event and case.state == CaseState.REJECTED else ""
    how = cast(Literal["withdrawn", "rejected", "revoked", "terminated"], case.state.value)
    return Ended(how=how, reason=said(reason))


def _last_decision(session: Session, case: ChangeRequest) -> CaseEvent | None:
    decisions = (EventKind.DECIDED, EventKind.REJECTED, EventKind.COMPLETED)
    made_here = select(CaseEvent).where(
        CaseEvent.change_request_id == case.id,
        CaseEvent.kind.in_(decisions),
        CaseEvent.office_id.is_not(None),
    )
    return session.scalar(made_here.order_by(CaseEvent.seq.desc()).limit(1))


def _ended_at(case: ChangeRequest) -> datetime:
    assert case.ended_at is not None
    return case.ended_at
