"""Several of an office sign one step (会签, 或签, 依次): each in a task of his own, nobody twice."""

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Membership, Notice, Task
from models.enums import CaseState, EventKind, NoticeKind, Outcome, Role, TaskState
from tests.webapp.changed_processes import in_force, with_step
from tests.webapp.doctoring import complaints
from tests.webapp.road import DATA_WRONG, Road, a_road, work_off
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.cases.claims import claim
from webapp.services.cases.closings import TaskClosed
from webapp.services.cases.decisions import decide
from webapp.services.cases.recalls import NextHasActed, recall
from webapp.services.cases.repeats import decided_so
from webapp.services.demo import makers
from webapp.services.offices.appointments import dismiss

pytestmark = pytest.mark.slow

COUNTY = "receiving_authorities/in_county"


@pytest.fixture
def signed(session: Session, request) -> Road:
    """A transfer whose receiving county has its handler and its chief sign, in the mode that the test asks for."""
    files = with_step("transfer", "in_county", role="handler chief", mode=request.param)
    with in_force(session, "transfer", files):
        yield a_road(session)


def at_county(road: Road) -> tuple[ChangeRequest, list[Task]]:
    case = road.applied()
    road.approve_until(case, COUNTY)
    return case, road.open_tasks(case)


def sign(road: Road, task: Task, outcome: str = Outcome.APPROVE, opinion: str = "") -> CaseState:
    version = task.change_request.version
    officer, code = road.officer(task), DATA_WRONG if outcome == Outcome.REJECT else None
    return decide(
        road.session, officer, task.id, outcome=outcome, version=version, opinion=opinion, code=code
    ).state


def told_to_family(road: Road, case: ChangeRequest) -> list[NoticeKind]:
    """What the family hears now (domain 3.0.5: approved at each level)."""
    before = road.session.scalar(select(func.max(Notice.id)))
    work_off(road.session)
    told = select(Notice.kind).where(
        Notice.change_request_id == case.id, Notice.id > before, Notice.account_id == road.guardian.account_id
    )
    return list(road.session.scalars(told))


def steps(road: Road, case: ChangeRequest) -> list[tuple[str, str]]:
    return [(task.key.rpartition("/")[2], task.role) for task in road.open_tasks(case)]


@pytest.mark.parametrize("signed", ["all"], indirect=True)
def test_all_have_to_sign_before_the_case_goes_on(signed: Road) -> None:
    case, (handlers, chiefs) = at_county(signed)
    assert steps(signed, case) == [("in_county:1.1", "handler"), ("in_county:1.2", "chief")]
    work_off(signed.session)
    sign(signed, chiefs)
    assert steps(signed, case) == [("in_county:1.1", "handler")]
    assert told_to_family(signed, case) == [NoticeKind.APPROVED]
    sign(signed, handlers)
    assert [step for step, _ in steps(signed, case)] == ["out_registrar:1"]
    assert told_to_family(signed, case) == [NoticeKind.ARRIVED]
    assert complaints(signed.session, case) == []


@pytest.mark.parametrize("signed", ["any"], indirect=True)
def test_the_first_of_any_decides_and_the_others_task_is_closed(signed: Road) -> None:
    case, (handlers, chiefs) = at_county(signed)
    sign(signed, chiefs)
    assert [step for step, _ in steps(signed, case)] == ["out_registrar:1"]
    assert (handlers.state, handlers.ended_at, handlers.ended_by_id) == (
        TaskState.CANCELLED,
        chiefs.ended_at,
        None,
    )
    with pytest.raises(TaskClosed):
        sign(signed, handlers)
    assert complaints(signed.session, case) == []


@pytest.mark.parametrize(
    ("signed", "waits"), [("all", True), ("sequence", True), ("any", False)], indirect=["signed"]
)
def test_who_signs_first_reads_whether_others_must_too_also_if_he_sends_it_twice(
    signed: Road, *, waits: bool
) -> None:
    case, (task, *_) = at_county(signed)
    officer, version = signed.officer(task), case.version
    said = {"outcome": Outcome.APPROVE, "opinion": ""}
    decided = decide(signed.session, officer, task.id, version=version, **said)
    assert decided == (CaseState.IN_REVIEW, waits)
    assert decided_so(signed.session, officer, task.id, **said) == decided


@pytest.mark.parametrize("signed", ["sequence"], indirect=True)
def test_in_a_sequence_one_is_asked_after_the_other(signed: Road) -> None:
    case, (handlers,) = at_county(signed)
    sign(signed, handlers)
    assert steps(signed, case) == [("in_county:1.2", "chief")]
    assert complaints(signed.session, case) == []


@pytest.mark.parametrize("signed", ["all", "any", "sequence"], indirect=True)
def test_one_who_rejects_ends_the_case_and_the_others_task(signed: Road) -> None:
    """A-05."""
    case, tasks = at_county(signed)
    assert sign(signed, tasks[0], Outcome.REJECT, "材料不实") == CaseState.REJECTED
    assert signed.open_tasks(case) == []
    assert complaints(signed.session, case) == []


@pytest.mark.parametrize("signed", ["all", "sequence"], indirect=True)
def test_nobody_signs_twice_though_he_holds_both_posts(signed: Road) -> None:
    case, (handlers, *_) = at_county(signed)
    both = in_both_posts(signed, handlers)
    version = case.version
    decide(signed.session, both, handlers.id, outcome=Outcome.APPROVE, version=version)
    chiefs = signed.open_task(case)
    assert both.account_id in signed_by(case)
    with pytest.raises(errors.DutiesSeparated):
        decide(signed.session, both, chiefs.id, outcome=Outcome.APPROVE, version=case.version)
    signed.session.rollback()
    assert complaints(signed.session, case) == []


@pytest.mark.parametrize("signed", ["all"], indirect=True)
def test_the_last_holder_of_a_role_who_has_signed_in_another_leaves_it_to_the_lead(
    signed: Road,
) -> None:
    case, (handlers, chiefs) = at_county(signed)
    account = signed.session.get_one(Account, signed.officer(chiefs).account_id)
    makers.an_officer(signed.session, handlers.office, Role.HANDLER, account=account)
    others = (Membership.office_id == chiefs.office_id, Membership.account_id != account.id)
    signed.session.execute(delete(Membership).where(*others, Membership.role.in_([Role.CHIEF, Role.LEAD])))
    signed.session.commit()
    both = makers.person_of(signed.session, account)
    decide(signed.session, both, handlers.id, outcome=Outcome.APPROVE, version=case.version)
    work_off(signed.session)
    chiefs = signed.open_task(case)
    assert (chiefs.seat_role, chiefs.vacant) == (Role.CHIEF, True)
    assert complaints(signed.session, case) == []


@pytest.mark.parametrize("signed", ["all"], indirect=True)
def test_a_signature_is_taken_back_until_the_last_has_signed(signed: Road) -> None:
    case, (handlers, chiefs) = at_county(signed)
    sign(signed, handlers)
    recall(signed.session, signed.officer(handlers), handlers.id, version=case.version)
    assert len(steps(signed, case)) == 2
    sign(signed, handlers)
    sign(signed, chiefs)
    recall(signed.session, signed.officer(chiefs), chiefs.id, version=case.version)
    assert steps(signed, case) == [("in_county:1.2", "chief")]
    assert complaints(signed.session, case) == []


@pytest.mark.parametrize("signed", ["all"], indirect=True)
def test_who_signed_first_reads_that_the_next_step_acted_and_not_who_signed_beside_him(signed: Road) -> None:
    case, (handlers, chiefs) = at_county(signed)
    sign(signed, handlers)
    sign(signed, chiefs)
    following = signed.open_task(case)
    signed.approve(case)
    with pytest.raises(NextHasActed) as refused:
        recall(signed.session, signed.officer(handlers), handlers.id, version=case.version)
    assert (refused.value.facts["office"], refused.value.facts["role"]) == (
        following.office.name,
        following.role,
    )


@pytest.mark.parametrize("signed", ["any"], indirect=True)
def test_who_decided_for_all_gives_them_the_task_back_with_his_decision(signed: Road) -> None:
    case, (_, chiefs) = at_county(signed)
    sign(signed, chiefs)
    recall(signed.session, signed.officer(chiefs), chiefs.id, version=case.version)
    assert len(steps(signed, case)) == 2
    assert complaints(signed.session, case) == []


@pytest.mark.parametrize("signed", ["any"], indirect=True)
def test_whose_task_a_recall_opens_again_is_told(signed: Road) -> None:
    case, (handlers, chiefs) = at_county(signed)
    sign(signed, handlers)
    work_off(signed.session)
    recall(signed.session, signed.officer(handlers), handlers.id, version=case.version)
    work_off(signed.session)
    told = select(Notice.role).where(
        Notice.task_id == chiefs.id, Notice.kind == NoticeKind.READDRESSED, Notice.office_id.is_not(None)
    )
    assert signed.session.scalars(told).all() == [Role.CHIEF]


@pytest.mark.parametrize("signed", ["all"], indirect=True)
def test_both_tasks_wait_while_the_family_mends_the_papers(signed: Road) -> None:
    case, _ = at_county(signed)
    signed.send_back(case)
    signed.session.expire_all()
    assert {task.state for task in case.tasks if task.step == COUNTY} == {TaskState.SUSPENDED}
    signed.mend(case)
    assert len(steps(signed, case)) == 2
    assert complaints(signed.session, case) == []


def test_an_outcome_that_the_diagram_names_is_decided_and_told_in_its_words(session: Session) -> None:
    own = '<xj:outcome id="on_site" name="需要现场核查"/>'
    files = with_step("transfer", "in_county", inside=own, outcomes="approve on_site")
    with in_force(session, "transfer", files):
        road = a_road(session)
        case = road.applied()
        task = road.approve_until(case, COUNTY)
        assert sign(road, task, "on_site") == CaseState.IN_REVIEW
        road.session.refresh(task)
        assert task.outcome == "on_site"
        decided = [event for event in case.events if event.kind == EventKind.DECIDED]
        assert decided[-1].outcome == "on_site"
        assert complaints(road.session, case) == []
        with pytest.raises(errors.UnknownOutcome) as refused:
            sign(road, road.open_task(case), "on_site")
        assert refused.value.facts["allowed"] == (Outcome.APPROVE, Outcome.REJECT)


def in_both_posts(road: Road, handlers: Task) -> Person:
    account = road.session.get_one(Account, road.officer(handlers).account_id)
    makers.an_officer(road.session, handlers.office, Role.CHIEF, account=account)
    road.session.commit()
    return makers.person_of(road.session, account)


def signed_by(case: ChangeRequest) -> set[int | None]:
    return {task.ended_by_id for task in case.tasks if task.step == COUNTY}


@pytest.mark.parametrize("signed", ["any"], indirect=True)
def test_a_task_that_a_recall_opens_again_is_nobodys_who_has_left_meanwhile(signed: Road) -> None:
    session, (case, tasks) = signed.session, at_county(signed)
    first, other = tasks
    claimant = signed.officer(other)
    claim(session, claimant, other.id)
    work_off(session)
    sign(signed, first)
    dismiss(session, claimant.account_id, other.office_id, Role(other.role), on=clock.today())
    session.expire_all()
    recall(session, signed.officer(first), first.id, version=case.version)
    session.expire_all()
    assert (other.state, other.claimed_by_id) == (TaskState.OPEN, None)
    assert complaints(session, case) == []
