"""Notices: what a family and an officer read of whom, and which of it is news."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from models import Guardianship, Membership, Notice, Office, Outbox, Student
from models.enums import SIGNALS, Ask, CaseState, NoticeKind, Outcome, PaperKind, Role
from tests.webapp.asking.asked import COUNTY, asks, at
from tests.webapp.road import A_PNG, Road, a_fujian_road
from tests.webapp.site import Site, Visitor, said
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.cases.corrections import resubmit
from webapp.services.cases.decisions import decide
from webapp.services.cases.recalls import recall
from webapp.services.cases.uploads import hand_in
from webapp.services.demo import makers
from webapp.services.notices.news import unread_count
from webapp.services.notices.outbox import drain
from webapp.services.offices.addressees import reroute

pytestmark = pytest.mark.slow


def presses(visitor: Visitor, page: TestResponse) -> None:
    """Mark as read what a page of notices shows."""
    visitor.post("/notices/read", upto=re.search('name="upto" value="([0-9]+)"', page.text)[1])


def test_notices_are_counted_on_every_page_until_they_are_read(site, road):
    case = road.applied()
    while drain(road.session):
        pass
    family = site.visitor(road.guardian)
    page = family.get("/notices")
    assert f"{road.student.name}'s transfer application is submitted" in said(page)
    assert f'href="/cases/{case.id}"' in page.text
    assert "Notices 2 new" in family.reads("/")
    presses(family, page)
    assert "Notices 2" not in family.reads("/")
    assert "Mark all as read" not in family.reads("/notices")


def test_reading_ones_own_notices_leaves_those_of_others_unread(site, road):
    road.applied()
    while drain(road.session):
        pass
    family = site.visitor(road.guardian)
    presses(family, family.get("/notices"))
    road.session.expire_all()
    officers = select(Notice).where(Notice.office_id == road.receiving.id)
    assert all(notice.read_at is None for notice in road.session.scalars(officers))


@pytest.fixture
def told(site: Site, road: Road) -> Callable[..., list[str]]:
    """Returns the notices of somebody, the newest first."""

    def read(person: Person, language: str = "en") -> list[str]:
        while drain(road.session):
            pass
        page = site.visitor(person, language).get("/notices").text
        return [
            html.unescape(text) for text in re.findall("<strong>(.*?)</strong>", page.partition("<main")[2])
        ]

    return read


def test_a_family_reads_of_which_child_at_which_office_and_what_happened(told, road):
    case = road.applied()
    assert told(road.guardian) == [
        f"{road.student.name}'s transfer application went to {road.receiving.name} (Registrar)",
        f"{road.student.name}'s transfer application is submitted",
    ]
    road.approve(case)
    school, application = road.receiving.name, f"{road.student.name}的转学申请"
    assert told(road.guardian, "zh_Hans_CN")[0] == (
        f"{application}已由{school}学籍管理员审核通过，转到{school}学籍主管领导办理"
    )
    task = road.open_task(case)
    rejected = {
        "outcome": Outcome.REJECT,
        "version": case.version,
        "opinion": "信息有误",
        "code": "DATA_WRONG",
    }
    decide(road.session, road.officer(task), task.id, **rejected)
    assert told(road.guardian, "zh_Hans_CN")[0] == f"{application}未通过{school}学籍主管领导审核"


def test_a_family_reads_who_sent_its_application_on_though_the_row_of_the_next_is_the_older_one(told, road):
    """It was opened by a decision that was taken back, and again by who then signed too."""
    case = road.applied(until=COUNTY)
    mine = road.open_task(case)
    chief = makers.an_officer(road.session, mine.office, Role.CHIEF)
    road.session.commit()
    road.approve(case)
    recall(road.session, road.officer(mine), mine.id, version=case.version)
    now = clock.now()
    with clock.freeze(now + timedelta(hours=1)):
        asks(road, case, Ask.COSIGNATURE, chief)
    with clock.freeze(now + timedelta(hours=2)):
        signature = at(road, case, "in_county:1+1")
        decide(road.session, chief, signature.id, outcome=Outcome.APPROVE, version=case.version)
    bureau = mine.office.name
    assert f"已由{bureau}科长审核通过，转到" in told(road.guardian, "zh_Hans_CN")[0]


@pytest.mark.parametrize("drained", [True, False], ids=["told at once", "told together"])
def test_each_notice_of_a_return_says_what_had_to_be_corrected_then(site, road, drained):
    """Domain 3.0.5: returned (with items)."""
    case = road.applied()
    road.send_back(case, reason="看不清")
    if drained:
        drain(road.session)
    with clock.freeze(clock.now() + timedelta(hours=1)):
        road.mend(case)
        road.send_back(case, PaperKind.TRANSFER_FORM, reason="缺签名")
        drain(road.session)
        page = said(site.visitor(road.guardian).get("/notices"))
    later, earlier = (
        "缺签名 To be corrected: Transfer application form",
        "看不清 To be corrected: Proof of residence",
    )
    assert page.index(later) < page.index(earlier)


def test_an_officer_reads_whose_application_waits_for_which_of_his_posts(told, road):
    case = road.applied()
    task = road.open_task(case)
    registrar, application = road.officer(task), f"{road.student.name}'s transfer application"
    assert told(registrar) == [f"{application} waits for {road.receiving.name} (Registrar)"]
    road.send_back(case)
    assert (
        told(registrar)[0] == f"{application} is returned by {road.receiving.name} (Registrar) for correction"
    )
    assert told(road.guardian)[0].endswith("(Registrar): please correct it")


def test_what_comes_back_says_so_and_not_that_somebody_approved(told, road):
    case = road.applied()
    road.approve(case)
    task = road.open_task(case)
    lead, application = road.officer(task), f"{road.student.name}'s transfer application"
    school = road.receiving.name
    assert told(lead)[0] == f"{application} waits for {school} (Registry lead)"
    road.send_back(case)
    with clock.freeze(clock.now() + timedelta(hours=1)):
        proof = {"kind": PaperKind.PROOF_OF_RESIDENCE, "filename": "clear.png", "data": A_PNG}
        hand_in(road.session, road.guardian, case.id, **proof)
        resubmit(road.session, road.guardian, case.id)
        assert (
            told(road.guardian)[0]
            == f"{application} is submitted again and goes on at {school} (Registry lead)"
        )
        assert told(lead)[0] == f"{application} is submitted again and waits for {school} (Registry lead)"


def test_a_task_that_came_to_somebody_else_says_so_and_not_that_somebody_approved(told, road):
    case = road.applied()
    road.approve(case)
    application = f"{road.student.name}'s transfer application"
    assert told(road.guardian)[0].startswith(
        f"{application} is approved by {road.receiving.name} (Registrar)"
    )
    task, county = road.open_task(case), road.session.get_one(Office, road.receiving.superior_id)
    stand_in = makers.an_officer(road.session, county, Role.LEAD)
    seat = update(Membership).where(Membership.office_id == task.office_id, Membership.role == Role.LEAD)
    road.session.execute(seat.values(valid_to=clock.today()))
    reroute(road.session, task.office_id, clock.today())
    road.session.commit()
    assert told(road.guardian)[0] == f"{application} is with {county.name} (Registry lead) now"
    assert told(stand_in)[0] == f"{application} waits for {county.name} (Registry lead) now"


def test_a_record_that_changed_is_told_as_that_and_not_as_somebodys_return(told, road):
    case = road.applied()
    road.approve(case, times=5)
    road.session.execute(
        update(Student).where(Student.id == road.student.id).values(birth_date=date(2014, 5, 7))
    )
    road.session.commit()
    with pytest.raises(errors.RecordChanged):
        road.approve(case)
    assert told(road.guardian)[0] == (
        f"{road.student.name}'s record changed since the transfer application was made: "
        "please confirm it on the present record"
    )
    registrar = road.officers[road.releasing.id, Role.REGISTRAR]
    assert told(registrar)[0].endswith("waits for the applicant: the record changed since it was made")


def test_who_is_a_guardian_no_more_reads_nothing_of_the_child(told, road):
    road.applied()
    assert told(road.guardian)
    assert unread_count(road.session, road.guardian) == 2
    whose = update(Guardianship).where(Guardianship.account_id == road.guardian.account_id)
    road.session.execute(whose.values(valid_to=clock.today()))
    road.session.commit()
    assert told(road.guardian) == []
    assert unread_count(road.session, replace(road.guardian, children=())) == 0


def test_an_approved_transfer_is_told_to_the_family_and_both_schools(told, road):
    case = road.applied()
    while road.open_tasks(case):
        road.approve(case)
    done = f"{road.student.name}'s transfer application is approved and the record is changed"
    registrars = [road.officers[school.id, Role.REGISTRAR] for school in (road.releasing, road.receiving)]
    assert [told(person)[0] for person in (road.guardian, *registrars)] == [done] * 3


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "{name}'s transfer: the filing is overdue at {office} (Handler) (red card)"),
        ("zh_Hans_CN", "{name}的转学备案在{office}经办人处已超期（红牌）"),
    ],
)
def test_a_filing_that_is_overdue_is_told_as_that(told, session, language, said):
    road = a_fujian_road(session)
    case = road.applied()
    while road.approve(case) != CaseState.COMPLETED:
        pass
    filing, about = road.open_task(case), {"kind": NoticeKind.OVERDUE, "change_request_id": case.id}
    session.add(Outbox(task_id=filing.id, created_at=clock.now(), **about))
    session.commit()
    assert told(road.officer(filing), language)[0] == said.format(
        name=road.student.name, office=filing.office.name
    )


@pytest.mark.parametrize("kind", [*SIGNALS, NoticeKind.WITHDRAWN])
@pytest.mark.parametrize("language", ["en", "zh_Hans_CN"])
def test_every_other_notice_names_the_child_too(told, road, kind, language):
    case = road.applied()
    task = road.open_task(case)
    about = task.id if kind in SIGNALS[:3] else None
    road.session.add(Outbox(kind=kind, change_request_id=case.id, task_id=about, created_at=clock.now()))
    road.session.commit()
    newest = told(road.officer(task), language)[0]
    assert newest.startswith(road.student.name)
    assert (road.receiving.name in newest) == (about is not None)
