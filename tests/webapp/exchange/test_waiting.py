"""Officers see what is awaited of which province, since when, and what goes no further; nobody else does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from models import AccessLog, ChangeRequest, Office
from models.enums import MessageDirection, MessageKind, OfficeKind, Role, Trouble
from tests.webapp.exchange.deployments import Deployment, rounds
from tests.webapp.exchange.doors import says
from tests.webapp.exchange.pupils import a_pupil, asked
from tests.webapp.exchange.sample_messages import BODIES
from webapp import clock
from webapp.policy import Person
from webapp.services.demo import makers
from webapp.services.exchange import mailbox
from webapp.services.exchange.mailbox import Business
from webapp.services.exchange.messages import read_body
from webapp.services.exchange.steps import Wait
from webapp.services.exchange.waiting import WaitingTask, stuck_messages, waiting_outside
from webapp.services.notices.outbox import drain

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)


def handler(deployment: Deployment, division_code: str, role: Role = Role.HANDLER) -> Person:
    bureau = select(Office).where(Office.division_code == division_code, Office.kind == OfficeKind.BUREAU)
    person = makers.an_officer(deployment.session, deployment.session.scalars(bureau).one(), role)
    deployment.session.commit()
    return person


def waiting(deployment: Deployment, case: ChangeRequest, person: Person) -> WaitingTask:
    """The one row of a case."""
    [row] = [row for row in waiting_outside(deployment.session, person) if row.case_id == case.id]
    return row


def test_an_officer_sees_what_is_awaited_of_which_province_and_since_when(
    henan: Deployment, others: Deployment
) -> None:
    case = asked(henan, a_pupil(henan, others))
    county = handler(henan, "410325")
    with clock.freeze(clock.now() + HOUR):
        row = waiting(henan, case, county)
    assert (row.case_id, row.number, row.student) == (case.id, case.number, case.student.name)
    assert (row.step.name, row.wait, row.province) == ("全国平台校验", Wait.VALIDATION, "安徽省教育厅")
    assert (row.connected, row.opened_at, row.kind) == (True, clock.now(), None)


def test_he_sees_how_often_it_was_tried_and_what_went_wrong(henan: Deployment, others: Deployment) -> None:
    case = asked(henan, a_pupil(henan, others))
    others.door.app = says("503 Service Unavailable", b"closed")
    henan.work()
    row = waiting(henan, case, handler(henan, "410325"))
    assert (row.kind, row.attempts, row.tried_at) == (MessageKind.REQUEST, 1, clock.now())
    assert (row.trouble, row.error) == (Trouble.AWAY, "503 closed")


def test_an_attempt_of_which_nothing_was_heard_is_told_once_its_time_has_passed(
    henan: Deployment, others: Deployment
) -> None:
    case = asked(henan, a_pupil(henan, others))
    drain(henan.session)
    mailbox.claim(henan.session, MessageDirection.OUT)
    assert waiting(henan, case, handler(henan, "410325")).trouble is None
    with clock.freeze(clock.now() + HOUR):
        row = waiting(henan, case, handler(henan, "410325"))
    assert (row.trouble, row.error, row.attempts) == (Trouble.INTERRUPTED, None, 1)


def test_where_there_is_no_connection_it_is_by_hand(henan: Deployment, others: Deployment) -> None:
    case = asked(henan, a_pupil(henan, others, of="330106"))
    henan.work()
    row = waiting(henan, case, handler(henan, "410000"))
    assert (row.province, row.connected, row.kind) == ("浙江省教育厅", False, None)


def test_officers_elsewhere_and_people_without_office_see_nothing(
    henan: Deployment, others: Deployment
) -> None:
    asked(henan, a_pupil(henan, others))
    others.door.app = says("503 Service Unavailable")
    henan.work()
    auditor = handler(henan, "410000", Role.AUDITOR)
    for person in (handler(henan, "410324"), auditor, makers.a_guardian(henan.session)):
        assert waiting_outside(henan.session, person) == []
        assert stuck_messages(henan.session, person) == []


def test_the_look_is_written_down(henan: Deployment, others: Deployment) -> None:
    case = asked(henan, a_pupil(henan, others))
    county = handler(henan, "410325")
    waiting_outside(henan.session, county)
    henan.session.commit()
    look = henan.session.scalars(select(AccessLog).where(AccessLog.account_id == county.account_id)).one()
    assert (look.what, case.student_id in look.listed_ids) == ("outside", True)


def test_what_the_other_side_takes_for_wrong_stays_listed_though_the_case_has_ended(
    henan: Deployment, others: Deployment
) -> None:
    case = asked(henan, a_pupil(henan, others))
    rounds(henan, others)
    others.approve_all()
    rounds(others, henan)
    henan.approve_all()
    others.door.app, right = says("400 Bad Request", b"body.on: wrong"), others.door.app
    henan.work()
    county = handler(henan, "410325")
    [row] = [row for row in stuck_messages(henan.session, county) if row.case_id == case.id]
    assert (row.direction, row.kind, row.refused) == (MessageDirection.OUT, MessageKind.PULLED, True)
    assert (row.error, row.province, row.attempts) == ("400 body.on: wrong", "安徽省教育厅", 1)
    others.door.app = right
    with clock.freeze(clock.now() + HOUR):
        rounds(henan, others)
    assert [row for row in stuck_messages(henan.session, county) if row.case_id == case.id] == []


def test_what_belongs_to_no_case_is_shown_to_the_province_it_is_to(
    henan: Deployment, others: Deployment
) -> None:
    others.door.app = says("409 Conflict", b"?")
    body = read_body(MessageKind.REFUSED, BODIES["refused"])
    mailbox.put(henan.session, Business("34", "41", uuid4(), None), MessageKind.REFUSED, body)
    henan.session.commit()
    henan.work()
    [row] = [row for row in stuck_messages(henan.session, handler(henan, "410000")) if row.case_id is None]
    assert (row.case_id, row.student, row.kind, row.refused) == (None, None, MessageKind.REFUSED, True)
    assert all(row.case_id for row in stuck_messages(henan.session, handler(henan, "410300")))
