"""Copies (抄送): a case is sent to colleagues for information, and they say that they have read it (阅知)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from models import Account, ChangeRequest, Notice, Office
from models.enums import EventKind, NoticeKind, Role
from tests.webapp.doctoring import complaints
from tests.webapp.posted import mail_of, reached
from tests.webapp.road import Road, work_off
from webapp import errors
from webapp.policy import Person
from webapp.services.cases import copied
from webapp.services.cases.copied import copies_for, unread_count
from webapp.services.cases.copies import NoSuchReader, acknowledge, readers, send, unread_copy
from webapp.services.cases.corrections import withdraw
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


@pytest.fixture
def one(road: Road) -> Person:
    """The receiving registrar, who sends copies."""
    return road.officers[road.receiving.id, Role.REGISTRAR]


@pytest.fixture
def lead(road: Road) -> Person:
    """The lead of the releasing school, who reads them."""
    return road.officers[road.releasing.id, Role.LEAD]


def offered(road: Road, sender: Person, case: ChangeRequest) -> set[int]:
    return {reader.account_id for reader in readers(road.session, sender, case)}


def copied_to(road: Road, person: Person) -> list[int]:
    return [row.case_id for row in copies_for(road.session, person).rows]


def test_whoever_decides_in_an_office_that_sees_the_case_may_be_chosen(
    road: Road, case: ChangeRequest, one: Person
) -> None:
    session = road.session
    elsewhere = makers.an_officer(session, makers.a_school(session, "410324"), Role.LEAD)
    parent = makers.an_officer(
        session, road.releasing, Role.PRINCIPAL, account=session.get_one(Account, road.guardian.account_id)
    )
    province = session.get_one(Office, road.receiving.path[0])
    auditor = makers.an_officer(session, province, Role.AUDITOR)
    approver = makers.an_officer(session, province, Role.APPROVER)
    found = offered(road, one, case)
    colleagues = {officer.account_id for officer in road.officers.values()} - {one.account_id}
    assert found >= colleagues | {approver.account_id}
    assert found.isdisjoint(person.account_id for person in (one, elsewhere, parent, auditor, road.guardian))


def test_schools_stand_before_bureaus_and_nobody_twice(
    road: Road, case: ChangeRequest, one: Person, lead: Person
) -> None:
    account = road.session.get_one(Account, lead.account_id)
    makers.an_officer(road.session, road.releasing, Role.PRINCIPAL, account=account)
    found = readers(road.session, one, case)
    schools = {road.receiving.name, road.releasing.name}
    assert [reader.office in schools for reader in found] == sorted(
        (reader.office in schools for reader in found), reverse=True
    )
    assert len(found) == len({reader.account_id for reader in found})


def test_a_copy_is_told_to_its_reader_alone_and_read_once(
    road: Road, case: ChangeRequest, one: Person, lead: Person
) -> None:
    version = case.version
    send(road.session, one, case.id, to=[lead.account_id], word=" 请知悉 ")
    work_off(road.session)
    told = select(Notice.account_id).where(
        Notice.change_request_id == case.id, Notice.kind == NoticeKind.COPIED
    )
    assert road.session.scalars(told).all() == [lead.account_id]
    assert unread_count(road.session, lead) == 1
    for _ in range(2):
        acknowledge(road.session, lead, case.id)
    assert (unread_count(road.session, lead), copied_to(road, lead)) == (0, [case.id])
    road.session.expire_all()
    assert [event.kind for event in case.events] == [EventKind.OPENED, EventKind.COPIED, EventKind.NOTED]
    assert case.events[1].payload == {
        "copied_to": [{"id": lead.account_id, "name": lead.name}],
        "comment": "请知悉",
    }
    assert (case.version, case.events[2].actor_id) == (version, lead.account_id)
    assert complaints(road.session, case) == []


def test_whoever_has_not_read_his_copy_gets_no_other_one(
    road: Road, case: ChangeRequest, one: Person, lead: Person
) -> None:
    send(road.session, one, case.id, to=[lead.account_id])
    with pytest.raises(NoSuchReader):
        send(road.session, one, case.id, to=[lead.account_id])
    road.session.rollback()
    acknowledge(road.session, lead, case.id)
    send(road.session, one, case.id, to=[lead.account_id])
    assert copied_to(road, lead) == [case.id, case.id]


def test_nothing_is_copied_to_nobody_to_oneself_or_to_the_family(
    road: Road, case: ChangeRequest, one: Person, lead: Person
) -> None:
    for to in ([], [one.account_id], [road.guardian.account_id], [lead.account_id, 2**40]):
        with pytest.raises(NoSuchReader):
            send(road.session, one, case.id, to=to)
        road.session.rollback()


def test_whoever_does_not_see_the_case_or_is_of_the_family_copies_nothing(
    road: Road, case: ChangeRequest, lead: Person
) -> None:
    elsewhere = makers.an_officer(road.session, makers.a_school(road.session, "410324"), Role.LEAD)
    parent = makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    account = road.session.get_one(Account, parent.account_id)
    makers.a_guardian(road.session, road.student, account=account)
    road.session.commit()
    for nobody, refusal in (
        (elsewhere, errors.NotAllowed),
        (road.guardian, errors.NotAllowed),
        (parent, errors.OwnChild),
    ):
        with pytest.raises(refusal):
            send(road.session, nobody, case.id, to=[lead.account_id])
        road.session.rollback()
    with pytest.raises(errors.NotAllowed):
        acknowledge(road.session, elsewhere, case.id)


def test_a_draft_is_copied_to_nobody(road: Road, one: Person, lead: Person) -> None:
    with pytest.raises(errors.NoSuchCase):
        send(road.session, one, road.draft().id, to=[lead.account_id])


def test_a_case_that_has_ended_may_be_copied_still(
    road: Road, case: ChangeRequest, one: Person, lead: Person
) -> None:
    withdraw(road.session, road.guardian, case.id)
    send(road.session, one, case.id, to=[lead.account_id])
    acknowledge(road.session, lead, case.id)
    assert complaints(road.session, case) == []


def test_whoever_has_left_his_post_finds_the_copy_no_more(
    road: Road, case: ChangeRequest, one: Person, lead: Person
) -> None:
    send(road.session, one, case.id, to=[lead.account_id])
    gone = replace(lead, posts=())
    assert (unread_count(road.session, gone), copied_to(road, gone)) == (0, [])
    assert unread_copy(road.session, one, case.id) is None


def test_unread_copies_come_first_and_pages_meet_without_gap(
    road: Road, one: Person, lead: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copied, "PAGE", 2)
    cases = [road.applied().id]
    for _ in range(4):
        rival = road.rival()
        cases.append(rival.applied().id)
    for case_id in cases:
        send(road.session, one, case_id, to=[lead.account_id])
    for case_id in (cases[1], cases[4]):
        acknowledge(road.session, lead, case_id)
    seen, after = [], None
    while True:
        page = copies_for(road.session, lead, after=after)
        seen += [row.case_id for row in page.rows]
        if (after := page.following) is None:
            break
    assert seen == [cases[3], cases[2], cases[0], cases[4], cases[1]]


def test_a_copy_is_told_by_e_mail_without_the_name_of_the_child(
    road: Road, case: ChangeRequest, one: Person, lead: Person
) -> None:
    with mail_of(road.session) as server:
        reached(road.session, lead, "lead@example.org")
        send(road.session, one, case.id, to=[lead.account_id])
        work_off(road.session)
        [mail] = server.mails
    assert mail.receiver == "lead@example.org"
    assert road.student.name not in str(mail.message)
