"""Whoever handed a case in only checks it, and who becomes the pupil's guardian decides nothing more of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Guardianship, Membership, Office, Task
from models.enums import CaseState, Outcome, PaperKind, Role, Stage
from tests.webapp.case_tasks import rerouted
from tests.webapp.changed_processes import in_force, with_step
from tests.webapp.doctoring import complaints
from tests.webapp.road import A_PNG, Road, a_road, kept
from tests.webapp.site import Site
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.cases.applications import save_draft, submit
from webapp.services.cases.claims import claim
from webapp.services.cases.corrections import resubmit
from webapp.services.cases.decisions import decide
from webapp.services.cases.previews import papers_for
from webapp.services.cases.recalls import recall
from webapp.services.cases.uploads import hand_in
from webapp.services.demo import makers
from webapp.services.offices.addressees import vacancies
from webapp.services.papers.files import add_paper
from webapp.services.people.accounts import person_now

PROOF = PaperKind.PROOF_OF_RESIDENCE


@pytest.fixture
def registrar(road: Road) -> Person:
    """The receiving school's registrar."""
    return road.officers[road.receiving.id, Role.REGISTRAR]


@pytest.fixture
def both(road: Road, session: Session) -> Person:
    """Its lead, who is a registrar too."""
    return also_registrar(session, road)


def also_registrar(session: Session, road: Road) -> Person:
    lead = road.officers[road.receiving.id, Role.LEAD]
    account = session.get_one(Account, lead.account_id)
    person = makers.an_officer(session, road.receiving, Role.REGISTRAR, account=account)
    session.commit()
    return person


def applied_by(person: Person, road: Road) -> ChangeRequest:
    session = road.session
    draft = save_draft(session, person, road.student.id, road.form)
    for paper in papers_for(session, draft):
        add_paper(session, person, draft, kind=paper.kind, filename="paper.png", data=A_PNG)
    session.commit()
    return submit(session, person, draft.id)


def handed_in_again_by(person: Person, road: Road, case: ChangeRequest, task: Task) -> None:
    with clock.freeze(clock.now() + timedelta(minutes=1)):
        hand_in(road.session, person, case.id, kind=PROOF, filename="clear.png", data=A_PNG + b"clear")
        resubmit(road.session, person, case.id)
    road.session.refresh(case)
    road.session.refresh(task)


def returned_at(step: str, road: Road, case: ChangeRequest) -> Task:
    task = road.approve_until(case, step)
    road.send_back(case)
    return task


def approves(session: Session, person: Person, task: Task) -> CaseState:
    version = session.get_one(ChangeRequest, task.change_request_id).version
    return decide(session, person, task.id, outcome=Outcome.APPROVE, version=version).state


def asked(task: Task) -> tuple[int, Role, bool]:
    return (task.office_id, task.role, task.vacant)


def test_whoever_handed_a_case_in_again_does_not_review_it(
    road: Road, session: Session, site: Site, registrar: Person, both: Person
) -> None:
    colleague = makers.an_officer(session, road.receiving, Role.LEAD)
    session.commit()
    case = applied_by(registrar, road)
    task = returned_at("in_lead", road, case)
    handed_in_again_by(both, road, case, task)
    assert case.applicant_ids == sorted({registrar.account_id, both.account_id})
    assert "another person must take this one" in site.visitor(both).reads(f"/tasks/{task.id}")
    with pytest.raises(errors.DutiesSeparated):
        approves(session, both, task)
    session.rollback()
    assert approves(session, colleague, task) == CaseState.IN_REVIEW


def test_a_case_that_its_only_reviewer_handed_in_again_goes_to_who_stands_in(
    road: Road, session: Session, registrar: Person, both: Person
) -> None:
    county = session.get_one(Office, road.receiving.superior_id)
    makers.an_officer(session, county, Role.LEAD)
    case = applied_by(registrar, road)
    task = returned_at("in_lead", road, case)
    assert asked(task) == (road.receiving.id, Role.LEAD, False)
    handed_in_again_by(both, road, case, task)
    assert asked(task) == (county.id, Role.LEAD, True)


def test_whoever_handed_a_case_in_again_may_check_it(road: Road, session: Session, registrar: Person) -> None:
    case = applied_by(registrar, road)
    task = returned_at("in_registrar", road, case)
    handed_in_again_by(registrar, road, case, task)
    assert asked(task) == (road.receiving.id, Role.REGISTRAR, False)
    assert approves(session, registrar, task) == CaseState.IN_REVIEW


def test_where_both_schools_agree_at_once_the_applicant_does_not_agree_for_his_own(session: Session) -> None:
    road = a_road(session, releasing_in="350203", receiving_in="350211", stage=Stage.VOCATIONAL, grade=1)
    both = also_registrar(session, road)
    case = applied_by(both, road)
    task = road.open_task(case)
    while task.seat_office_id != road.receiving.id:
        road.approve(case)
        task = road.open_task(case)
    assert task.seat_role == Role.LEAD
    assert both.account_id in kept(task)
    came_to_all_the_same(session, both, task)
    with pytest.raises(errors.DutiesSeparated):
        approves(session, both, task)


def came_to_all_the_same(session: Session, person: Person, task: Task) -> None:
    post = next(post for post in person.posts if post.role == Role.LEAD)
    task.office_id, task.role = post.office_id, post.role
    session.commit()


def test_who_handed_the_case_in_again_takes_his_signature_back_for_another(session: Session) -> None:
    with in_force(session, "transfer", with_step("transfer", "in_lead", role="lead principal", mode="all")):
        road = a_road(session)
        makers.an_officer(session, session.get_one(Office, road.receiving.superior_id), Role.LEAD)
        both = also_registrar(session, road)
        case = applied_by(road.officers[road.receiving.id, Role.REGISTRAR], road)
        road.approve_until(case, "in_lead")
        mine, his = sorted(road.open_tasks(case), key=lambda task: task.role)
        approves(session, both, mine)
        road.send_back(case)
        handed_in_again_by(both, road, case, his)
        recall(session, both, mine.id, version=case.version)
        session.refresh(mine)
        assert (both.account_id in kept(mine), mine.vacant) == (True, True)
        assert complaints(session, case) == []


def test_who_becomes_the_pupils_guardian_is_asked_no_more(road: Road, session: Session) -> None:
    case = road.applied()
    task = road.approve_until(case, "receiving_authorities/in_county")
    handler, county = road.officer(task), session.get_one(Office, task.office_id)
    keep_only(session, county, handler)
    makers.an_officer(session, county, Role.LEAD)
    becomes_guardian(session, handler, road)
    session.refresh(task)
    assert asked(task) == (county.id, Role.LEAD, True)
    makers.an_officer(session, county, Role.HANDLER)
    a_day_begins(session)
    session.refresh(task)
    assert asked(task) == (county.id, Role.HANDLER, False)


def test_who_is_the_pupils_guardian_no_more_takes_the_task_that_was_opened_without_him(
    road: Road, session: Session
) -> None:
    case = road.applied()
    before = road.approve_until(case, "in_lead")
    handler = road.officers[road.receiving.superior_id, Role.HANDLER]
    county = session.get_one(Office, road.receiving.superior_id)
    keep_only(session, county, handler)
    becomes_guardian(session, handler, road)
    approves(session, road.officer(before), before)
    task = road.open_task(case)
    assert (handler.account_id in kept(task), task.vacant) == (True, True)
    guardian = update(Guardianship).where(Guardianship.account_id == handler.account_id)
    session.execute(guardian.values(valid_to=clock.today()))
    a_day_begins(session)
    session.refresh(task)
    assert asked(task) == (county.id, Role.HANDLER, False)
    claim(session, person_now(session, handler.account_id), task.id)
    assert approves(session, person_now(session, handler.account_id), task) == CaseState.IN_REVIEW


def test_a_task_that_nobody_but_a_new_guardian_could_take_is_in_the_list_of_vacancies(
    road: Road, session: Session
) -> None:
    case = road.applied()
    task = road.approve_until(case, "receiving_authorities/in_county")
    handler = road.officer(task)
    for office_id in road.receiving.path[:-1]:
        keep_only(session, session.get_one(Office, office_id), handler)
    becomes_guardian(session, handler, road)
    listed = [(seat.office_id, seat.role) for seat in vacancies(session, task.seat_office_id)]
    assert (task.seat_office_id, Role.HANDLER) in listed


def becomes_guardian(session: Session, officer: Person, road: Road) -> None:
    makers.a_guardian(session, road.student, account=session.get_one(Account, officer.account_id))
    a_day_begins(session)


def a_day_begins(session: Session) -> None:
    session.commit()
    rerouted(session, clock.today())
    session.commit()


def keep_only(session: Session, office: Office, officer: Person) -> None:
    others = update(Membership).where(
        Membership.office_id == office.id, Membership.account_id != officer.account_id
    )
    session.execute(others.values(valid_to=date(2025, 1, 1)))
