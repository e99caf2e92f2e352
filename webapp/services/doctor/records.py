"""Is a completed case's change in the student's record, as its last entry says? Domain 3.1.6. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row

from models.enums import CaseState, EventKind, RegistryState
from webapp.clock import day_of
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet

# What stands beside the record, so that the database does not count its change as another version.
BESIDE = frozenset({"ethnicity", "native_place", "political_status"})


def check_record(sheet: Sheet) -> Iterator[Finding]:
    """Yield what a completed case has not changed, or what stands there otherwise with no case behind it."""
    completed = sheet.last(EventKind.COMPLETED)
    if sheet.state != CaseState.COMPLETED or completed is None:
        return
    change: Any = completed.payload["record"]
    if "school" in change["after"]:
        yield from _transferred(sheet, change, day_of(completed.at))
    else:
        yield from _changed(sheet, change["after"])


def _changed(sheet: Sheet, after: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what a change at one school has not changed, as long as no later case has."""
    if not BESIDE.issuperset(after):
        yield from _counted(sheet, sheet.case.record_version + 1)
    for row in [row for row in sheet.found["record"] if row.is_last][:1]:
        if row.state != after.get("state", row.state):
            yield sheet.finding(Code.RECORD_DIFFERS, f"the student is {row.state}, and not {after['state']}")


def _transferred(sheet: Sheet, change: Mapping[str, Any], on: date) -> Iterator[Finding]:
    before, after = change["before"], change["after"]
    left = [row for row in sheet.found["record"] if (row.school_id, row.ended_on) == (before["school"], on)]
    if not any(row.ended_as == RegistryState.TRANSFERRED_OUT for row in left):
        yield sheet.finding(Code.ENROLMENT_NOT_ENDED, f"the enrolment at the school left did not end on {on}")
    yield from _counted(sheet, sheet.case.record_version + _steps(after))
    if sheet.case.facts["receiving_here"]:
        yield from _arrived(sheet, after, on)
    elif _last(sheet) and not any(row.ended_on is None for row in sheet.found["record"]):
        yield from _departed(sheet)


def _last(sheet: Sheet) -> bool:
    return any(row.is_last for row in sheet.found["record"])


def _steps(after: Mapping[str, Any]) -> int:
    """How often the database counts a transfer: leaving, and joining or being away; a new number once more."""
    return 3 if "number" in after else 2


def _counted(sheet: Sheet, least: int) -> Iterator[Finding]:
    for row in sheet.found["record"][:1]:
        if row.version < least:
            yield sheet.finding(
                Code.RECORD_NOT_COUNTED, f"the record has version {row.version}, and not {least}"
            )


def _arrived(sheet: Sheet, after: Mapping[str, Any], on: date) -> Iterator[Finding]:
    joined = [
        row for row in sheet.found["record"] if (row.school_id, row.started_on) == (after["school"], on)
    ]
    if not joined:
        yield sheet.finding(Code.ENROLMENT_MISSING, f"no enrolment at the receiving school begins on {on}")
    elif joined[0].is_last:
        yield from _present(sheet, joined[0], after)


def _present(sheet: Sheet, joined: Row[Any], after: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what of the record differs that no later case has changed; only what else counted it may, the grade."""
    if "number" in after and joined.registry_number != after["number"]:
        yield sheet.finding(Code.NUMBER_DIFFERS, f"the record has another number than {after['number']}")
    active = [row for row in sheet.found["record"] if row.ended_on is None]
    if any(row.school_id != after["school"] for row in active):
        yield sheet.finding(Code.RECORD_DIFFERS, "the student is at a school to which no case has led")
    elif joined.version == sheet.case.record_version + _steps(after) and joined.grade != after["grade"]:
        yield sheet.finding(
            Code.RECORD_DIFFERS, f"the student is in grade {joined.grade}, and not {after['grade']}"
        )


def _departed(sheet: Sheet) -> Iterator[Finding]:
    state = sheet.found["record"][0].state
    if state != RegistryState.TRANSFERRED_OUT:
        yield sheet.finding(Code.RECORD_DIFFERS, f"the student has left for another province, and is {state}")
