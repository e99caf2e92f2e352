"""When did a clock stand still, and until when does its limit run by that? Domain 3.0.3. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.enums import Ask, EventKind
from webapp.clock import day_of
from webapp.services.calendar.deadlines import LEAST_DAYS_LEFT
from webapp.services.calendar.working_days import Due
from webapp.services.cases import pauses
from webapp.services.cases.beside import asked_in, closed_by, still_asked
from webapp.services.cases.chain import Event
from webapp.services.cases.pauses import HALTS
from webapp.services.doctor.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Pause:
    """From which entry on a clock stood still, and from which on it ran on, if it has."""

    since: Event
    back: Event | None = None

    def ended(self) -> pauses.Pause | None:
        """The same in times, once it runs on: nobody gains a day by a second look within one."""
        if self.back is None:
            return None
        within_a_day = day_of(self.since.at) == day_of(self.back.at)
        least = 0 if self.since.kind == EventKind.SENT_BACK and within_a_day else LEAST_DAYS_LEFT
        return pauses.Pause(self.since.at, self.back.at, least)


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
    """Return when the clock of a task stood still since it was opened: for the applicant, or for a second look.

    A look that came to nothing stopped no clock. What stopped the others meanwhile, or while the task was closed,
    stopped this one too if it was opened again.
    """
    found: list[Pause] = []
    missed: list[Pause] = []
    look: str | None = None  # that it waits for
    for event in sheet.rows.events[sheet.openers[key].event.seq :]:
        asked = asked_in(event)
        if asked and (asked.ask, asked.origin) == (Ask.SECOND_LOOK, key):
            look = asked.key
            found.append(Pause(event))
        elif event.kind in HALTS:
            stopped = found if key in _running(sheet, event) else missed
            stopped.append(Pause(event))
        elif event.kind == EventKind.RESUBMITTED:
            stopped[-1] = Pause(stopped[-1].since, event)
        elif event.kind == EventKind.ANSWERED and event.task_key == look:
            found[-1], missed, look = Pause(found[-1].since, event), [], None
        elif look in closed_by(event):
            found.pop()
            look = None
        if event.kind in (EventKind.UNASKED, EventKind.RECALLED) and key in _running(sheet, event):
            found, missed = [*found, *missed], []
    return found


def moved_to(sheet: Sheet, began: datetime, due: Due, stopped: Sequence[Pause]) -> Due | None:
    """Return the same for what began then, unless the days meanwhile were others than they are today."""
    moved = pauses.run_on(sheet.calendar, due, filter(None, (pause.ended() for pause in stopped)))
    return moved if sheet.calendar_stood(began, moved.day) else None


def _running(sheet: Sheet, event: Event) -> set[str]:
    """Return the tasks whose clocks an entry stops that hands the case back."""
    asked = still_asked(sheet.rows.events[: event.seq])
    halted = {one.origin for one in asked.values() if one.ask in (Ask.SECOND_LOOK, Ask.COSIGNATURE)}
    opened = {task.key for task in sheet.fold(event.seq).opened if task.step.blocking}
    return (opened | asked.keys()) - halted
