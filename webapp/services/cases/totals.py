"""The time limit of a whole case (总时限), beside those of its steps and with the same signals: domain 3.0.4, 3.1.7.

Where the law states none, a case is due when the longest way of all its steps is. While it is with the applicant its
clock stands still, and then runs on with the working days that were left. What is past its total stays so.
"""

from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import CaseTimer, ChangeRequest
from models.enums import CaseTimerKind
from webapp.clock import day_of
from webapp.services.calendar.deadlines import overdue_at, timer_for
from webapp.services.calendar.working_days import Due, WorkingCalendar
from webapp.services.cases import pauses
from webapp.services.cases.history import WAYS_REMEMBERED
from webapp.services.cases.routing import FactsKey, engine_facts, facts_as_key
from workflows import engine
from workflows.definition import Definition

TOTAL = ""  # the key of the total among the timers of a case

# Stops the clock of a case that goes back to its applicant; that it was over already is told all the same.
STAND_STILL = f"""
DELETE FROM case_timer USING change_request c
 WHERE c.id = change_request_id AND c.id = %(case)s AND key = '{TOTAL}'
   AND (c.due_on + interval '1 day') AT TIME ZONE 'Asia/Shanghai' > %(at)s
"""  # noqa: S608 - the key is our own


def total_limit(definition: Definition, facts: engine.Facts) -> int:
    """Return how many working days a whole case may take: by its packs' rule, else by its steps one after another."""
    return _total_limit(definition, facts_as_key(facts))


@lru_cache(maxsize=WAYS_REMEMBERED)
def _total_limit(definition: Definition, known: FactsKey) -> int:
    facts = dict(known)
    stated = definition.decisions["case_limits"].decide(facts)
    if stated is not None:
        limit_days = stated["case_limit"]
        assert isinstance(limit_days, int), "days are worked as a whole"
        return limit_days
    return max((step.leaves for step in engine.preview(definition, facts)), default=0)


def begin(
    session: Session, case: ChangeRequest, calendar: WorkingCalendar, limit_days: int, at: datetime
) -> None:
    """Freeze into a case that is submitted `at` how long it may take, and let it be told when that is over."""
    case.limit_days = limit_days
    _end_with(session, case, calendar, calendar.due(day_of(at), limit_days), at)


def begin_anew(
    session: Session, case: ChangeRequest, calendar: WorkingCalendar, definition: Definition, at: datetime
) -> None:
    """Give a case that begins anew the whole time again."""
    assert case.submitted_at is not None, "it was submitted"
    disarm(session, case.id)
    due = calendar.due(day_of(at), total_limit(definition, engine_facts(case.facts)))
    case.limit_days = calendar.working_days_between(day_of(case.submitted_at), due.day)
    _end_with(session, case, calendar, due, at)


def timer_of(calendar: WorkingCalendar, case_id: int, due_on: date, at: datetime) -> CaseTimer:
    """Return the timer by which it is told what is next to be said of a case's total after `at`."""
    kind, due_at = timer_for(calendar, at, due_on)
    return CaseTimer(change_request_id=case_id, key=TOTAL, kind=CaseTimerKind(kind), due_at=due_at)


def run_on(
    session: Session, case: ChangeRequest, calendar: WorkingCalendar, *, returned_at: datetime, at: datetime
) -> None:
    """Let the clock of a case that was returned run on with the working days that were left then."""
    assert case.due_on is not None, "it was submitted"
    assert case.submitted_at is not None, "it was submitted"
    if overdue_at(case.due_on) <= returned_at:
        return
    due = Due(case.due_on, case.due_provisional)
    due = pauses.run_on(calendar, due, [pauses.Pause(returned_at, at)])
    # As if the limit had been longer from the start, so that a calendar loaded later gives the same day.
    case.limit_days = calendar.working_days_between(day_of(case.submitted_at), due.day)
    _end_with(session, case, calendar, due, at)


def disarm(session: Session, case_id: int) -> None:
    """Let a case that ends take its timers with it."""
    session.execute(delete(CaseTimer).where(CaseTimer.change_request_id == case_id))


def _end_with(
    session: Session, case: ChangeRequest, calendar: WorkingCalendar, due: Due, at: datetime
) -> None:
    case.due_on, case.due_provisional = due.day, due.provisional
    session.add(timer_of(calendar, case.id, due.day, at))
