"""How each thing that is derivable is derived anew, of a case that is locked. The caller commits."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Bulk, BulkItem, CaseTimer, ChangeRequest, Outbox, ReturnRequest, Task, Timer
from models.enums import BulkResult, CaseTimerKind, NoticeKind, TaskState
from webapp.clock import day_of
from webapp.services.audit.findings import Fault
from webapp.services.audit.replay import addressed
from webapp.services.calendar.deadlines import timer_for
from webapp.services.cases import clocks, rows, totals
from webapp.services.cases.bulks import UNDO_WITHIN
from webapp.services.cases.diagram_timers import set_timers
from webapp.services.cases.history import who_asked
from webapp.services.cases.routing import new_task_beside, new_tasks
from webapp.services.doctor.addressees import kept_by
from webapp.services.doctor.bulks import approved_together, bulk_said
from webapp.services.doctor.claims import away_by_history
from webapp.services.doctor.clocks import pauses_of
from webapp.services.doctor.deadlines import days_left, expected, limit_of
from webapp.services.doctor.findings import Code
from webapp.services.doctor.notices import last_news, state_notice
from webapp.services.doctor.returns import paired_returns
from webapp.services.doctor.sheets import Sheet
from webapp.services.doctor.totals import total_due, total_of
from webapp.services.offices.addressees import reroute_tasks
from workflows.engine import OpenedTask

Derivation: TypeAlias = Callable[[Session, Sheet, str], None]
"""Takes the key of the task that the finding is about, or an empty one."""


def _token(session: Session, sheet: Sheet, _: str) -> None:
    _set_case(session, sheet, token=sheet.standing.token)


def _open(session: Session, sheet: Sheet, key: str) -> None:
    """Open a task as today, due as of its opening; when it was opened is set right as the next finding."""
    if any(task.key == key for task in sheet.rows.tasks):  # cancelled, by whomever
        _disarm(session, sheet, key)
    wanted, at = sheet.standing.wanted[key], sheet.openings[key]
    if wanted.asked:
        askers = who_asked(sheet.rows.events, key)
        task = new_task_beside(wanted.asked, wanted.step, sheet.calendar, at, askers)
    else:
        [task] = new_tasks(
            [OpenedTask(key, wanted.step, wanted.role, wanted.due)], sheet.case.seats, sheet.calendar, at
        )
    rows.open_tasks(session, sheet.case.case_id, [task], sheet.now)


def _ask(session: Session, sheet: Sheet, key: str) -> None:
    _set(session, sheet, key, **addressed(sheet.standing.wanted[key]))
    _readdress(session, sheet, key)


def _release(session: Session, sheet: Sheet, key: str) -> None:
    _set(session, sheet, key, claimed_by_id=None)


def _name_absentee(session: Session, sheet: Sheet, key: str) -> None:
    _set(session, sheet, key, ended_for_id=away_by_history(sheet, sheet.task(key)))


def _cancel(session: Session, sheet: Sheet, key: str) -> None:
    _set(session, sheet, key, state=TaskState.CANCELLED, days_left=None, ended_at=sheet.case.ended_at)
    _disarm(session, sheet, key)


def _write_returns(session: Session, sheet: Sheet, _: str) -> None:
    """Let all that was ever asked for stand as the history says; where its task is lost, that is another finding."""
    tasks = {task.key: task.id for task in sheet.rows.tasks}
    for row, said in paired_returns(sheet):
        if said is None or said.task_key not in tasks:
            continue
        values = {**said.columns, "task_id": tasks[said.task_key]}
        if row is None:
            session.add(ReturnRequest(change_request_id=sheet.case.case_id, **values))
        else:
            request = update(ReturnRequest).where(ReturnRequest.id == row.id).values(**values)
            session.execute(request, execution_options={"synchronize_session": False})


def _suspend(session: Session, sheet: Sheet, key: str) -> None:
    *_, last = pauses_of(sheet, key)
    clocks.suspend(sheet.calendar, _task(session, sheet, key), day_of(last.since.at))
    _disarm(session, sheet, key)


def _resume(session: Session, sheet: Sheet, key: str) -> None:
    """Let a clock run on from when the case was handed in again; one that never had to stand still, as it was."""
    task, pauses = _task(session, sheet, key), pauses_of(sheet, key)
    if pauses and (back := pauses[-1].back):
        clocks.let_run_on(sheet.calendar, task, since=pauses[-1].since.at, at=back.at)
    task.state, task.days_left = TaskState.OPEN, None
    session.flush()
    _readdress(session, sheet, key)


def _opening(session: Session, sheet: Sheet, key: str) -> None:
    _set(session, sheet, key, opened_at=sheet.openings[key])


def _limit(session: Session, sheet: Sheet, key: str) -> None:
    """As the step says; once the clock stood still, as the due date says, unless that is lost too."""
    task = sheet.task(key)
    limit: int | None = limit_of(sheet, task)
    if expected(sheet, task) is None:
        opened_on, said = day_of(sheet.openings[key]), sheet.openers[key].limit_days
        limit = sheet.calendar.working_days_between(opened_on, task.due_on) if task.due_on else said
    _set(session, sheet, key, limit_days=limit)


def _due(session: Session, sheet: Sheet, key: str) -> None:
    due = expected(sheet, sheet.task(key))
    assert due is not None, "else its limit was found"
    _set(session, sheet, key, due_on=due.due_on, due_provisional=due.provisional)


def _rest(session: Session, sheet: Sheet, key: str) -> None:
    _set(session, sheet, key, days_left=days_left(sheet, sheet.task(key)))


def _separate(session: Session, sheet: Sheet, key: str) -> None:
    task = sheet.task(key)
    _set(session, sheet, key, **kept_by(sheet, task))
    _readdress(session, sheet, key)


def _readdress(session: Session, sheet: Sheet, key: str) -> None:
    reroute_tasks(session, [sheet.task(key).id], day_of(sheet.now))


def _arm(session: Session, sheet: Sheet, key: str) -> None:
    task = sheet.task(key)
    kind, at = timer_for(sheet.calendar, sheet.now, task.due_on)
    timer = insert(Timer).values(task_id=task.id, kind=kind, due_at=at)
    session.execute(
        timer.on_conflict_do_update(index_elements=["task_id"], set_={"kind": kind, "due_at": at})
    )


def _disarm(session: Session, sheet: Sheet, key: str) -> None:
    session.execute(delete(Timer).where(Timer.task_id == sheet.task(key).id))


def _let_go(session: Session, sheet: Sheet, key: str) -> None:
    """Let a task wait no more in a bulk that has ended: it is to be approved by itself, or with others anew."""
    task = sheet.task(key)
    left = update(BulkItem).where(BulkItem.task_id == task.id, BulkItem.result == BulkResult.WAITING)
    session.execute(left.values(result=BulkResult.UNDONE), execution_options={"synchronize_session": False})


def _time_bulk(session: Session, sheet: Sheet, key: str) -> None:
    """Let a bulk that waits with a task of the case be carried out when it was sent for."""
    [bulk_id] = {
        item.bulk_id for item in sheet.found["bulks"] if (item.key, item.result) == (key, BulkResult.WAITING)
    }
    bulk = update(Bulk).where(Bulk.id == bulk_id).values(runs_at=Bulk.created_at + UNDO_WITHIN)
    session.execute(bulk, execution_options={"synchronize_session": False})


def _write_bulks(session: Session, sheet: Sheet, key: str) -> None:
    """Let what was carried out of a bulk, and the bulk itself, say what the entry says that names it."""
    for (bulk_id, decided), event in approved_together(sheet).items():
        if decided == key:
            its = (BulkItem.bulk_id == bulk_id, BulkItem.task_id == sheet.task(key).id)
            item = update(BulkItem).where(*its).values(result=BulkResult.DONE, told=None)
            session.execute(item, execution_options={"synchronize_session": False})
            bulk = update(Bulk).where(Bulk.id == bulk_id).values(**bulk_said(event))
            session.execute(bulk, execution_options={"synchronize_session": False})


def _total(session: Session, sheet: Sheet, _: str) -> None:
    _set_case(session, sheet, limit_days=total_of(sheet))


def _total_due(session: Session, sheet: Sheet, _: str) -> None:
    due = total_due(sheet)
    assert due is not None, "else its limit was found"
    _set_case(session, sheet, due_on=due.day, due_provisional=due.provisional)


def _arm_total(session: Session, sheet: Sheet, _: str) -> None:
    _disarm_total(session, sheet, _)
    session.add(totals.timer_of(sheet.calendar, sheet.case.case_id, sheet.case.due_on, sheet.now))


def _set_firings(session: Session, sheet: Sheet, _: str) -> None:
    if sheet.state.is_open:
        set_timers(session, sheet.case.case_id, sheet.case.process_version_id, sheet.case.process)
    else:
        totals.disarm(session, sheet.case.case_id)


def _keep(session: Session, sheet: Sheet, key: str) -> None:
    """Let a case stay where it is, of which a step is not over its limit."""
    its = (CaseTimer.change_request_id == sheet.case.case_id, CaseTimer.kind == CaseTimerKind.EXPIRED)
    session.execute(delete(CaseTimer).where(*its, CaseTimer.key == key))


def _disarm_total(session: Session, sheet: Sheet, _: str) -> None:
    its = (CaseTimer.change_request_id == sheet.case.case_id, CaseTimer.key == totals.TOTAL)
    session.execute(delete(CaseTimer).where(*its))


def _tell_arrival(session: Session, sheet: Sheet, key: str) -> None:
    _tell(session, sheet, NoticeKind.ARRIVED, sheet.task(key).id)


def _tell_beginning(session: Session, sheet: Sheet, _: str) -> None:
    _tell(session, sheet, NoticeKind.SUBMITTED, None)


def _tell_state(session: Session, sheet: Sheet, _: str) -> None:
    _tell(session, sheet, state_notice(sheet), None)


def _tell_news(session: Session, sheet: Sheet, _: str) -> None:
    kind, key = last_news(sheet)
    assert kind is not None, "it is told"
    _tell(session, sheet, kind, sheet.task(key).id)


def _tell(session: Session, sheet: Sheet, kind: NoticeKind, task_id: int | None) -> None:
    about = {"change_request_id": sheet.case.case_id, "task_id": task_id}
    session.add(Outbox(kind=kind, created_at=sheet.now, **about))


def _task(session: Session, sheet: Sheet, key: str) -> Task:
    return session.get_one(Task, sheet.task(key).id, populate_existing=True)


def _set_case(session: Session, sheet: Sheet, **columns: object) -> None:
    case = update(ChangeRequest).where(ChangeRequest.id == sheet.case.case_id)
    session.execute(case.values(**columns), execution_options={"synchronize_session": False})


def _set(session: Session, sheet: Sheet, key: str, **columns: object) -> None:
    task = update(Task).where(Task.id == sheet.task(key).id)
    session.execute(task.values(**columns), execution_options={"synchronize_session": False})


DERIVATIONS: Mapping[Code | Fault, Derivation] = {
    Code.TOKEN_DIFFERS: _token,
    Code.TASK_MISSING: _open,
    Code.TASK_MOVED: _ask,
    Code.TASK_OF_ENDED_CASE: _cancel,
    Code.TASK_SUSPENDED: _resume,
    Code.RETURN_ASTRAY: _write_returns,
    Code.RETURN_DIFFERS: _write_returns,
    Code.RETURN_LOST: _write_returns,
    Code.TASK_NOT_SUSPENDED: _suspend,
    Code.OPENING_DIFFERS: _opening,
    Code.LIMIT_DIFFERS: _limit,
    Code.DUE_DIFFERS: _due,
    Code.DAYS_LEFT_DIFFER: _rest,
    Code.SEPARATION_DIFFERS: _separate,
    Code.ADDRESSEE_DIFFERS: _readdress,
    Code.CLAIM_ASTRAY: _release,
    Code.ABSENTEE_DIFFERS: _name_absentee,
    Code.TIMER_MISSING: _arm,
    Code.TIMER_DIFFERS: _arm,
    Code.TIMER_LEFT: _disarm,
    Code.BULK_ITEM_LEFT: _let_go,
    Code.BULK_ITEM_DIFFERS: _write_bulks,
    Code.BULK_DIFFERS: _write_bulks,
    Code.BULK_TIME_DIFFERS: _time_bulk,
    Code.CASE_LIMIT_DIFFERS: _total,
    Code.CASE_DUE_DIFFERS: _total_due,
    Code.CASE_TIMER_MISSING: _arm_total,
    Code.CASE_TIMER_DIFFERS: _arm_total,
    Code.CASE_TIMER_LEFT: _disarm_total,
    Code.FIRING_MISSING: _set_firings,
    Code.FIRING_DIFFERS: _set_firings,
    Code.FIRING_LEFT: _set_firings,
    Code.EXPIRY_LEFT: _keep,
    Code.ARRIVAL_UNTOLD: _tell_arrival,
    Code.BEGINNING_UNTOLD: _tell_beginning,
    Code.STATE_UNTOLD: _tell_state,
    Code.NEWS_UNTOLD: _tell_news,
}
