"""Was each task that is approved together with others carried out, and has the case an entry of that? Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row

from models.enums import BulkResult, Outcome
from webapp.services.audit.case_check import ENDS_ITS_TASK
from webapp.services.cases.bulks import UNDO_WITHIN
from webapp.services.cases.chain import Event
from webapp.services.cases.history import away_of
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet
from webapp.services.doctor.timers import PATIENCE

NOT_YET = (BulkResult.LAPSED, BulkResult.UNDONE)


def check_bulks(sheet: Sheet) -> Iterator[Finding]:
    """Yield what waits too long, or in a bulk that has ended, and what became of a task otherwise than is said."""
    named = approved_together(sheet)
    for item in sheet.found["bulks"]:
        event = named.pop((item.bulk_id, item.key), None)
        if event is not None:
            yield from _carried_out(sheet, item, event)
        elif item.result == BulkResult.WAITING:
            yield from _waiting(sheet, item)
        elif item.result == BulkResult.DONE:
            what = f"is said to be approved in bulk {item.bulk_id}, and no entry says so"
            yield sheet.finding(Code.BULK_WITHOUT_EFFECT, what, item.key)
        elif item.result in NOT_YET and _is_to_come(sheet, item):
            what = f"is said to be {item.result} in bulk {item.bulk_id}, which is to be carried out yet"
            yield sheet.finding(Code.BULK_ITEM_ASTRAY, what, item.key)
    for bulk_id, key in named:
        yield sheet.finding(Code.BULK_ITEM_LOST, f"was approved in bulk {bulk_id}, which has it no more", key)


def approved_together(sheet: Sheet) -> dict[tuple[object, str | None], Event]:
    """Return the entries of decisions that name their bulk, by bulk and task."""
    return {
        (event.payload["bulk"], event.task_key): event
        for event in sheet.rows.events
        if event.kind in ENDS_ITS_TASK and "bulk" in event.payload
    }


def bulk_said(event: Event) -> Mapping[str, object]:
    """Return what an entry says of the bulk that it names, by column."""
    return {
        "account_id": event.actor_id,
        "office_id": event.office_id,
        "role": event.role,
        "instead_of_id": away_of(event),
        "outcome": event.outcome,
        "opinion": event.payload.get("opinion"),
    }


def _carried_out(sheet: Sheet, item: Row[Any], event: Event) -> Iterator[Finding]:
    if item.result != BulkResult.DONE:
        what = f"was approved in bulk {item.bulk_id}, which says that it is {item.result}"
        yield sheet.finding(Code.BULK_ITEM_DIFFERS, what, item.key)
    bulk = item._asdict()
    if differing := [column for column, value in bulk_said(event).items() if bulk[column] != value]:
        what = f"was approved in bulk {item.bulk_id}, which says otherwise: {', '.join(differing)}"
        yield sheet.finding(Code.BULK_DIFFERS, what, item.key)


def _waiting(sheet: Sheet, item: Row[Any]) -> Iterator[Finding]:
    if item.ended:
        what = f"waits in bulk {item.bulk_id}, which has ended"
        yield sheet.finding(Code.BULK_ITEM_LEFT, what, item.key)
    elif item.runs_at is None or item.runs_at < sheet.now - PATIENCE:
        what = f"was to be approved with others at {item.runs_at or 'no time at all'}"
        yield sheet.finding(Code.BULK_STUCK, what, item.key)
    if item.created_at is None or item.runs_at != item.created_at + UNDO_WITHIN:
        what = f"waits in bulk {item.bulk_id} to be carried out at another time than half a minute after it was sent"
        yield sheet.finding(Code.BULK_TIME_DIFFERS, what, item.key)
    if item.outcome != Outcome.APPROVE or item.version > sheet.case.version:
        what = (
            f"waits in bulk {item.bulk_id} for what nobody could send: {item.outcome}, version {item.version}"
        )
        yield sheet.finding(Code.BULK_ITEM_ASTRAY, what, item.key)


def _is_to_come(sheet: Sheet, item: Row[Any]) -> bool:
    return not item.ended and (item.runs_at is None or item.runs_at > sheet.now)
