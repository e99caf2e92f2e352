"""A task comes to somebody who is just losing the seat, in a transaction that the other does not see."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import ChangeRequest, Notice, Task
from models.enums import ASKING_NOTICES, NoticeKind, Role
from tests.webapp.road import Road, a_road, work_off
from webapp import clock
from webapp.services.offices.appointments import dismiss
from webapp.services.people.closing import close

WAITS = text("""
    SELECT EXISTS (SELECT FROM pg_locks
                    WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND relation = 'membership'::regclass AND NOT granted)
""")


@pytest.fixture
def road(session: Session) -> Road:
    work_off(session)
    return a_road(session)


def another(session: Session) -> Session:
    return Session(session.get_bind(), info=session.info)


def dismiss_the_registrar(session: Session, road: Road) -> None:
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    dismiss(session, registrar.account_id, road.receiving.id, Role.REGISTRAR, on=clock.today())


def asked(session: Session, case: ChangeRequest) -> tuple[int, Role, bool]:
    columns = select(Task.office_id, Task.role, Task.vacant).where(Task.change_request_id == case.id)
    return tuple(session.execute(columns).one())


def test_a_task_that_came_to_who_was_leaving_goes_to_who_stands_in_and_he_is_told(
    road: Road, session: Session
) -> None:
    with another(session) as administration:
        dismiss_the_registrar(administration, road)
        case = road.applied()
        administration.commit()
    assert asked(session, case) == (road.receiving.id, Role.REGISTRAR, False)  # and nobody holds that seat
    work_off(session)
    assert asked(session, case) == (road.receiving.id, Role.LEAD, True)
    told = select(Notice.kind, Notice.role).where(
        Notice.change_request_id == case.id, Notice.kind.in_(ASKING_NOTICES), Notice.role.is_not(None)
    )
    assert session.execute(told.order_by(Notice.id)).all() == [
        (NoticeKind.ARRIVED, Role.REGISTRAR),
        (NoticeKind.READDRESSED, Role.LEAD),
    ]


def close_the_registrars_account(session: Session, road: Road) -> None:
    close(session, road.officers[road.receiving.id, Role.REGISTRAR].account_id)


@pytest.mark.parametrize("leave", [dismiss_the_registrar, close_the_registrars_account])
def test_the_worker_waits_for_a_leave_that_is_not_finished_yet(
    road: Road, session: Session, leave: Callable[[Session, Road], None]
) -> None:
    with another(session) as administration, another(session) as worker:
        leave(administration, road)
        case = road.applied()
        arriving = in_the_background(lambda: work_off(worker))
        while not session.scalar(WAITS):
            assert arriving.is_alive(), "it did not wait"
        administration.commit()
        arriving.join()
    session.rollback()
    assert asked(session, case) == (road.receiving.id, Role.LEAD, True)


def in_the_background(act: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_a_task_whose_seat_is_held_stays_and_is_told_of_once(road: Road, session: Session) -> None:
    case = road.applied()
    work_off(session)
    assert asked(session, case) == (road.receiving.id, Role.REGISTRAR, False)
    told = select(Notice.role).where(Notice.change_request_id == case.id, Notice.role.is_not(None))
    assert session.scalars(told).all() == [Role.REGISTRAR]
