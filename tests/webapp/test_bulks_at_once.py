"""What is approved together when others are at work too: nothing is lost and nothing is decided twice."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models import Student, Timer
from models.enums import BulkResult, EventKind, Outcome, RegistryState, Role
from tests.webapp.road import Road, a_road
from tests.webapp.together import Together, carried_out, half_a_minute_later, waiting_together
from tests.webapp.waiting import until_one_waits
from webapp import errors
from webapp.commands.run import environment
from webapp.config import Settings
from webapp.database import session_at
from webapp.host.children import end_group, spawn
from webapp.services.cases import bulk_runs
from webapp.services.cases.bulk_runs import run_due
from webapp.services.cases.bulks import NothingFits, approve_together
from webapp.services.cases.decisions import decide
from webapp.services.cases.locks import lock_task
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

DONE, LAPSED, REFUSED, WAITING = BulkResult.DONE, BulkResult.LAPSED, BulkResult.REFUSED, BulkResult.WAITING
REST = 3  # of a second part
# Of this database alone, as other tests wait too.
WORKER_WAITS = text("""
    SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
                    WHERE NOT granted AND datname = current_database())
""")
WORKER = [sys.executable, "-m", "webapp", "worker"]


@pytest.fixture
def together(ward: Road) -> Together:
    """Nothing else waits in their database."""
    return waiting_together(ward.rival())


def another(session: Session) -> Session:
    return Session(session.get_bind(), info=session.info)


def approvals(together: Together) -> list[int]:
    """How often each case was approved at the county."""
    together.session.expire_all()
    return [
        sum(event.kind == EventKind.DECIDED and "in_county" in event.task_key for event in case.events)
        for case in together.cases
    ]


def test_two_workers_share_what_is_due(ward: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_runs, "PART", 1)
    together = waiting_together(ward.rival(), 6)
    ticked = list(together.ticked().items())
    halves = (dict(ticked[:3]), dict(ticked[3:]))
    sent = [approve_together(ward.session, together.officer, half) for half in halves]

    def work(_number: int) -> None:
        with another(ward.session) as own:
            for _ in range(12):
                run_due(own)

    with half_a_minute_later(), ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert [together.results(bulk) for bulk in sent] == [[DONE] * 3] * 2
    assert approvals(together) == [1] * 6


def test_of_two_who_send_the_same_tasks_at_once_one_is_told(together: Together) -> None:
    session = together.session
    colleague = makers.an_officer(session, together.tasks()[0].office, Role.HANDLER)
    ticked = together.ticked()
    session.commit()

    def send(officer: object) -> object:
        with another(session) as own:
            try:
                return approve_together(own, officer, ticked).id
            except NothingFits:
                return None

    with ThreadPoolExecutor(2) as pool:
        sent = list(pool.map(send, [together.officer, colleague]))
    assert len([bulk_id for bulk_id in sent if bulk_id]) == 1


def test_who_decides_while_the_worker_is_at_the_others_has_decided(together: Together) -> None:
    session, task = together.session, together.tasks()[1]
    version, task_id = task.change_request.version, task.id
    colleague = makers.an_officer(session, task.office, Role.HANDLER)
    bulk = together.send()
    with another(session) as own, another(session) as worker, half_a_minute_later():
        lock_task(own, task_id)
        assert run_due(worker) == 2
        decide(own, colleague, task_id, outcome=Outcome.APPROVE, version=version)
        assert run_due(worker) == 1
    assert together.results(bulk) == [DONE, LAPSED, DONE]
    assert approvals(together) == [1] * 3


def test_who_decides_while_the_worker_decides_reads_who_was_first(together: Together) -> None:
    session = together.session
    first, *_, last = together.tasks()
    first_id, version, last_id = first.id, first.change_request.version, last.id
    colleague = makers.an_officer(session, first.office, Role.HANDLER)
    bulk = together.send()
    with another(session) as own, another(session) as worker, another(session) as holder:
        holder.get_one(Timer, last_id, with_for_update=True)  # at which the worker waits, halfway
        with half_a_minute_later(), ThreadPoolExecutor(2) as pool:
            working = pool.submit(run_due, worker)
            until_one_waits(session, working)
            deciding = pool.submit(decide, own, colleague, first_id, outcome=Outcome.APPROVE, version=version)
            time.sleep(0.1)
            holder.rollback()
            with pytest.raises(errors.AlreadyDecided):
                deciding.result()
    assert together.results(bulk) == [DONE] * 3
    assert approvals(together) == [1] * 3


@contextmanager
def refused_by_the_database(session: Session, task_id: int) -> Iterator[None]:
    """Within the block nothing may be changed in a task, whatever it is."""
    session.execute(
        text("""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
    """)
    )
    broken = "CREATE TRIGGER broken BEFORE UPDATE ON task FOR EACH ROW WHEN (OLD.id = {}) EXECUTE FUNCTION refuse()"
    session.execute(text(broken.format(task_id)))
    session.commit()
    yield
    session.rollback()
    session.execute(text("DROP TRIGGER broken ON task; DROP FUNCTION refuse()"))
    session.commit()


def test_what_the_database_refuses_keeps_no_other_from_being_decided(together: Together) -> None:
    bulk, broken = together.send(), together.tasks()[1].id
    with refused_by_the_database(together.session, broken):
        carried_out(together.session)
    assert together.results(bulk) == [DONE, REFUSED, DONE]
    assert together.told(bulk) == ["WentWrong"]
    assert bulk.done_at is not None


def test_a_record_that_cannot_become_what_the_case_says_is_told_once(ward: Road) -> None:
    together = waiting_together(ward.rival(), 2, "releasing_authorities/out_county")
    session, bulk = ward.session, together.send()
    session.execute(text("ALTER TABLE student DISABLE TRIGGER USER"))
    gone = update(Student).where(Student.id == together.cases[0].student_id)
    session.execute(gone.values(state=RegistryState.WITHDRAWN))
    session.execute(text("ALTER TABLE student ENABLE TRIGGER USER"))
    session.commit()
    carried_out(session)
    assert together.results(bulk) == [REFUSED, DONE]
    assert together.told(bulk) == ["WentWrong"]


def test_what_somebody_has_locked_for_long_keeps_no_other_waiting_and_is_tried_again(
    together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, task_id = together.session, together.tasks()[1].id
    bulk, later = together.send(), waiting_together(together.roads[0].rival(), 2)
    after = later.send()
    with another(session) as own, another(session) as worker, half_a_minute_later():
        lock_task(own, task_id)
        assert run_due(worker) == 2
        assert together.results(bulk) == [DONE, WAITING, DONE]
        assert run_due(worker) == 2
        assert later.results(after) == [DONE] * 2
        assert run_due(worker) == 0
        own.rollback()
        assert run_due(worker) == 1
    assert together.results(bulk) == [DONE] * 3
    assert approvals(together) == [1] * 3


def test_a_connection_that_is_lost_in_the_middle_loses_nothing_else(together: Together) -> None:
    session, last_id = together.session, together.tasks()[-1].id
    bulk = together.send()
    with another(session) as worker, another(session) as holder, half_a_minute_later():
        holder.get_one(Timer, last_id, with_for_update=True)
        pid = worker.scalar(select(func.pg_backend_pid()))
        with ThreadPoolExecutor(1) as pool:
            working = pool.submit(until_done, worker)
            until_one_waits(session, working)
            holder.execute(select(func.pg_terminate_backend(pid)))
            holder.rollback()
            working.result()
    assert together.results(bulk) == [DONE] * 3
    assert approvals(together) == [1] * 3


def until_done(worker: Session) -> None:
    """Work on as the worker does, whose database goes away for a moment."""
    for _ in range(3):
        try:
            run_due(worker)
        except OperationalError:
            worker.rollback()


@pytest.fixture
def deployment(
    new_database: Callable[..., str],
    settings_for: Callable[[str], Settings],
    session: Session,
    tmp_path: Path,
) -> Iterator[tuple[Settings, Together]]:
    """Cases approved together, half a minute ago by the machine's clock, on a database of their own."""
    url = new_database("seeded")
    settings = settings_for(url).model_copy(update={"data_dir": tmp_path, "object_store": tmp_path.as_uri()})
    with session_at(url, settings) as own:
        yield settings, waiting_together(a_road(own), bulk_runs.PART + REST)


@contextmanager
def a_worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as a process of its own, killed in the end if it still lives."""
    process = spawn(WORKER, env=environment(settings, str(settings.database_url)))
    try:
        yield process
    finally:
        end_group(process)


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    deployment: tuple[Settings, Together],
) -> None:
    settings, together = deployment
    session, bulk = together.session, together.send()
    in_second_part = together.tasks()[bulk_runs.PART + 1]
    session.get_one(Timer, in_second_part.id, with_for_update=True)  # at which the worker will wait, halfway
    with a_worker(settings) as worker, another(session) as observer:
        while not observer.scalar(WORKER_WAITS):
            assert worker.poll() is None
            observer.rollback()
            time.sleep(0.05)
    session.rollback()
    assert together.results(bulk) == [DONE] * bulk_runs.PART + [WAITING] * REST
    carried_out(session)
    assert together.results(bulk) == [DONE] * (bulk_runs.PART + REST)
    assert approvals(together) == [1] * (bulk_runs.PART + REST)
