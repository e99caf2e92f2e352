"""When did a clock stand still, and until when does its limit run by that? Domain 3.0.3. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.enums import Ask, EventKind
from webapp.clock import day_of
from webapp.services.calendar.deadlines import LEAST_DAYS_LEFT, overdue_at
from webapp.services.calendar.working_days import Due, WorkingCalendar
from webapp.services.cases.beside import asked_in, closed_by, still_asked
from webapp.services.cases.chain import Event
from webapp.services.cases.clocks import days_left
from webapp.services.doctor.sheets import HALTS, Sheet


@dataclass(frozen=True, slots=True)
class Pause:
    """From which entry on a clock stood still, and from which on it ran on, if it has."""

    since: Event
    back: Event | None = None

    @property
    def least(self) -> int:
        """With how many working days at least it runs on: nobody gains a day by a second look within one."""
        assert self.back is not None, "it runs on"
        is_look = self.since.kind == EventKind.SENT_BACK
        return 0 if is_look and day_of(self.since.at) == day_of(self.back.at) else LEAST_DAYS_LEFT


def run_on(calendar: WorkingCalendar, due: Due, pauses: Iterable[Pause]) -> Due:
    """Return when a limit ends that would end on `due` had its clock never stood still.

    A question that was taken back stopped no clock, and what was over stays over. DayOutOfCalendar.
    """
    for pause in pauses:
        if pause.back is None or pause.back.kind == EventKind.UNASKED:
            continue
        if overdue_at(due.day) > pause.since.at:
            left = days_left(calendar, day_of(pause.since.at), due.day)
            due = calendar.due(day_of(pause.back.at), max(left, pause.least))
    return due


def pauses_of_case(sheet: Sheet) -> Sequence[Pause]:
    """Return when the clock of a whole case stood still since it began, the last time."""
    found: list[Pause] = []
    for event in sheet.rows.events[sheet.began :]:
        if event.kind in HALTS:
            found.append(Pause(event))
        elif event.kind == EventKind.RESUBMITTED:
            found[-1] = Pause(found[-1].since, event)
    return found


def pauses_of(sheet: Sheet, key: str) -> Sequence[Pause]:
    """Return when the clock of a task stood still since it was opened: for the applicant, or for a second look."""
    found: list[Pause] = []
    until: Iterable[str] = ()  # the second look that it waits for
    for event in sheet.rows.events[sheet.openers[key].event.seq :]:
        asked = asked_in(event)
        if asked and (asked.ask, asked.origin) == (Ask.SECOND_LOOK, key):
            until = (asked.key,)
            found.append(Pause(event))
        elif event.kind in HALTS and key in _running(sheet, event):
            until = ()
            found.append(Pause(event))
        elif found and found[-1].back is None and _ends(event, until):
            found[-1] = Pause(found[-1].since, event)
    return found


def moved_to(sheet: Sheet, began: datetime, due: Due, pauses: Sequence[Pause]) -> Due | None:
    """Return the same for what began then, unless the days meanwhile were others than they are today."""
    moved = run_on(sheet.calendar, due, pauses)
    return moved if sheet.calendar_stood(began, moved.day) else None


def _ends(event: Event, looks: Iterable[str]) -> bool:
    """Whether a clock runs on with an entry: that of a second look, if it waits for one."""
    if looks:
        answered = {event.task_key} if event.kind == EventKind.ANSWERED else set()
        return not {*answered, *closed_by(event)}.isdisjoint(looks)
    return event.kind == EventKind.RESUBMITTED


def _running(sheet: Sheet, event: Event) -> set[str]:
    """Return the tasks whose clocks an entry stops that hands the case back."""
    asked = still_asked(sheet.rows.events[: event.seq])
    halted = {one.origin for one in asked.values() if one.ask in (Ask.SECOND_LOOK, Ask.COSIGNATURE)}
    opened = {task.key for task in sheet.fold(event.seq).opened if task.step.blocking}
    return (opened | asked.keys()) - halted
