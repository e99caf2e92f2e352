"""Is each open task asked of whom the rules give, and kept from whom its step is separate from? Pure."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from models.enums import ADVICE, ASKING_NOTICES, Ask, TaskState
from webapp.services.cases.history import who_asked
from webapp.services.doctor.claims import away_by_history
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet


def kept_from(sheet: Sheet, task: Row[Any]) -> set[int]:
    """Return who took a step that a task is separate from, and in whose place, before it was opened or since.

    Of advice that is whose question it answers.
    """
    wanted = sheet.standing.wanted[task.key]
    if wanted.is_advice:
        return who_asked(sheet.rows.events, task.key)
    signed = (task.step,) if wanted.asked and wanted.asked.ask == Ask.COSIGNATURE else ()
    separate = (*wanted.step.apart, *signed)
    return {
        account_id
        for other in sheet.rows.tasks
        for account_id in (other.ended_by_id, away_by_history(sheet, other))
        if account_id is not None
        and other.state == TaskState.DONE
        and other.step in separate
        and other.ask not in ADVICE
    }


def check_addressees(sheet: Sheet) -> Iterator[Finding]:
    """Yield whose task is open to somebody who must not take it, or is asked of another than by the rules of today."""
    for task in sheet.waiting():
        if kept_from(sheet, task) - {*task.excluded_ids}:
            yield sheet.finding(
                Code.EXCLUSION_MISSING,
                "is open to whoever took a step that it is separate from, or asked for it",
                task.key,
            )
    misaddressed = {row.id for row in sheet.found["misaddressed"]}
    # The worker asks again whether these are with the right people, as it tells them.
    settling = {row.task_id for row in sheet.found["outbox"] if row.kind in ASKING_NOTICES}
    for task in sheet.open_tasks():
        if task.id in misaddressed - settling:
            yield sheet.finding(Code.ADDRESSEE_DIFFERS, "is asked of somebody whom no rule gives", task.key)
