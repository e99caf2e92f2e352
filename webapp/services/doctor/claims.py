"""Has each task been claimed by somebody who may take it, and was it done for whom the history names? Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row

from models.enums import TaskState
from webapp.services.cases.chain import Plain
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet


def check_claims(sheet: Sheet) -> Iterator[Finding]:
    """Yield the open tasks that are claimed by somebody who may not take them: in no post, or kept from them."""
    astray = {row.id for row in sheet.found["lapsed_claims"]}
    for task in sheet.open_tasks():
        if task.id in astray:
            said = "is claimed by somebody who does not hold its post or must not decide it"
            yield sheet.finding(Code.CLAIM_ASTRAY, said, task.key)


def check_substitutes(sheet: Sheet) -> Iterator[Finding]:
    """Yield the tasks that were done for another, or for nobody, than the history says."""
    for task in sheet.rows.tasks:
        if task.state == TaskState.DONE and task.ended_for_id != away_by_history(sheet, task):
            said = "was done in the place of somebody else than the history names"
            yield sheet.finding(Code.ABSENTEE_DIFFERS, said, task.key)


def away_by_history(sheet: Sheet, task: Row[Any]) -> Plain:
    """Return in whose place a task was done, if its end in the history names a substitute (代理)."""
    ends = (
        event
        for event in reversed(sheet.rows.events)
        if (event.task_key, event.at, event.actor_id) == (task.key, task.ended_at, task.ended_by_id)
    )
    end = next(ends, None)
    away = end.payload.get("instead_of") if end else None
    return away["id"] if isinstance(away, Mapping) else None
