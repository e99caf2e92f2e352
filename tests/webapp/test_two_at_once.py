"""Two people, or a person and the worker, at the same moment: one is done, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, SchoolPlaces, Task
from models.enums import CaseState, EventKind, Outcome, PaperKind, Role
from tests.webapp.road import A_CLEARER_PNG, Road
from tests.webapp.waiting import until_one_waits
from webapp import clock, errors
from webapp.services.cases.applications import locked_case, save_draft, submit
from webapp.services.cases.claims import claim
from webapp.services.cases.corrections import resubmit
from webapp.services.cases.decisions import decide
from webapp.services.cases.locks import lock_task
from webapp.services.demo import makers
from webapp.services.notices.timers import fire_due
from webapp.services.offices.appointments import dismiss
from webapp.services.papers.files import add_paper

PROOF = PaperKind.PROOF_OF_RESIDENCE


def test_who_comes_second_reads_who_decided_and_when(road: Road) -> None:
    case = road.applied()
    task, version = road.open_task(case), case.version
    officer = road.officer(task)
    decide(road.session, officer, task.id, outcome=Outcome.APPROVE, version=version)
    with pytest.raises(errors.AlreadyDecided) as refused:
        decide(road.session, officer, task.id, outcome=Outcome.APPROVE, version=version)
    assert refused.value.facts["office"] == road.receiving.name


def test_of_two_officers_at_the_same_moment_one_decides(road: Road) -> None:
    case = road.applied()
    task, version = road.open_task(case), case.version
    officer, bind, info = road.officer(task), road.session.get_bind(), road.session.info

    def attempt(_number: int) -> str:
        with Session(bind, info=info) as own:
            try:
                return decide(own, officer, task.id, outcome=Outcome.APPROVE, version=version).state
            except errors.Refusal as refusal:
                return type(refusal).__name__

    with ThreadPoolExecutor(8) as pool:
        results = sorted(pool.map(attempt, range(8)))
    assert results == ["AlreadyDecided"] * 7 + ["in_review"]
    road.session.expire_all()
    assert [event.kind for event in case.events] == [EventKind.OPENED, EventKind.DECIDED]


def test_a_page_that_grew_old_is_refused(road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    with pytest.raises(errors.CaseChanged):
        decide(road.session, road.officer(task), task.id, outcome=Outcome.APPROVE, version=case.version - 1)


def test_the_last_place_is_given_once_though_two_leads_agree_at_once(road: Road, session: Session) -> None:
    session.add(SchoolPlaces(school_id=road.receiving.id, grade=3, capacity=1))
    session.commit()
    rival = road.rival()
    cases = [road.applied(), rival.applied()]
    for each, case in zip((road, rival), cases, strict=True):
        each.approve(case)
    asked = [(road.open_task(case), case.version) for case in cases]
    bind, info, lead = session.get_bind(), session.info, road.officers[road.receiving.id, Role.LEAD]
    tasks = [(task.id, version) for task, version in asked]
    session.rollback()

    def agree(task: tuple[int, int]) -> str:
        with Session(bind, info=info) as own:
            try:
                return decide(own, lead, task[0], outcome=Outcome.APPROVE, version=task[1]).state
            except errors.Refusal as refusal:
                return type(refusal).__name__

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(agree, tasks)) == ["NotEligible", "in_review"]


def test_a_timer_that_fires_and_a_decision_do_not_wait_for_each_other(road: Road, session: Session) -> None:
    case = road.applied()
    task, version = road.open_task(case), case.version
    task_id, officer = task.id, road.officer(task)
    with (
        clock.freeze(clock.now() + timedelta(days=60)),
        Session(session.get_bind(), info=session.info) as worker,
    ):
        assert lock_task(session, task_id) is not None
        assert fire_due(worker) > 0
        session.rollback()
        decided = decide(session, officer, task_id, outcome=Outcome.APPROVE, version=version)
        assert decided.state == CaseState.IN_REVIEW


def test_whoever_leaves_a_post_waits_for_the_case_before_a_claim_is_taken_back(
    road: Road, session: Session
) -> None:
    case = road.applied()
    task = road.open_task(case)
    registrar, bind, info = road.officer(task), session.get_bind(), session.info
    claim(session, registrar, task.id)
    a_case, a_task = (
        select(row).where(row.id == its_id).with_for_update(key_share=True)
        for row, its_id in ((ChangeRequest, case.id), (Task, task.id))
    )
    office_id = task.office_id
    session.rollback()

    def leave() -> None:
        with Session(bind, info=info) as own:
            dismiss(own, registrar.account_id, office_id, Role.REGISTRAR, on=clock.today())
            own.commit()

    with ThreadPoolExecutor(1) as pool:
        session.scalars(a_case).one()
        left = pool.submit(leave)
        until_one_waits(session, left)
        assert session.scalars(a_task).one().claimed_by_id == registrar.account_id
        session.rollback()
        left.result()
    assert session.get_one(Task, task.id).claimed_by_id is None


@pytest.fixture
def mended(road: Road) -> ChangeRequest:
    """A case that was returned, with the paper that was asked for, not handed in again yet."""
    case = road.applied()
    road.send_back(case)
    add_paper(road.session, road.guardian, case, kind=PROOF, filename="clear.png", data=A_CLEARER_PNG)
    road.session.commit()
    return case


def test_a_family_that_submits_again_four_times_at_once_has_done_it_once(
    road: Road, session: Session, mended: ChangeRequest
) -> None:
    case_id, bind, info = mended.id, session.get_bind(), session.info
    session.rollback()

    def press(_number: int) -> None:
        with Session(bind, info=info) as own:
            resubmit(own, road.guardian, case_id)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(4)))
    session.expire_all()
    kinds = [event.kind for event in mended.events]
    assert kinds == [EventKind.OPENED, EventKind.RETURNED, EventKind.RESUBMITTED]


def test_the_other_parent_who_submits_again_reads_that_it_went_on(
    road: Road, session: Session, mended: ChangeRequest
) -> None:
    other = makers.a_guardian(session, road.student)
    resubmit(session, road.guardian, mended.id)
    with pytest.raises(errors.ApplicationMovedOn):
        resubmit(session, other, mended.id)


def test_who_submits_again_after_an_office_has_acted_reads_that_it_went_on(
    road: Road, session: Session, mended: ChangeRequest
) -> None:
    resubmit(session, road.guardian, mended.id)
    road.approve(mended)
    with pytest.raises(errors.ApplicationMovedOn):
        resubmit(session, road.guardian, mended.id)


def test_who_saves_a_draft_while_it_is_submitted_reads_that_it_went_on(road: Road, session: Session) -> None:
    draft_id = road.draft().id
    bind, info = session.get_bind(), session.info

    def save() -> None:
        with Session(bind, info=info) as own:
            save_draft(own, road.guardian, road.student.id, road.form)

    locked_case(session, draft_id)
    with ThreadPoolExecutor(1) as pool:
        saved = pool.submit(save)
        until_one_waits(session, saved)
        submit(session, road.guardian, draft_id)
        with pytest.raises(errors.ApplicationMovedOn):
            saved.result()
