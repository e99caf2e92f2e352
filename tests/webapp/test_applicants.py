"""Whose case it is today: the family's, and of one that a school applied for, whoever is its registrar now."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Account, CaseEvent, ChangeRequest, Guardianship
from models.enums import CaseState, EventKind, FormField, Outcome, PaperKind, Role, TransferReason
from tests.webapp.road import A_PNG, Road
from tests.webapp.site import Site
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.cases import fields
from webapp.services.cases.applications import draft_of, save_draft, submit
from webapp.services.cases.corrections import resubmit, withdraw
from webapp.services.cases.decisions import decide, return_to_applicant
from webapp.services.cases.families import record_for
from webapp.services.cases.reviews import FieldNotListed
from webapp.services.cases.uploads import hand_in
from webapp.services.demo import makers
from webapp.services.offices.appointments import dismiss
from webapp.services.people.accounts import person_now

pytestmark = pytest.mark.slow

PROOF = PaperKind.PROOF_OF_RESIDENCE


@dataclass
class Matter:
    """A transfer, who began it, and everybody who might think it is his."""

    road: Road
    beginner: Person
    people: dict[str, Person]

    def draft(self) -> ChangeRequest:
        return self.road.draft(by=self.beginner)

    def case(self) -> ChangeRequest:
        return self.road.applied(by=self.beginner)


def a_matter(road: Road, begun_by: str) -> Matter:
    session, registrar = road.session, road.officers[road.receiving.id, Role.REGISTRAR]
    people = {
        "the registrar": registrar,
        "the registrar who left": who_left(road),
        "his successor": makers.an_officer(session, road.receiving, Role.REGISTRAR),
        "the school's lead": road.officers[road.receiving.id, Role.LEAD],
        "the other school's registrar": road.officers[road.releasing.id, Role.REGISTRAR],
        "the guardian": road.guardian,
        "the guardian no more": who_guards_no_more(road),
        "the other guardian": makers.a_guardian(session, road.student),
    }
    session.commit()
    return Matter(road, people[begun_by], people)


def who_left(road: Road) -> Person:
    left = makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    dismiss(road.session, left.account_id, road.receiving.id, Role.REGISTRAR, on=clock.today())
    return person_today(road, left)


def who_guards_no_more(road: Road) -> Person:
    guarded = makers.a_guardian(road.session, road.student)
    of_his = update(Guardianship).where(Guardianship.account_id == guarded.account_id)
    road.session.execute(of_his.values(valid_to=clock.today()))
    return person_today(road, guarded)


def person_today(road: Road, person: Person) -> Person:
    found = person_now(road.session, person.account_id)
    assert found is not None
    return found


def may(act: Callable[..., object], session: Session, person: Person, case: ChangeRequest) -> bool:
    """Whether the act is let through; otherwise the case, or the draft, is not even there for this person."""
    try:
        act(session, person, case.id)
    except errors.NoSuchCase:
        session.rollback()
        return False
    return True


def correct(session: Session, person: Person, case_id: int) -> None:
    hand_in(session, person, case_id, kind=PROOF, filename="again.png", data=A_PNG)


FAMILY = {"the guardian", "the other guardian"}
SCHOOL = {"the registrar", "his successor"}
# Who may act for a case, by who began it.
OWNERS = {"the guardian": FAMILY, "the registrar": SCHOOL | FAMILY}
# Of drafts a family's is the guardian's alone who began it, and a school's nobody's but the school's.
DRAFT_OWNERS = {"the guardian": {"the guardian"}, "the registrar": SCHOOL}
BEGINNERS = pytest.mark.parametrize("begun_by", OWNERS)


@BEGINNERS
def test_a_case_is_withdrawn_by_whom_it_belongs_to_today(road: Road, begun_by: str) -> None:
    matter, session = a_matter(road, begun_by), road.session
    withdrawn = set()
    for name, person in matter.people.items():
        case = matter.case()
        if may(withdraw, session, person, case):
            withdrawn.add(name)
        else:
            withdraw(session, road.guardian, case.id)
    assert withdrawn == OWNERS[begun_by]


@BEGINNERS
def test_a_returned_case_is_corrected_by_whom_it_belongs_to_today(road: Road, begun_by: str) -> None:
    matter, session = a_matter(road, begun_by), road.session
    case, corrected, resubmitted = matter.case(), set(), set()
    for name, person in matter.people.items():
        if case.state == CaseState.IN_REVIEW:
            road.send_back(case)
        if may(correct, session, person, case):
            corrected.add(name)
        if may(resubmit, session, person, case):
            resubmitted.add(name)
    assert corrected == resubmitted == OWNERS[begun_by]


@BEGINNERS
def test_a_draft_is_gone_on_with_by_whom_it_belongs_to_today(road: Road, begun_by: str) -> None:
    matter, session = a_matter(road, begun_by), road.session
    draft = matter.draft()
    finds = {
        name for name, person in matter.people.items() if draft_of(session, person, road.student.id) == draft
    }
    adds = {name for name, person in matter.people.items() if may(correct, session, person, draft)}
    submits = {name for name, person in matter.people.items() if may(submit, session, person, draft)}
    assert finds == adds == submits == DRAFT_OWNERS[begun_by]


def test_the_draft_of_a_school_is_one_whoever_of_its_registrars_saves_it(road: Road) -> None:
    matter, session = a_matter(road, "the registrar"), road.session
    first = matter.draft()
    again = save_draft(session, matter.people["his successor"], road.student.id, road.form)
    familys = save_draft(session, road.guardian, road.student.id, road.form)
    assert again.id == first.id != familys.id


def test_a_registrar_who_left_no_longer_reads_the_record_he_began_with(road: Road) -> None:
    matter, student_id = a_matter(road, "the registrar"), road.student.id
    matter.draft()
    assert record_for(road.session, matter.people["his successor"], student_id).student_id == student_id
    with pytest.raises(errors.NotYourChild):
        record_for(road.session, matter.people["the registrar who left"], student_id)


def test_whoever_submits_his_predecessors_draft_is_the_one_whose_duties_are_separate(road: Road) -> None:
    matter, session = a_matter(road, "the registrar"), road.session
    draft, successor = matter.draft(), matter.people["his successor"]
    account = session.get_one(Account, successor.account_id)
    both = makers.an_officer(session, road.receiving, Role.LEAD, account=account)
    case = submit(session, both, draft.id)
    road.approve(case)
    task = road.open_task(case)
    assert (task.role, case.applicant_id) == (Role.LEAD, successor.account_id)
    with pytest.raises(errors.DutiesSeparated):
        decide(session, both, task.id, outcome=Outcome.APPROVE, version=case.version)


@pytest.mark.parametrize(("begun_by", "names_the_school"), [("the guardian", False), ("the registrar", True)])
def test_the_history_says_by_which_post_somebody_applied_and_withdrew(
    road: Road, begun_by: str, names_the_school: bool
) -> None:
    matter = a_matter(road, begun_by)
    case = matter.case()
    withdraw(road.session, matter.beginner, case.id)
    entries = select(CaseEvent.kind, CaseEvent.office_id, CaseEvent.role).order_by(CaseEvent.seq)
    post = (road.receiving.id, Role.REGISTRAR) if names_the_school else (None, None)
    assert road.session.execute(entries.where(CaseEvent.change_request_id == case.id)).all() == [
        (EventKind.OPENED, *post),
        (EventKind.WITHDRAWN, *post),
    ]


def test_the_page_offers_to_withdraw_to_whom_the_case_belongs_to_today(road: Road, site: Site) -> None:
    matter = a_matter(road, "the registrar")
    case = matter.case()
    offered = {
        name: "Withdraw" in site.visitor(matter.people[name]).reads(f"/cases/{case.id}")
        for name in ("his successor", "the guardian", "the other school's registrar")
    }
    assert offered == {"his successor": True, "the guardian": True, "the other school's registrar": False}


def test_a_case_that_an_authority_decided_is_offered_to_be_withdrawn_only_when_the_record_overtook_it(
    road: Road, site: Site
) -> None:
    case = road.applied()
    road.approve(case, times=5)
    address, family = f"/cases/{case.id}", site.visitor(road.guardian)
    assert "Withdraw the application" not in family.reads(address)
    road.student.version += 1
    road.session.commit()
    with pytest.raises(errors.RecordChanged):
        road.approve(case)
    assert "Withdraw the application" in family.reads(address)
    family.post(f"{address}/withdraw", confirmed="y")
    road.session.expire_all()
    assert case.state == CaseState.WITHDRAWN


def test_the_family_corrects_what_a_school_applied_for_and_the_school_names_no_other(road: Road) -> None:
    matter, session = a_matter(road, "the registrar"), road.session
    for person in (matter.beginner, road.guardian):
        case = matter.case()
        task, version = road.open_task(case), case.version
        said = {"fields": [FormField.REASON], "reason": "请更正", "version": version}
        return_to_applicant(session, road.officer(task), task.id, items=(), **said)
        fields.correct(session, person, case.id, {FormField.REASON: TransferReason.MIGRANT_RESIDENCE.value})
        resubmit(session, person, case.id)
        assert [task.key for task in road.open_tasks(case)] == ["in_registrar:2"]
        withdraw(session, person, case.id)
    task, version = road.open_task(matter.case()), 1
    with pytest.raises(FieldNotListed):
        return_to_applicant(
            session,
            road.officer(task),
            task.id,
            items=(),
            fields=[FormField.SCHOOL],
            reason="请更正",
            version=version,
        )
