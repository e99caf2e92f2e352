"""A step that is over its limit hands its case back once, where the packs say so (on_expiry): domain 3.0.4."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models import CaseTimer
from models.enums import CaseState, CaseTimerKind, TaskState
from tests.webapp.changed_processes import SHIPPED, in_force, with_step
from tests.webapp.doctoring import complaints
from tests.webapp.road import Road, a_road, work_off
from tests.webapp.timed_processes import sound
from webapp import clock
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.cases.corrections import resubmit
from webapp.services.doctor.findings import Code
from webapp.services.notices.timers import fire_due


def returning(process: dict[str, bytes]) -> dict[str, bytes]:
    """on_expiry = auto_return: no shipped pack has it (domain appendix B)."""
    table = "on_expiry.dmn"
    return {**process, table: process[table].replace(b'"escalate_only"', b'"auto_return"')}


@pytest.fixture
def impatient(session: Session) -> Iterator[Road]:
    """A transfer whose packs have a late step handed back."""
    with in_force(session, "transfer", returning(SHIPPED["transfer"])):
        yield a_road(session)


def test_a_case_is_handed_back_where_its_packs_say_so_of_a_step_that_is_over_its_limit(
    impatient: Road,
) -> None:
    session, case = impatient.session, impatient.applied()
    task = impatient.open_task(case)
    with clock.freeze(overdue_at(task.due_on)):
        work_off(session)
        session.expire_all()
        assert (case.state, task.state) == (CaseState.RETURNED, TaskState.SUSPENDED)
        assert case.events[-1].actor_id is None
        assert sound(impatient, case)
        resubmit(session, impatient.guardian, case.id)
        assert [one.key for one in impatient.open_tasks(case)] == ["in_registrar:1"]
        assert sound(impatient, case)


def test_of_two_signatures_that_are_late_together_one_hands_the_case_back_and_once(session: Session) -> None:
    files = with_step("transfer", "in_registrar", role="registrar lead", mode="all")
    with in_force(session, "transfer", returning(files)):
        road = a_road(session)
        case = road.applied()
        late, _ = road.open_tasks(case)
        with clock.freeze(overdue_at(late.due_on)):
            work_off(session)
            assert road.state_of(case) == CaseState.RETURNED
            resubmit(session, road.guardian, case.id)
            work_off(session)
            assert road.state_of(case) == CaseState.IN_REVIEW
            assert sound(road, case)


def test_what_an_officer_has_handed_back_himself_is_not_handed_back_again(impatient: Road) -> None:
    session, case = impatient.session, impatient.applied()
    with clock.freeze(overdue_at(impatient.open_task(case).due_on)):
        for _ in range(3):
            fire_due(session)  # the red card; and there the worker was killed
        impatient.send_back(case)
        impatient.mend(case)
        work_off(session)
        assert impatient.state_of(case) == CaseState.IN_REVIEW
        assert sound(impatient, case)


def test_nothing_hands_a_case_back_before_the_limit_of_its_step_is_over(impatient: Road) -> None:
    session, case = impatient.session, impatient.applied()
    task = impatient.open_task(case)
    with clock.freeze(overdue_at(task.due_on) - timedelta(seconds=1)):
        work_off(session)
        expired = {"key": task.key, "kind": CaseTimerKind.EXPIRED, "due_at": clock.now()}
        session.add(CaseTimer(change_request_id=case.id, **expired))
        session.commit()
        assert [finding.code for finding in complaints(session, case)] == [Code.EXPIRY_LEFT]
        work_off(session)
        assert impatient.state_of(case) == CaseState.IN_REVIEW


def test_a_case_that_nobody_hands_back_is_told(impatient: Road) -> None:
    session, case = impatient.session, impatient.applied()
    over = overdue_at(impatient.open_task(case).due_on)
    with clock.freeze(over):
        for _ in range(3):
            fire_due(session)
    for later, stuck in ((timedelta(hours=1), False), (timedelta(hours=1, seconds=1), True)):
        with clock.freeze(over + later):
            found = {finding.code for finding in complaints(session, case)}
            assert (Code.EXPIRY_STUCK in found) is stuck
