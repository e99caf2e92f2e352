"""What two sides said otherwise is settled by telephone: taken down, kept in the history, and off the list."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from models import Account, ExchangeMessage, Office
from models.enums import CaseState, EventKind, MessageDirection, MessageKind, Outcome, Role, Trouble
from tests.webapp.exchange.deployments import HENAN, Deployment, findings, rounds
from tests.webapp.exchange.doors import says
from tests.webapp.exchange.officers import an_officer_of, by_hand, listed
from tests.webapp.exchange.pupils import a_pupil, asked
from tests.webapp.exchange.sample_messages import BODIES
from tests.webapp.site import Site, said
from webapp import clock, errors
from webapp.database import db
from webapp.policy import Person
from webapp.services.demo import makers
from webapp.services.exchange import mailbox
from webapp.services.exchange.handling import handle_due
from webapp.services.exchange.mailbox import Business
from webapp.services.exchange.messages import read_body
from webapp.services.exchange.outside import Evidence, TellerMissing, ToldLater
from webapp.services.exchange.settling import AgreementMissing, NoSuchMessage, NothingToSettle, settle
from webapp.services.exchange.waiting import stuck_messages

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)
AGREED = "对方误录，已按同意更正"


@pytest.fixture
def county(henan: Deployment, others: Deployment) -> Person:
    """A handler of the receiving county, whose case was rejected there after it was approved by telephone."""
    asked(henan, a_pupil(henan, others))
    henan.work()
    by_hand(henan, Outcome.APPROVE)
    by_hand(henan, Outcome.APPROVE)
    rounds(others)
    others.decide(Outcome.REJECT, "毕业年级")
    rounds(others, henan)
    return an_officer_of(henan, "410325")


def told() -> Evidence:
    return Evidence("安徽省教育厅 李老师", clock.now(), "皖教函〔2025〕8号")


def settled(
    henan: Deployment, officer: Person, agreed: str = AGREED, evidence: Evidence | None = None
) -> int:
    """Settle the message of the newest case that is in dispute."""
    [row] = listed(henan, an_officer_of(henan, "410325"))
    settle(henan.session, officer, row.id, agreed=agreed, evidence=evidence or told())
    return row.id


def test_what_was_settled_while_a_worker_had_it_takes_no_effect_any_more(
    henan: Deployment, others: Deployment, county: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = mailbox.claim

    def claimed_and_settled(*which):
        messages = claim(*which)
        settled(henan, county)
        return messages

    monkeypatch.setattr(mailbox, "claim", claimed_and_settled)
    with clock.freeze(clock.now() + HOUR):
        handle_due(henan.session)
    henan.session.expire_all()
    last = henan.messages(MessageDirection.IN)[-1]
    assert (last.settlement["opinion"], last.trouble) == (AGREED, Trouble.AGAINST_APPROVAL)
    assert henan.case().events[-1].kind == EventKind.SETTLED


def test_what_was_agreed_stands_in_the_history_and_the_message_is_off_the_list(
    henan: Deployment, others: Deployment, county: Person, tmp_path: Path
) -> None:
    message = henan.session.get_one(ExchangeMessage, settled(henan, county))
    event = henan.case().events[-1]
    assert (event.kind, event.actor_id, event.role) == (EventKind.SETTLED, county.account_id, Role.HANDLER)
    assert event.payload == {"message": str(message.message_id), "opinion": AGREED, **told().plain()}
    assert listed(henan, county) == []
    assert henan.case().state == CaseState.IN_REVIEW
    assert findings(henan, tmp_path) == []


def test_it_is_tried_no_more_and_counts_as_nothing_that_was_heeded(
    henan: Deployment, others: Deployment, county: Person
) -> None:
    message_id = settled(henan, county)
    with clock.freeze(clock.now() + HOUR):
        rounds(henan, others)
    message = henan.session.get_one(ExchangeMessage, message_id)
    assert (message.done_at is not None, message.trouble) == (True, Trouble.AGAINST_APPROVAL)
    assert henan.approve_all() == CaseState.COMPLETED


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (lambda: {"agreed": "……"}, AgreementMissing),
        (lambda: {"evidence": Evidence(" ", clock.now(), "")}, TellerMissing),
        (lambda: {"evidence": Evidence("李老师", clock.now() + HOUR, "")}, ToldLater),
    ],
)
def test_who_agreed_on_what_and_when_has_to_be_said(
    henan: Deployment, others: Deployment, county: Person, wrong, refusal
) -> None:
    with pytest.raises(refusal):
        settled(henan, county, **wrong())
    henan.session.rollback()
    assert len(listed(henan, county)) == 1


def test_only_an_officer_of_the_case_who_is_not_of_the_family_settles_it(
    henan: Deployment, others: Deployment, county: Person
) -> None:
    case = henan.case()
    school = henan.session.get_one(Office, case.to_school_id)
    registrar = makers.an_officer(henan.session, school, Role.REGISTRAR)
    account = henan.session.get_one(Account, registrar.account_id)
    parent = makers.a_guardian(henan.session, case.student, account=account)
    henan.session.commit()
    strangers = [an_officer_of(henan, "410324"), an_officer_of(henan, "410325", Role.AUDITOR), parent]
    for person in strangers:
        with pytest.raises(errors.NotAllowed):
            settled(henan, person)
        henan.session.rollback()
    assert [row.may_be_settled for row in listed(henan, parent)] == [False]
    assert [row.may_be_settled for row in listed(henan, county)] == [True]


def test_of_two_officers_the_second_reads_that_it_is_settled(
    henan: Deployment, others: Deployment, county: Person
) -> None:
    message_id = settled(henan, county)
    with pytest.raises(NothingToSettle):
        settle(henan.session, county, message_id, agreed=AGREED, evidence=told())
    henan.session.rollback()
    with pytest.raises(NoSuchMessage):
        settle(henan.session, county, 2**62, agreed=AGREED, evidence=told())


def test_what_is_only_delayed_goes_out_by_itself_and_is_not_settled(
    henan: Deployment, others: Deployment
) -> None:
    asked(henan, a_pupil(henan, others))
    others.door.app = says("503 Service Unavailable")
    henan.work()
    county = an_officer_of(henan, "410325")
    [row] = listed(henan, county)
    assert row.may_be_settled is False
    with pytest.raises(NothingToSettle):
        settle(henan.session, county, row.id, agreed=AGREED, evidence=told())


def test_what_belongs_to_no_case_is_settled_by_the_province_and_stands_with_the_message(
    henan: Deployment, others: Deployment
) -> None:
    others.door.app = says("409 Conflict", b"?")
    refused = read_body(MessageKind.REFUSED, BODIES["refused"])
    mailbox.put(henan.session, Business("34", HENAN, uuid4(), None), MessageKind.REFUSED, refused)
    henan.session.commit()
    henan.work()
    province = an_officer_of(henan, "410000")
    [row] = [row for row in stuck_messages(henan.session, province) if row.case_id is None]
    with pytest.raises(errors.NotAllowed):
        settle(henan.session, an_officer_of(henan, "410300"), row.id, agreed=AGREED, evidence=told())
    henan.session.rollback()
    settle(henan.session, province, row.id, agreed=AGREED, evidence=told())
    message = henan.session.get_one(ExchangeMessage, row.id)
    assert message.settlement == {
        "actor_id": province.account_id,
        "office_id": province.posts[0].office_id,
        "opinion": AGREED,
        **told().plain(),
    }
    assert all(row.case_id for row in stuck_messages(henan.session, province))


def test_what_no_message_can_say_is_settled_once_it_was_told(henan: Deployment, others: Deployment) -> None:
    pupil = a_pupil(henan, others)
    pupil.student.name = "林\u200b小禾"
    henan.session.commit()
    asked(henan, pupil)
    henan.work()
    county = an_officer_of(henan, "410325")
    settled(henan, county)
    assert listed(henan, county) == []


def test_an_officer_takes_it_down_on_the_page_and_the_case_shows_it(
    henan: Deployment, others: Deployment, county: Person
) -> None:
    db.session.session_factory.configure(info={"settings": henan.settings})
    [row] = listed(henan, county)
    desk = Site(henan.app, henan.session).visitor(county)
    path = f"/outside/messages/{row.id}"
    assert f'href="{path}"' in desk.get("/outside").text
    assert "Rejected Reason given 毕业年级" in desk.reads(path)
    given = {"told_by": "李老师", "told_at": "2025-09-10T09:00", "reference": ""}
    empty = desk.post(path, agreed="……", **given)
    assert (empty.status_code, "Say what was agreed." in said(empty)) == (422, True)
    answer = desk.post(path, agreed=AGREED, **given)
    assert answer.status_code == 303, said(answer)
    assert path not in desk.get("/outside").text
    assert "There is nothing to settle here any more." in desk.reads(path)
    page = desk.reads(f"/cases/{row.case_id}")
    assert "Settled with the other province" in page
    assert AGREED in page
    assert "Agreed with 李老师" in page
