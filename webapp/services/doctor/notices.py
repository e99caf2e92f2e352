"""Was everybody told, once, and is nothing left to tell that nobody tells? Domain 3.0.5. Pure."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from models.enums import ASKING_NOTICES, CaseState, EventKind, NoticeKind
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet
from webapp.services.doctor.timers import PATIENCE

KEPT = timedelta(days=300)  # Notices may be dropped when they are a year old.
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
    if sheet.case.submitted_at > sheet.now - KEPT and _beginning_is_untold(sheet):
        yield sheet.finding(Code.BEGINNING_UNTOLD, "it was handed in, and its applicant was not told")
    urged = sum(event.kind == EventKind.URGED and event.at > sheet.now - KEPT for event in sheet.rows.events)
    if urged > _times_told(sheet, NoticeKind.URGED):
        yield sheet.finding(
            Code.URGE_UNTOLD, f"it was urged {urged} times, and not each time was anybody told"
        )
    last = sheet.rows.events[-1]
    if sheet.state not in SAYS_NOTHING and last.at > sheet.now - KEPT and not state_was_told(sheet):
        yield sheet.finding(Code.STATE_UNTOLD, f"it is {sheet.state}, and nobody was told")


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


def _beginning_is_untold(sheet: Sheet) -> bool:
    """Whether an applicant who is there to be told, as he was told where the case went, was not told that it began."""
    arrivals = [row for row in sheet.found["notices"] if row.kind == NoticeKind.ARRIVED]
    is_there = sheet.case.applicant_office_id is not None or any(row.to_family for row in arrivals)
    return is_there and (NoticeKind.SUBMITTED, None) not in sheet.told


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


def state_was_told(sheet: Sheet) -> bool:
    """Whether anybody was told of the state that a case is in, or is about to be."""
    return state_notice(sheet) in {kind for kind, _ in sheet.told}
