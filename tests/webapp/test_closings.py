"""Whoever comes too late to a task that is closed reads what closed it, who did that, and when."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models import CaseEvent, Task
from models.enums import Ask, EventKind, Outcome, Role
from tests.webapp.asking.asked import COUNTY, asks, at
from tests.webapp.changed_processes import in_force, with_step
from tests.webapp.road import DATA_WRONG, Road, a_road
from tests.webapp.site import Site, said
from webapp import clock
from webapp.services.cases.answers import take_question_back
from webapp.services.cases.closings import (
    ClosedByApproval,
    ClosedByAuthority,
    ClosedByDecision,
    ClosedByRecall,
    ClosedByRejection,
    ClosedByRevocation,
    ClosedByTime,
    ClosedByWithdrawal,
    ClosedElsewhere,
    ClosedWithQuestion,
    TaskClosed,
    told_closed,
)
from webapp.services.cases.corrections import withdraw
from webapp.services.cases.decisions import decide
from webapp.services.cases.recalls import recall
from webapp.services.cases.stopping import revoke, terminate
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


def refused(road: Road, task: Task) -> TaskClosed:
    """What whoever has a task reads who would approve it now."""
    case = task.change_request
    road.session.refresh(case)
    with pytest.raises(TaskClosed) as told:
        decide(road.session, road.officer(task), task.id, outcome=Outcome.APPROVE, version=case.version)
    road.session.rollback()
    return told.value


def by(task: Task) -> dict[str, object]:
    return {"office": task.office.name, "role": task.role, "at": clock.now()}


def test_of_what_the_family_withdrew_nobody_reads_more_than_that_the_applicant_did(road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    withdraw(road.session, road.guardian, case.id)
    told = refused(road, task)
    assert isinstance(told, ClosedByWithdrawal)
    assert road.guardian.name not in str(told)


def test_of_what_an_office_ended_its_post_is_named(road: Road) -> None:
    lead = makers.an_officer(road.session, road.receiving.superior, Role.LEAD)
    road.session.commit()
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    for stop, officer, kind in (
        (revoke, registrar, ClosedByRevocation),
        (terminate, lead, ClosedByAuthority),
    ):
        case = road.applied()
        task = road.open_task(case)
        stop(road.session, officer, case.id, reason="申请有误")
        told, post = refused(road, task), officer.posts[0]
        assert (type(told), told.facts) == (
            kind,
            {"office": post.office, "role": post.role, "at": clock.now()},
        )


@pytest.mark.parametrize(
    ("mode", "outcome", "kind"),
    [("any", Outcome.APPROVE, ClosedByApproval), ("all", Outcome.REJECT, ClosedByRejection)],
)
def test_who_signs_too_late_reads_how_another_decided_for_all(
    session: Session, mode: str, outcome: Outcome, kind: type[TaskClosed]
) -> None:
    with in_force(session, "transfer", with_step("transfer", "in_county", role="handler chief", mode=mode)):
        road = a_road(session)
        case = road.applied(until=COUNTY)
        first, second = road.open_tasks(case)
        given = {"outcome": outcome, "opinion": "已核", "code": DATA_WRONG, "version": case.version}
        decide(session, road.officer(first), first.id, **given)
        told = refused(road, second)
        assert (type(told), told.facts) == (kind, by(first))


def test_who_had_what_a_recall_closed_reads_who_took_the_decision_back(road: Road) -> None:
    case = road.applied()
    mine = road.open_task(case)
    road.approve(case)
    task = road.open_task(case)
    recall(road.session, road.officer(mine), mine.id, version=case.version)
    told = refused(road, task)
    assert (type(told), told.facts) == (ClosedByRecall, by(mine))


def test_who_was_asked_reads_who_took_the_question_back(road: Road) -> None:
    case = road.applied(until=COUNTY)
    mine = road.open_task(case)
    chief = makers.an_officer(road.session, mine.office, Role.CHIEF)
    road.session.commit()
    asks(road, case, Ask.OPINION, chief)
    take_question_back(road.session, road.officer(mine), mine.id, version=case.version)
    road.officers[mine.office_id, Role.CHIEF] = chief
    told = refused(road, at(road, case, "in_county:1+1"))
    assert (type(told), told.facts) == (ClosedWithQuestion, by(mine))


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ({"kind": EventKind.REJECTED}, ClosedElsewhere),
        ({"kind": EventKind.REVOKED}, ClosedElsewhere),
        ({"kind": EventKind.FIRED}, ClosedByTime),
        ({"kind": EventKind.COMPLETED}, ClosedByTime),
        ({"kind": EventKind.COMMENTED}, TaskClosed),
    ],
)
def test_what_no_office_here_did_is_told_without_one(
    entry: dict[str, EventKind], kind: type[TaskClosed]
) -> None:
    now = clock.now()
    assert type(told_closed([CaseEvent(at=now, **entry)], [], now)) is kind


def test_what_another_outcome_closed_is_no_approval(road: Road) -> None:
    case = road.applied()
    mine, now = road.open_task(case), clock.now()
    event = CaseEvent(kind=EventKind.DECIDED, task_key=mine.key, outcome="on_site", at=now)
    assert type(told_closed([event], case.tasks, now)) is ClosedByDecision


def test_of_several_entries_the_one_of_the_moment_is_told(road: Road) -> None:
    case = road.applied()
    task, now = road.open_task(case), clock.now()
    with clock.freeze(now + timedelta(hours=1)):
        withdraw(road.session, road.guardian, case.id)
    assert refused(road, task).facts["at"] == now + timedelta(hours=1)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_Hans_CN", "申请人已于 09:00 撤回申请，该任务已关闭。"),
        ("en", "The applicant withdrew the application at 09:00, so this task is closed."),
    ],
)
def test_the_page_says_so_once_to_whoever_decided_too_late(
    road: Road, site: Site, language: str, words: str
) -> None:
    case = road.applied()
    task, version = road.open_task(case), case.version
    officer = site.visitor(road.officer(task), language)
    withdraw(road.session, road.guardian, case.id)
    answer = officer.decides(task, version)
    assert (answer.status_code, said(answer).count(words)) == (409, 1)
