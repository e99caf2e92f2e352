"""Was everybody told, once, and is nothing left to tell that nobody tells? Domain 3.0.5. Pure."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from models.enums import AMONG_OFFICERS, ASKING_NOTICES, CaseState, EventKind, NoticeKind, Role, TaskState
from webapp.clock import day_of
from webapp.services.cases.beside import REACHED, asked_in
from webapp.services.cases.history import SAID_ASIDE
from webapp.services.cases.pauses import HALTS
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet
from webapp.services.doctor.timers import PATIENCE

KEPT = timedelta(days=300)  # Notices may be dropped when they are a year old.
# Of these an office is told in any case, as it is always there.
NEWS = {
    kind: NoticeKind(kind)
    for kind in (
        EventKind.RETURNED,
        EventKind.RECORD_CONFLICT,
        EventKind.RESUBMITTED,
        EventKind.RECALLED,
        EventKind.ANSWERED,
        EventKind.URGED,
        EventKind.COPIED,
        EventKind.REJECTED,
        EventKind.WITHDRAWN,
        EventKind.REVOKED,
        EventKind.TERMINATED,
        EventKind.COMPLETED,
    )
}
_UNTOLD = {
    NoticeKind.SUBMITTED: Code.BEGINNING_UNTOLD,
    NoticeKind.URGED: Code.URGE_UNTOLD,
    NoticeKind.COPIED: Code.PAST_UNTOLD,
}
SAYS_NOTHING = (CaseState.DRAFT, CaseState.IN_REVIEW)


def check_outbox(sheet: Sheet) -> Iterator[Finding]:
    """Yield what waits too long to be told, or is about a task that the case does not have."""
    tasks = {task.id for task in sheet.rows.tasks}
    for row in sheet.found["outbox"]:
        if row.task_id is not None and row.task_id not in tasks:
            yield sheet.finding(
                Code.OUTBOX_OF_NO_TASK, f"what is to be told ({row.kind}) is of no task of it"
            )
        if row.created_at is None or row.created_at < sheet.now - PATIENCE:
            yield sheet.finding(Code.OUTBOX_STUCK, f"nobody was told yet: {row.kind}")


def check_notices(sheet: Sheet) -> Iterator[Finding]:
    """Yield what was told twice, and which of the tasks that wait and of the states that last was told to nobody."""
    doubled = {row.kind for row in sheet.found["notices"] if row.doubled}
    for kind in sorted(doubled | {row.kind for row in sheet.found["doubled_deliveries"]}):
        yield sheet.finding(Code.NOTICE_DOUBLED, f"somebody was told twice: {kind}")
    for task in sheet.open_tasks():
        if not _is_told(sheet, task) and sheet.openings[task.key] > sheet.now - KEPT:
            yield sheet.finding(Code.ARRIVAL_UNTOLD, "is open, and nobody of its post was told", task.key)
    for kind, times in _news(sheet).items():
        if times > _times_told(sheet, kind):
            yield sheet.finding(_untold(sheet, kind), f"nobody was told each time that it happened: {kind}")
    yield from _without_cause(sheet)
    yield from _past_arrivals(sheet)
    yield from _family(sheet)
    for late in sheet.found["late_deliveries"]:
        what = f"{late.number} messages were to be sent by {late.channel} more than an hour ago"
        yield sheet.finding(Code.DELIVERY_STUCK, what)


def _without_cause(sheet: Sheet) -> Iterator[Finding]:
    """Yield what was told, or is about to be, oftener than it happened: each office with a task hears of an urging."""
    happened = Counter(NEWS[event.kind] for event in sheet.rows.events if event.kind in NEWS)
    anew = sum(REACHED in event.payload for event in sheet.rows.events)
    happened[NoticeKind.SUBMITTED] = 1 + anew
    happened[NoticeKind.RESUBMITTED] -= anew
    happened[NoticeKind.URGED] *= len(sheet.rows.tasks)
    for kind in sorted({*NEWS.values(), NoticeKind.SUBMITTED}):
        if _times_told(sheet, kind) > happened[kind]:
            yield sheet.finding(Code.TOLD_WITHOUT_CAUSE, f"was told oftener than it happened: {kind}")


def _news(sheet: Sheet) -> Counter[NoticeKind]:
    """Return how often the history says that somebody was told of something who is there, by kind."""
    since = sheet.now - KEPT
    told = Counter(NEWS[event.kind] for event in sheet.rows.events if event.kind in NEWS and event.at > since)
    anew = [event for event in sheet.rows.events if REACHED in event.payload and event.at > since]
    told[NoticeKind.RESUBMITTED] -= len(anew)
    if _applicant_is_there(sheet):
        told[NoticeKind.SUBMITTED] += len(anew) + (sheet.case.submitted_at > since)
    return told


def _untold(sheet: Sheet, kind: NoticeKind) -> Code:
    if kind in _UNTOLD:
        return _UNTOLD[kind]
    if sheet.state not in SAYS_NOTHING and kind == state_notice(sheet):
        return Code.STATE_UNTOLD
    return Code.NEWS_UNTOLD if kind == last_news(sheet)[0] else Code.PAST_UNTOLD


def last_news(sheet: Sheet) -> tuple[NoticeKind | None, str]:
    """Return what is told of the last entry that is more than talk, if that is told, and of which task."""
    last = next(event for event in reversed(sheet.rows.events) if event.kind not in SAID_ASIDE)
    if last.kind == EventKind.RESUBMITTED:
        halted = sheet.last(*HALTS)
        return NoticeKind.RESUBMITTED, str(halted and halted.task_key)
    of = str(last.task_key)
    if last.kind == EventKind.ANSWERED:
        of = next(
            asked.origin for event in sheet.rows.events if (asked := asked_in(event)) and asked.key == of
        )
    return NEWS.get(last.kind), of


def _past_arrivals(sheet: Sheet) -> Iterator[Finding]:
    for task in sheet.rows.tasks:
        opened_at = sheet.openings.get(task.key, task.opened_at)
        is_past = task.state != TaskState.OPEN and opened_at and opened_at > sheet.now - KEPT
        if is_past and not sheet.told & {(kind, task.id) for kind in ASKING_NOTICES}:
            yield sheet.finding(Code.PAST_UNTOLD, "was asked of a post of which nobody was told", task.key)


def _family(sheet: Sheet) -> Iterator[Finding]:
    """Yield what others were told, and whoever applied was not, being there all the time."""
    school = sheet.case.applicant_office_id
    steps = sheet.definition.steps
    theirs = {task.id for task in sheet.rows.tasks if task.step in steps and steps[task.step].blocking}
    for row in sheet.found["notices"]:
        if row.kind in AMONG_OFFICERS or row.task_id not in {None, *theirs}:
            continue
        is_left_out = _guardian_is_there(sheet) and sheet.case.applicant_id not in (row.family or ())
        if is_left_out or (school is not None and f"{school} {Role.REGISTRAR}" not in row.posts):
            yield sheet.finding(
                Code.FAMILY_UNTOLD, f"others were told, and whoever applied was not: {row.kind}"
            )


def _is_told(sheet: Sheet, task: Row[Any]) -> bool:
    """Whether the office and role that has a task was told of it, or is about to be; or is another by today's rules."""
    waits = {(row.kind, row.task_id) for row in sheet.found["outbox"]}
    if waits & {(kind, task.id) for kind in ASKING_NOTICES}:
        return True
    if task.id in {row.id for row in sheet.found["misaddressed"]}:
        return (NoticeKind.ARRIVED, task.id) in sheet.told
    post = f"{task.office_id} {task.role}"
    return any(
        row.task_id == task.id and row.kind in ASKING_NOTICES and post in row.posts
        for row in sheet.found["notices"]
    )


def _applicant_is_there(sheet: Sheet) -> bool:
    """Whether there is somebody to be told what only the family and the school that applied are told."""
    if sheet.case.applicant_office_id is not None or _guardian_is_there(sheet):
        return True
    return any(row.family for row in sheet.found["notices"] if row.kind == NoticeKind.ARRIVED)


def _guardian_is_there(sheet: Sheet) -> bool:
    """Whether the guardian who applied has been one from then until today."""
    applied, today = day_of(sheet.case.submitted_at), day_of(sheet.now)
    return any(
        bond.valid_from and bond.valid_from <= applied and (bond.valid_to is None or bond.valid_to > today)
        for bond in sheet.found["applicant"]
    )


def _times_told(sheet: Sheet, kind: NoticeKind) -> int:
    told = sum(int(row.times) for row in sheet.found["notices"] if row.kind == kind)
    return told + [row.kind for row in sheet.found["outbox"]].count(kind)


def state_notice(sheet: Sheet) -> NoticeKind:
    """Return what is told of the state that a case is in."""
    in_conflict = sheet.state == CaseState.RETURNED and sheet.last(
        EventKind.RETURNED, EventKind.RECORD_CONFLICT
    )
    if in_conflict and in_conflict.kind == EventKind.RECORD_CONFLICT:
        return NoticeKind.RECORD_CONFLICT
    return NoticeKind(sheet.state)
