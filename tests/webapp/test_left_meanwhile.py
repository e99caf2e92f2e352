"""Whoever waits for a case acts as who he is once it is his turn: he may have left his post meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, Substitution, Task
from models.enums import FormField, Outcome, PaperKind, Role
from tests.webapp import standing_in
from tests.webapp.doctoring import complaints
from tests.webapp.road import A_PNG, Road, work_off
from tests.webapp.together import waiting_together
from tests.webapp.waiting import until_one_waits
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.cases.answers import answer, take_question_back
from webapp.services.cases.applications import submit
from webapp.services.cases.asks import send_back_to
from webapp.services.cases.bulks import undo
from webapp.services.cases.claims import claim, hand_over, release
from webapp.services.cases.comments import comment
from webapp.services.cases.corrections import resubmit, withdraw
from webapp.services.cases.decisions import decide, return_to_applicant
from webapp.services.cases.fields import correct
from webapp.services.cases.recalls import recall
from webapp.services.cases.stopping import revoke
from webapp.services.cases.uploads import hand_in
from webapp.services.cases.urging import urge
from webapp.services.demo import makers
from webapp.services.offices.appointments import dismiss
from webapp.services.people.accounts import AccountIsDisabled, person_now
from webapp.services.people.closing import close
from webapp.services.people.substitutes import end_substitute

pytestmark = pytest.mark.slow

Act = Callable[[Session, Person, Task, int], object]
A_DAY = timedelta(days=1)


def _approves(session: Session, officer: Person, task: Task, version: int) -> object:
    return decide(session, officer, task.id, outcome=Outcome.APPROVE, version=version)


def _returns(session: Session, officer: Person, task: Task, version: int) -> None:
    return_to_applicant(session, officer, task.id, reason="请重拍", version=version)


def _asks_back(session: Session, officer: Person, task: Task, version: int) -> None:
    send_back_to(session, officer, task.id, to_task_id=task.id, reason="请再核对", version=version)


def _answers(session: Session, officer: Person, task: Task, version: int) -> None:
    answer(session, officer, task.id, opinion="情况属实", version=version)


def _takes_back(session: Session, officer: Person, task: Task, version: int) -> None:
    take_question_back(session, officer, task.id, version=version)


def _recalls(session: Session, officer: Person, task: Task, version: int) -> None:
    recall(session, officer, task.id, version=version)


def _revokes(session: Session, officer: Person, task: Task, _: int) -> None:
    revoke(session, officer, task.change_request_id, reason="家庭不再转学")


def _comments(session: Session, officer: Person, task: Task, _: int) -> None:
    comment(session, officer, task.change_request_id, "请先核对")


def _claims(session: Session, officer: Person, task: Task, _: int) -> None:
    claim(session, officer, task.id)


def _releases(session: Session, officer: Person, task: Task, _: int) -> None:
    release(session, officer, task.id)


def _hands_over(session: Session, officer: Person, task: Task, _: int) -> None:
    hand_over(session, officer, task.id, officer.account_id)


ACTS = [
    _approves,
    _returns,
    _asks_back,
    _answers,
    _takes_back,
    _recalls,
    _revokes,
    _comments,
    _claims,
    _releases,
    _hands_over,
]


@pytest.mark.parametrize("act", ACTS)
def test_whose_account_was_closed_while_he_waited_does_nothing(road: Road, act: Act) -> None:
    case = road.applied()
    task = road.open_task(case)
    officer = road.officer(task)
    close(road.session, officer.account_id)
    road.session.commit()
    with pytest.raises(AccountIsDisabled):
        act(road.session, officer, task, case.version)
    road.session.rollback()
    assert complaints(road.session, case) == []


def _urges(session: Session, person: Person, case: ChangeRequest) -> None:
    urge(session, person, case.id)


def _withdraws(session: Session, person: Person, case: ChangeRequest) -> None:
    withdraw(session, person, case.id)


def _hands_in_again(session: Session, person: Person, case: ChangeRequest) -> None:
    resubmit(session, person, case.id)


def _corrects(session: Session, person: Person, case: ChangeRequest) -> None:
    correct(session, person, case.id, {FormField.NOTE: "改日搬家"})


def _hands_in_a_paper(session: Session, person: Person, case: ChangeRequest) -> None:
    hand_in(session, person, case.id, kind=PaperKind.PROOF_OF_RESIDENCE, filename="1.png", data=A_PNG)


@pytest.mark.parametrize("act", [_urges, _withdraws, _hands_in_again, _corrects, _hands_in_a_paper])
def test_a_family_whose_account_was_closed_while_it_waited_does_nothing(
    road: Road, act: Callable[[Session, Person, ChangeRequest], None]
) -> None:
    case = road.applied()
    close(road.session, road.guardian.account_id)
    road.session.commit()
    with pytest.raises(AccountIsDisabled):
        act(road.session, road.guardian, case)
    road.session.rollback()
    assert complaints(road.session, case) == []


def test_a_draft_of_whose_account_was_closed_meanwhile_is_not_submitted(road: Road) -> None:
    draft = road.draft()
    close(road.session, road.guardian.account_id)
    road.session.commit()
    with pytest.raises(AccountIsDisabled):
        submit(road.session, road.guardian, draft.id)


def test_whose_account_was_closed_meanwhile_undoes_no_bulk(road: Road) -> None:
    together = waiting_together(road)
    bulk = together.send()
    close(road.session, together.officer.account_id)
    road.session.commit()
    with pytest.raises(AccountIsDisabled):
        undo(road.session, together.officer, bulk.id)


def test_whoever_left_his_post_while_he_waited_for_the_case_decides_nothing(road: Road) -> None:
    session = road.session
    case = road.applied()
    task, version = road.open_task(case), case.version
    officer, bind, info = road.officer(task), session.get_bind(), session.info
    makers.an_officer(session, road.receiving, Role.REGISTRAR)
    lock = select(ChangeRequest.id).where(ChangeRequest.id == case.id).with_for_update(key_share=True)
    task_id, office_id = task.id, task.office_id
    session.commit()

    def decides() -> object:
        with Session(bind, info=info) as own:
            return decide(own, officer, task_id, outcome=Outcome.APPROVE, version=version)

    with ThreadPoolExecutor(1) as pool, Session(bind, info=info) as holder:
        holder.execute(lock)
        decided = pool.submit(decides)
        until_one_waits(session, decided)
        dismiss(session, officer.account_id, office_id, Role.REGISTRAR, on=clock.today())
        session.commit()
        holder.rollback()
        with pytest.raises(errors.NotAllowed):
            decided.result()


@pytest.fixture
def substitution(road: Road) -> Substitution:
    """The principal acts for the receiving school's registrar."""
    away = road.officers[road.receiving.id, Role.REGISTRAR]
    principal = makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    return standing_in.name(road.session, away, principal, days=30)


def _now(road: Road, account_id: int) -> Person:
    person = person_now(road.session, account_id)
    assert person is not None
    return person


def _ends(road: Road, made: Substitution) -> None:
    end_substitute(road.session, road.officers[road.receiving.id, Role.REGISTRAR], made.id)


def _the_absent_leaves(road: Road, made: Substitution) -> None:
    dismiss(road.session, made.absent_id, made.office_id, made.role, on=clock.today())
    road.session.commit()


def _he_leaves(road: Road, made: Substitution) -> None:
    dismiss(road.session, made.substitute_id, made.office_id, Role.PRINCIPAL, on=clock.today())
    road.session.commit()


@pytest.mark.parametrize("end", [_ends, _the_absent_leaves, _he_leaves])
def test_what_a_substitute_claims_in_the_moment_in_which_he_acts_no_more_is_everybodys(
    road: Road, substitution: Substitution, end: Callable[[Road, Substitution], None]
) -> None:
    """His claim waits for the case, and the end for his claim."""
    session = road.session
    case = road.applied()
    work_off(session)
    task = road.open_task(case)
    substitute = _now(road, substitution.substitute_id)
    bind, info, task_id = session.get_bind(), session.info, task.id
    lock = select(ChangeRequest.id).where(ChangeRequest.id == case.id).with_for_update(key_share=True)
    session.commit()

    def claims() -> None:
        with Session(bind, info=info) as own:
            claim(own, substitute, task_id)

    with ThreadPoolExecutor(2) as pool, Session(bind, info=info) as holder:
        holder.execute(lock)
        claimed = pool.submit(claims)
        until_one_waits(session, claimed)
        session.rollback()
        ended = pool.submit(end, road, substitution)
        assert not ended.done()
        holder.rollback()
        claimed.result()
        ended.result()
    session.expire_all()
    assert task.claimed_by_id is None
    assert complaints(session, case) == []
