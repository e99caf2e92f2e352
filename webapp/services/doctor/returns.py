"""Was a case handed back (退回补正) for what its history says, and settled when it says? Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import Row

from webapp.services.audit.case_check import STATE_AFTER
from webapp.services.cases.pauses import HALTS
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Return:
    """What the history says of a return, by column, and the key of the task from which the case was handed back."""

    task_key: str
    columns: Mapping[str, object]


def check_returns(sheet: Sheet) -> Iterator[Finding]:
    """Yield which returns are gone, were asked for by nobody, or say something else than the history does."""
    for row, said in paired_returns(sheet):
        if said is None:
            yield sheet.finding(Code.RETURN_EXTRA, "a return is settled that nobody asked for")
        elif row is None:
            yield sheet.finding(Code.RETURN_LOST, "was handed back, and nothing says for what", said.task_key)
        else:
            yield from _compare(sheet, row, said)


def paired_returns(sheet: Sheet) -> Sequence[tuple[Row[Any] | None, Return | None]]:
    """Return each return that is stored beside the one of the history: that of its time, else the next that is left."""
    left = sorted(sheet.found["all_returns"], key=lambda row: int(row.id))
    pairs: list[tuple[Row[Any] | None, Return | None]] = []
    lost: list[Return] = []
    for said in _returns(sheet):
        row = next((row for row in left if row.created_at == said.columns["created_at"]), None)
        if row is None:
            lost.append(said)
        else:
            left.remove(row)
            pairs.append((row, said))
    return [*pairs, *zip_longest(left, lost)]


def _returns(sheet: Sheet) -> Iterator[Return]:
    waiting: Return | None = None
    for event in sheet.rows.events:
        if event.kind not in STATE_AFTER:
            continue
        if waiting:
            yield Return(waiting.task_key, {**waiting.columns, "resolved_at": event.at})
            waiting = None
        if event.kind in HALTS:
            said = {what: event.payload.get(what) for what in ("items", "fields", "codes")}
            said |= {"reason": event.payload.get("opinion"), "requested_by_id": event.actor_id}
            waiting = Return(str(event.task_key), {**said, "created_at": event.at, "resolved_at": None})
    if waiting:
        yield waiting


def _compare(sheet: Sheet, row: Row[Any], said: Return) -> Iterator[Finding]:
    stored = row._asdict()
    if differing := [column for column, value in said.columns.items() if stored[column] != value]:
        what = f"was handed back otherwise than the history says: {', '.join(differing)}"
        yield sheet.finding(Code.RETURN_DIFFERS, what, said.task_key)
    if row.task_id not in {task.id for task in sheet.rows.tasks if task.key == said.task_key}:
        yield sheet.finding(Code.RETURN_ASTRAY, "is where it was returned, which is lost", said.task_key)
