"""Somebody signs after whoever asked him to (后加签): domain 3.0.4b."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Membership, Office, Outbox, Task
from models.enums import Ask, CaseState, Outcome, Role, Stage, TaskState
from tests.webapp.actions.ways import numbered
from tests.webapp.asking.asked import COUNTY, asks, at, open_keys, post_of
from tests.webapp.case_tasks import rerouted
from tests.webapp.changed_processes import in_force, with_step
from tests.webapp.doctoring import sound
from tests.webapp.road import Road, a_road, work_off
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.cases.answers import take_question_back
from webapp.services.cases.asks import AsksNobody, NobodyAsked, ask
from webapp.services.cases.claims import release
from webapp.services.cases.decisions import decide
from webapp.services.cases.recalls import (
    NextHasActed,
    NothingToRecall,
    NotYourDecision,
    may_recall,
    recall,
)
from webapp.services.cases.views import case_for
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


def test_another_signs_after_who_asked_him_and_then_the_case_goes_on(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    asks(road, case, Ask.COSIGNATURE, chief)
    mine = at(road, case, "in_county:1")
    assert (mine.state, mine.outcome) == (TaskState.DONE, Outcome.APPROVE)
    assert open_keys(road, case) == ["in_county:1+1"]
    assert sound(road, case)
    task = at(road, case, "in_county:1+1")
    decide(road.session, chief, task.id, outcome=Outcome.APPROVE, version=case.version)
    assert open_keys(road, case) == ["out_registrar:1"]
    assert sound(road, case)
    with pytest.raises(NextHasActed):
        recall(road.session, road.officer(mine), mine.id, version=case.version)
    road.session.rollback()
    recall(road.session, chief, task.id, version=case.version)
    assert open_keys(road, case) == ["in_county:1+1"]
    assert sound(road, case)


def test_who_signed_after_a_recall_reads_that_the_next_acted_though_its_row_is_the_older_one(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    mine = road.open_task(case)
    road.approve(case)
    recall(road.session, road.officer(mine), mine.id, version=case.version)
    road.session.expire_all()
    asks(road, case, Ask.COSIGNATURE, chief)
    signature = at(road, case, "in_county:1+1")
    decide(road.session, chief, signature.id, outcome=Outcome.APPROVE, version=case.version)
    following = road.open_task(case)
    assert following.id < signature.id
    road.approve(case)
    road.session.expire_all()
    view = case_for(road.session, chief, case.id)
    assert not may_recall(chief, signature, view)
    with pytest.raises(NextHasActed) as refused:
        recall(road.session, chief, signature.id, version=case.version)
    assert refused.value.facts["office"] == following.office.name


def test_who_signs_after_another_may_reject(road: Road, case: ChangeRequest, chief: Person) -> None:
    asks(road, case, Ask.COSIGNATURE, chief)
    task = at(road, case, "in_county:1+1")
    decide(
        road.session,
        chief,
        task.id,
        outcome=Outcome.REJECT,
        version=case.version,
        opinion="不同意",
        code="DATA_WRONG",
    )
    assert case.state == CaseState.REJECTED
    assert sound(road, case)


def test_who_asked_for_a_signature_takes_his_own_back(road: Road, case: ChangeRequest, chief: Person) -> None:
    asks(road, case, Ask.COSIGNATURE, chief)
    mine = at(road, case, "in_county:1")
    handler = road.officer(mine)
    with pytest.raises(NothingToRecall):
        recall(road.session, handler, mine.id, version=case.version)
    road.session.rollback()
    take_question_back(road.session, handler, mine.id, version=case.version)
    assert open_keys(road, case) == ["in_county:1"]
    assert sound(road, case)
    road.approve(case)
    recall(road.session, handler, mine.id, version=case.version)
    assert sound(road, case)


def test_nobody_is_told_that_a_question_is_his_that_is_taken_back(road: Road, case: ChangeRequest) -> None:
    """No chief is left but who asked, so that the lead has the question."""
    session, mine = road.session, road.open_task(case)
    handler = road.officer(mine)
    chief = makers.an_officer(session, mine.office, Role.CHIEF)
    makers.an_officer(session, mine.office, Role.LEAD)
    makers.an_officer(session, mine.office, Role.CHIEF, account=session.get_one(Account, handler.account_id))
    session.commit()
    asks(road, case, Ask.COSIGNATURE, chief)
    _leave_to(session, mine.office, Role.CHIEF, handler)
    rerouted(session, clock.today())
    session.commit()
    work_off(session)
    question = at(road, case, "in_county:1+1")
    assert (question.role, question.vacant) == (Role.LEAD, True)
    take_question_back(session, handler, mine.id, version=case.version)
    assert session.scalars(select(Outbox.id).where(Outbox.change_request_id == case.id)).all() == []
    assert sound(road, case)


def _leave_to(session: Session, office: Office, role: Role, officer: Person) -> None:
    """Everybody else who holds a role in the office leaves."""
    of_others = (Membership.office_id == office.id, Membership.role == role)
    session.execute(delete(Membership).where(*of_others, Membership.account_id != officer.account_id))
    session.commit()


def test_who_signed_for_one_office_leaves_what_waits_for_the_other_to_its_lead_until_he_takes_that_back(
    session: Session,
) -> None:
    """He alone holds both posts, and nobody decides for two offices."""
    road = numbered(session, releasing_in="410323", receiving_in="350203", stage=Stage.VOCATIONAL, grade=1)
    case = road.applied()
    while len(road.open_tasks(case)) < 2:
        road.approve(case)
    mine, other = road.open_tasks(case)
    both = in_the_others_stead(road, mine, other)
    chief = makers.an_officer(session, mine.office, Role.CHIEF)
    session.commit()
    said = {"kind": Ask.COSIGNATURE, "of": [post_of(road, chief)], "question": "请会签"}
    ask(session, both, mine.id, version=case.version, **said)
    session.refresh(other)
    assert other.vacant
    assert sound(road, case)
    take_question_back(session, both, mine.id, version=case.version)
    session.refresh(other)
    assert not other.vacant
    assert sound(road, case)


def in_the_others_stead(road: Road, mine: Task, other: Task) -> Person:
    """Let whoever holds the post of one task be the only one who holds that of the other, too."""
    account = road.session.get_one(Account, road.officer(mine).account_id)
    makers.an_officer(road.session, other.office, other.role, account=account)
    others = (Membership.office_id == other.office_id, Membership.account_id != account.id)
    road.session.execute(delete(Membership).where(*others))
    road.session.commit()
    return makers.person_of(road.session, account)


def test_where_several_sign_already_nobody_is_asked_to_sign_too(session: Session) -> None:
    files = with_step("transfer", "in_county", role="handler chief", mode="all")
    with in_force(session, "transfer", files):
        road = a_road(session)
        case = road.applied()
        task = road.approve_until(case, COUNTY)
        other = makers.an_officer(session, task.office, Role.DEPUTY)
        session.commit()
        with pytest.raises(AsksNobody):
            ask(
                session,
                road.officer(task),
                task.id,
                kind=Ask.COSIGNATURE,
                of=[post_of(road, other)],
                question="请会签",
                version=case.version,
            )


def test_nobody_signs_a_second_time_what_he_asked_another_to_sign_too(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    """He holds the post of whom he asked, too, who gives the task back."""
    asker = road.officer(road.open_task(case))
    account = road.session.get_one(Account, asker.account_id)
    office = road.session.get_one(Office, chief.posts[0].office_id)
    both = makers.an_officer(road.session, office, Role.CHIEF, account=account)
    road.session.commit()
    asks(road, case, Ask.COSIGNATURE, chief)
    task = at(road, case, "in_county:1+1")
    release(road.session, chief, task.id)
    with pytest.raises(errors.DutiesSeparated):
        decide(road.session, both, task.id, outcome=Outcome.APPROVE, version=case.version)
    road.session.rollback()
    decide(road.session, chief, task.id, outcome=Outcome.APPROVE, version=case.version)
    assert open_keys(road, case) == ["out_registrar:1"]


def test_who_must_not_decide_the_step_is_not_asked_to_sign_it_too(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    """He has decided for the school."""
    registrar = road.officer(at(road, case, "in_registrar:1"))
    account = road.session.get_one(Account, registrar.account_id)
    office = road.session.get_one(Office, chief.posts[0].office_id)
    makers.an_officer(road.session, office, Role.DEPUTY, account=account)
    road.session.commit()
    post = road.session.query(Membership).filter_by(account_id=account.id, role=Role.DEPUTY).one()
    mine = road.open_task(case)
    said = {"kind": Ask.COSIGNATURE, "question": "请会签", "version": case.version}
    with pytest.raises(NobodyAsked):
        ask(road.session, road.officer(mine), mine.id, of=[post.id], **said)
    road.session.rollback()
    ask(road.session, road.officer(mine), mine.id, of=[post_of(road, chief)], **said)
    assert sound(road, case)


def test_a_colleague_takes_back_no_signature_but_his_own(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    mine = road.open_task(case)
    colleague = makers.an_officer(road.session, mine.office, Role.HANDLER)
    asks(road, case, Ask.COSIGNATURE, chief)
    with pytest.raises(NotYourDecision):
        take_question_back(road.session, colleague, mine.id, version=case.version)
    road.session.rollback()
    assert open_keys(road, case) == ["in_county:1+1"]
    take_question_back(road.session, road.officer(mine), mine.id, version=case.version)
    assert open_keys(road, case) == ["in_county:1"]
