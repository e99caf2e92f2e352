"""Messages that come twice, too early, too late, or to several workers at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from models import ExchangeMessage, Outbox, OutsideCase
from models.enums import ASKING_NOTICES, MessageDirection, MessageKind, Outcome
from tests.webapp.exchange.deployments import HENAN, Deployment, in_background, rounds
from tests.webapp.exchange.pupils import a_pupil, asked
from tests.webapp.exchange.sample_messages import BODIES
from webapp import clock
from webapp.services.cases.corrections import resubmit
from webapp.services.exchange import mailbox
from webapp.services.exchange.handling import handle_due
from webapp.services.exchange.mailbox import Business
from webapp.services.exchange.messages import read_body
from webapp.services.exchange.outside import Code, Evidence, refuse_validation
from webapp.services.exchange.sending import send_due
from webapp.services.notices.outbox import drain

pytestmark = pytest.mark.slow

OUT, IN = MessageDirection.OUT, MessageDirection.IN
HOUR = timedelta(hours=1)


def test_two_workers_at_once_send_and_handle_each_message_once(henan: Deployment, others: Deployment) -> None:
    cases = [asked(henan, a_pupil(henan, others)).id for _ in range(6)]
    for worker in (henan, others, henan):
        worker.session.commit()
        for thread in [in_background(worker, rounds=40) for _ in range(2)]:
            thread.join()
    references = {henan.session.get_one(OutsideCase, case).reference for case in cases}
    said = [each for each in every(others) if each.direction == OUT and each.reference in references]
    assert [message.kind for message in said] == [MessageKind.VALIDATED] * 6
    assert {message.reference for message in said} == references
    assert all(message.attempts == 1 for message in said)


def every(deployment: Deployment) -> list[ExchangeMessage]:
    deployment.session.rollback()
    return [*deployment.session.scalars(select(ExchangeMessage).order_by(ExchangeMessage.id))]


def test_messages_of_one_business_go_out_in_their_order(henan: Deployment, others: Deployment) -> None:
    pupil = a_pupil(henan, others)
    asked(henan, pupil)
    drain(henan.session)
    link = henan.link()
    pulled = read_body(MessageKind.PULLED, BODIES["pulled"])
    mailbox.put(henan.session, Business("34", HENAN, link.reference, None), MessageKind.PULLED, pulled)
    henan.session.commit()
    assert send_due(henan.session) == 1
    assert [message.kind for message in others.messages(IN)] == [MessageKind.REQUEST]
    assert send_due(henan.session) == 1


def test_what_comes_again_after_it_was_handled_has_no_effect(henan: Deployment, others: Deployment) -> None:
    asked(henan, a_pupil(henan, others))
    rounds(henan, others)
    validated = henan.messages(IN)[-1]
    mailbox.put(
        others.session,
        Business(HENAN, "34", validated.reference, None),
        MessageKind.VALIDATED,
        read_body(MessageKind.VALIDATED, validated.body),
    )
    others.session.commit()
    rounds(others, henan)
    again = henan.messages(IN)[-1]
    assert (again.error, again.done_at) == ("the step that it answers is decided already", clock.now())
    assert henan.waits_at() == ["outside_releasing"]


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind != MessageKind.REQUEST])
def test_an_answer_to_a_business_that_nobody_knows_is_written_off(
    henan: Deployment, others: Deployment, kind: MessageKind
) -> None:
    reference, body = uuid4(), read_body(kind, BODIES[kind])
    mailbox.put(others.session, Business(HENAN, "34", reference, None), kind, body)
    others.session.commit()
    rounds(others, henan)
    [message] = [message for message in every(henan) if message.reference == reference]
    assert message.error == "no business with this reference is known here"
    assert message.done_at is not None


def test_a_decision_for_a_case_that_is_being_corrected_waits_until_it_is_back(
    henan: Deployment, others: Deployment
) -> None:
    """Validated, while an officer here was told of a fault by telephone and returned the case."""
    pupil = a_pupil(henan, others)
    case = asked(henan, pupil)
    rounds(henan)
    by_telephone(henan)
    rounds(others, henan)
    waiting = henan.messages(IN)[-1]
    assert (waiting.done_at, waiting.error) == (None, "the case is with the applicant for correction")
    resubmit(henan.session, pupil.applicant, case.id)
    rounds(henan, others)
    assert henan.waits_at() == ["outside_releasing"]
    assert henan.said() == ["request", "request"]


def by_telephone(deployment: Deployment) -> None:
    [task] = deployment.open_tasks()
    evidence = Evidence("王老师", clock.now(), "电话")
    actor_id = task.change_request.applicant_id
    refuse_validation(deployment.session, task.id, [Code.DATA_WRONG], actor_id=actor_id, evidence=evidence)
    deployment.session.commit()


def test_a_message_that_cannot_be_handled_is_listed_and_holds_up_nobody_else(
    henan: Deployment, others: Deployment
) -> None:
    asked(henan, a_pupil(henan, others))
    rounds(henan, others)
    stuck = henan.messages(IN)[-1].reference
    others.decide(Outcome.REJECT, "毕业年级")
    others.work()
    henan.session.execute(
        text("ALTER TABLE case_event ADD CONSTRAINT no_rejection CHECK (kind <> 'rejected') NOT VALID")
    )
    henan.session.commit()
    try:
        henan.work()
        [message] = [message for message in henan.messages(IN) if message.kind == MessageKind.DECIDED]
        assert message.reference == stuck
        assert "no_rejection" in message.error
        assert (message.done_at, message.attempts) == (None, 1)
        asked(henan, a_pupil(henan, others))
        rounds(henan, others)
        assert henan.waits_at() == ["outside_releasing"]
    finally:
        henan.session.rollback()
        henan.session.execute(text("ALTER TABLE case_event DROP CONSTRAINT no_rejection"))
        henan.session.commit()
    with clock.freeze(clock.now() + HOUR):
        assert handle_due(henan.session) == 1
    henan.session.expire_all()
    assert message.done_at is not None
    assert message.change_request_id is not None


def test_a_message_that_cannot_even_be_read_is_listed_and_holds_up_nobody_else(
    henan: Deployment, others: Deployment
) -> None:
    for _ in range(2):
        asked(henan, a_pupil(henan, others))
    henan.work()
    spoilt, right = (message.id for message in every(others)[-2:])
    set_moment(others, spoilt, "0001-12-31 00:00+00 BC")
    others.work()
    set_moment(others, spoilt, "2025-09-01 00:00+08")
    unread = others.session.get_one(ExchangeMessage, spoilt)
    assert (unread.done_at, unread.attempts) == (None, 1)
    assert unread.error.startswith("it cannot be read: ")
    assert others.session.get_one(ExchangeMessage, right).done_at is not None


def set_moment(deployment: Deployment, message_id: int, sent_at: str) -> None:
    moved = text("UPDATE exchange_message SET sent_at = CAST(:sent_at AS timestamptz) WHERE id = :id")
    deployment.session.execute(moved, {"sent_at": sent_at, "id": message_id})
    deployment.session.commit()


def test_what_was_taken_from_a_partner_that_is_no_more_takes_effect(
    henan: Deployment, others: Deployment
) -> None:
    asked(henan, a_pupil(henan, others))
    henan.work()
    others.session.info["settings"] = others.settings.model_copy(update={"partners": {}})
    others.work()
    assert others.waits_at() == ["out_registrar"]
    [answer] = others.messages(OUT)
    assert (answer.kind, answer.error) == (
        MessageKind.VALIDATED,
        "no connection with this province is set up here any more",
    )


def test_a_task_that_changes_hands_is_not_asked_for_again(henan: Deployment, others: Deployment) -> None:
    asked(henan, a_pupil(henan, others))
    rounds(henan, others)
    [task] = henan.open_tasks()
    for kind in ASKING_NOTICES:
        told = Outbox(
            kind=kind, change_request_id=task.change_request_id, task_id=task.id, created_at=clock.now()
        )
        henan.session.add(told)
    henan.session.commit()
    rounds(henan, others)
    assert (henan.said(), others.said()) == (["request"], ["validated"])
