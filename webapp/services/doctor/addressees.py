"""Is each open task asked of whom the rules give, and kept from whom its step is separate from? Pure."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from models.enums import ADVICE, ASKING_NOTICES, Ask
from webapp.services.cases.beside import asked_in, step_of
from webapp.services.cases.history import who_asked
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet


def kept_by(sheet: Sheet, task: Row[Any]) -> dict[str, list[Any]]:
    """Return what keeps people from a task: the steps that it is separate from; from advice, who asked for it."""
    if task.ask in ADVICE:
        return {"separate_from": [], "asker_ids": sorted(who_asked(sheet.rows.events, task.key))}
    signed = (task.step,) if task.ask == Ask.COSIGNATURE else ()
    return {"separate_from": [*sheet.definition.steps[task.step].apart, *signed], "asker_ids": []}


def check_addressees(sheet: Sheet) -> Iterator[Finding]:
    """Yield whose task is kept from others than the rules say, or is asked of another than by the rules of today.

    Also of tasks that have ended: they may be opened again.
    """
    for task in sheet.rows.tasks:
        if _is_known(sheet, task) and any(
            getattr(task, column) != right for column, right in kept_by(sheet, task).items()
        ):
            yield sheet.finding(
                Code.SEPARATION_DIFFERS, "is kept from others than its process and its history say", task.key
            )
    misaddressed = {row.id for row in sheet.found["misaddressed"]}
    # The worker asks again whether these are with the right people, as it tells them.
    settling = {row.task_id for row in sheet.found["outbox"] if row.kind in ASKING_NOTICES}
    for task in sheet.open_tasks():
        if task.id in misaddressed - settling:
            yield sheet.finding(Code.ADDRESSEE_DIFFERS, "is asked of somebody whom no rule gives", task.key)


def _is_known(sheet: Sheet, task: Row[Any]) -> bool:
    """Whether the task is what its history says that was opened; else that is found."""
    if task.key not in sheet.openers or task.step != step_of(task.key):
        return False
    asked = asked_in(sheet.openers[task.key].event)
    return bool(task.ask == (asked.ask if asked and asked.key == task.key else None))
