"""Has each task been claimed by whom the history names and who may take it, and was it done for whom it names? Pure.

A claim lapses with the post, and nothing tells of it: so one that is gone is no finding, but never is it another's.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row

from models.enums import EventKind, TaskState
from webapp.services.cases.beside import asked_in
from webapp.services.cases.chain import Plain
from webapp.services.cases.history import away_of
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet

CLAIMS = (EventKind.CLAIMED, EventKind.HANDED_OVER)


def check_claims(sheet: Sheet) -> Iterator[Finding]:
    """Yield the open tasks that are claimed by another than the history names, or by somebody who may not take them."""
    astray = {row.id for row in sheet.found["lapsed_claims"]}
    claimed = _claims(sheet)
    for task in sheet.open_tasks():
        if task.claimed_by_id not in (None, claimed.get(task.key)):
            said = "is claimed by somebody of whom the history does not say so"
            yield sheet.finding(Code.CLAIM_ASTRAY, said, task.key)
        elif task.id in astray:
            said = "is claimed by somebody who does not hold its post or must not decide it"
            yield sheet.finding(Code.CLAIM_ASTRAY, said, task.key)


def check_substitutes(sheet: Sheet) -> Iterator[Finding]:
    """Yield the tasks that were done for another, or for nobody, than the history says."""
    for task in sheet.rows.tasks:
        if task.state == TaskState.DONE and task.ended_for_id != away_by_history(sheet, task):
            said = "was done in the place of somebody else than the history names"
            yield sheet.finding(Code.ABSENTEE_DIFFERS, said, task.key)


def _claims(sheet: Sheet) -> Mapping[str, Plain]:
    """Return who has each task by the history, by key: whoever claimed it, got it, or was asked in person."""
    holders: dict[str, Plain] = {}
    for event in sheet.rows.events:
        if asked := asked_in(event):
            holders[asked.key] = asked.account_id
        elif event.kind in CLAIMS:
            holders[str(event.task_key)] = event.payload.get("to", event.actor_id)
        elif event.kind == EventKind.RELEASED:
            holders[str(event.task_key)] = None
    return holders


def away_by_history(sheet: Sheet, task: Row[Any]) -> int | None:
    """Return in whose place a task was done, if its end in the history names a substitute (代理)."""
    ends = (
        event
        for event in reversed(sheet.rows.events)
        if (event.task_key, event.at, event.actor_id) == (task.key, task.ended_at, task.ended_by_id)
    )
    end = next(ends, None)
    return away_of(end) if end else None
