"""The timers of a case's diagram (定时事件): when each that is armed fires, as its history tells it.

While a case is with its applicant they stand still, as limits do. Legal deadlines are none of these (domain 3.0.4).
"""

import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import CaseTimer, ChangeRequest
from models.enums import CaseState, CaseTimerKind, EventKind
from webapp.clock import SHANGHAI, day_of
from webapp.database import PASSING
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.calendar.working_days import WorkingCalendar, calendar_of
from webapp.services.cases import history
from webapp.services.cases.beside import REACHED, engine_key
from webapp.services.cases.failures import FAILURES
from webapp.services.cases.pauses import Pause, pauses_in, run_on
from webapp.services.cases.routing import FactsKey, engine_facts, facts_as_key
from webapp.services.processes.versions import definition_of
from workflows.definition import Definition
from workflows.engine import ArmedTimer
from workflows.signatures import base_of
from workflows.timers import Wait

CHANGES = (*history.MOVES_THE_TOKEN, EventKind.OPENED, EventKind.RECALLED)

log = logging.getLogger(__name__)


def reset_timers(session: Session, case: ChangeRequest) -> None:
    """Do the same as `set_timers` with a mapped case."""
    session.flush()
    assert case.process_version is not None, "it was submitted"
    set_timers(session, case.id, case.process_version.id, case.process_version.sha256)


def set_timers(session: Session, case_id: int, version_id: int, sha256: str) -> None:
    """Arm the timers of a locked case as its history says, and those alone; the caller commits.

    `version_id` and `sha256` are of its process. A diagram without timers costs nothing.
    """
    definition = definition_of(session, version_id, sha256)
    if not definition.timers:
        return
    case = session.get_one(ChangeRequest, case_id)
    facts = facts_as_key(engine_facts(case.facts))
    due = firing(definition, facts, history.events_of(session, case_id), calendar_of(session))
    own = (CaseTimer.change_request_id == case_id, CaseTimer.kind == CaseTimerKind.FIRES)
    session.execute(delete(CaseTimer).where(*own, CaseTimer.key.not_in(due)))
    for key, due_at in due.items():
        armed = {"change_request_id": case_id, "key": key, "kind": CaseTimerKind.FIRES, "due_at": due_at}
        timer = insert(CaseTimer).values(armed)
        primary = [CaseTimer.change_request_id, CaseTimer.key]
        session.execute(timer.on_conflict_do_update(index_elements=primary, set_={"due_at": due_at}))


def follow_calendar(session: Session) -> None:
    """Compute again when the timers of all cases fire, as the calendar may know more days by now; commits for each.

    One whose timers cannot be computed keeps those that it has.
    """
    armed = select(CaseTimer.change_request_id).where(CaseTimer.kind == CaseTimerKind.FIRES).distinct()
    for case_id in session.scalars(armed).all():
        try:
            _follow(session, case_id)
        except PASSING:
            raise
        except FAILURES as failed:
            session.rollback()
            log.error("The timers of case %s do not follow the calendar: %s", case_id, failed)
        session.commit()


def _follow(session: Session, case_id: int) -> None:
    in_review = (ChangeRequest.id == case_id, ChangeRequest.state == CaseState.IN_REVIEW)
    locked = select(ChangeRequest).where(*in_review).with_for_update(key_share=True)
    case = session.scalar(locked.execution_options(populate_existing=True))
    if case is not None:  # else it ended, or went to its applicant, whose return computes them anew
        reset_timers(session, case)


def firing(
    definition: Definition, facts: FactsKey, told: Sequence[history.Dated], calendar: WorkingCalendar
) -> dict[str, datetime]:
    """Return when each timer that is armed after these entries fires, by key. Pure; raises what `engine.fold` does."""
    pauses = pauses_in(told)
    return {
        key: due_at(calendar, wait, since, pauses)
        for key, (wait, since) in _armed(definition, facts, told).items()
    }


def due_at(calendar: WorkingCalendar, wait: Wait, since: datetime, pauses: Sequence[Pause] = ()) -> datetime:
    """Return when a timer fires that was armed at `since`: working days (工作日) when the last of them is over."""
    if isinstance(wait, date):
        return datetime.combine(wait, time.min, SHANGHAI).astimezone(UTC)
    if isinstance(wait, timedelta):
        due = since + wait
        for pause in pauses:
            if since <= pause.since < due:
                due += pause.until - pause.since
        return due
    return _working_days_later(calendar, wait, since, pauses)


def _working_days_later(
    calendar: WorkingCalendar, days: int, since: datetime, pauses: Sequence[Pause]
) -> datetime:
    if days == 0:
        return since
    meanwhile = (pause for pause in pauses if pause.since >= since)
    return overdue_at(run_on(calendar, calendar.due(day_of(since), days), meanwhile).day)


def _armed(
    definition: Definition, facts: FactsKey, told: Sequence[history.Dated]
) -> dict[str, tuple[Wait, datetime]]:
    """Return what each armed timer waits for, and since when: one at the edge of a step, since that was first asked.

    Any other that is armed again, because what led to it was recalled and decided anew, begins anew: a public notice
    (公示) takes its days from the decision that stands.
    """
    begins = max((at for at, event in enumerate(told) if REACHED in event.payload), default=0)
    first: dict[str, datetime] = {}
    armed: dict[str, tuple[Wait, datetime]] = {}
    for count in range(begins, len(told)):
        event = told[count]
        if event.kind in CHANGES or REACHED in event.payload:
            log = history.log_of(history.entries_of(told[: count + 1]))
            timers = history.folded(definition, facts, log).timers
            for timer in timers:
                if timer.key not in armed and not _is_reopened(timer, event):
                    first[timer.key] = event.at
            armed = {timer.key: (timer.wait, first[timer.key]) for timer in timers}
    return armed


def _is_reopened(timer: ArmedTimer, event: history.Dated) -> bool:
    """Whether an entry gives back the step at whose edge a timer stands: its time has run on, as its limit has."""
    if event.kind != EventKind.RECALLED or timer.timer.step is None:
        return False
    return base_of(engine_key(str(event.task_key))) == f"{timer.timer.step}:{timer.key.rpartition(':')[2]}"
