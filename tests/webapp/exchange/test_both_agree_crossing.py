"""V7 while workers are late, officers are quick and names cannot be said: what was agreed is said all the same."""

from datetime import timedelta

import pytest

from models import Outbox
from models.enums import (
    CaseState,
    MessageDirection,
    MessageKind,
    NoticeKind,
    Outcome,
    Role,
    Stage,
    TaskState,
    Trouble,
)
from tests.webapp.exchange.deployments import Deployment, rounds
from tests.webapp.exchange.officers import by_hand
from tests.webapp.exchange.pupils import a_pupil, a_pupil_to_fujian, asked, pupil_in
from tests.webapp.exchange.test_both_agree import schools_agree
from webapp import clock, errors
from webapp.services.cases import stopping
from webapp.services.demo import makers
from webapp.services.exchange import writing
from webapp.services.exchange.handling import handle_due
from webapp.services.exchange.outside import Code, NothingToValidate
from webapp.services.notices.outbox import BATCH

pytestmark = pytest.mark.slow

HOURS = timedelta(hours=2)
IN, OUT = MessageDirection.IN, MessageDirection.OUT


def days_later(*workers: Deployment) -> None:
    for times in range(1, 5):
        with clock.freeze(clock.now() + times * HOURS):
            rounds(*workers)
            rounds(*workers)


def test_what_came_first_does_not_silence_our_own_decision(sides) -> None:
    first, second, _ = sides
    schools_agree(first, second)
    second.decide()
    rounds(second, first)
    with clock.freeze(clock.now() + HOURS):
        first.decide()
        handle_due(first.session)  # another worker's, before the outbox is drained
    days_later(first, second)
    assert (first.case().state, second.case().state) == (CaseState.COMPLETED, CaseState.COMPLETED)


def test_a_long_outbox_delays_and_silences_nothing(sides) -> None:
    first, second, _ = sides
    schools_agree(first, second)
    second.decide()
    rounds(second, first)
    case_id, now = first.case().id, clock.now()
    for _ in range(BATCH + 1):
        told = Outbox(kind=NoticeKind.CONTRADICTED, change_request_id=case_id, created_at=now)
        first.session.add(told)
    first.session.commit()
    with clock.freeze(clock.now() + HOURS):
        first.decide()
    days_later(first, second)
    assert (first.case().state, second.case().state) == (CaseState.COMPLETED, CaseState.COMPLETED)


def test_an_answer_by_hand_silences_nothing(sides) -> None:
    first, second, _ = sides
    second.decide()
    by_hand(second, Outcome.APPROVE)
    rounds(second, first)
    assert second.said() == ["validated", "agreed"]
    first.decide()
    by_hand(first, Outcome.APPROVE)
    days_later(first, second)
    second.decide()
    days_later(second, first)
    assert (first.case().state, second.case().state) == (CaseState.COMPLETED, CaseState.COMPLETED)


def test_what_cannot_be_said_waits_until_it_can(sides) -> None:
    first, second, _ = sides
    case = second.case()
    school = case.to_school if case.facts["receiving_here"] else case.from_school
    right, school.name = school.name, f"{school.name}\u200b"
    second.session.commit()
    second.decide()
    rounds(second, first)
    days_later(second, first)
    [agreed] = [message for message in second.messages(OUT) if message.kind == MessageKind.AGREED]
    assert (agreed.done_at, first.waits_at()) == (None, ["outside_school"])
    second.case()
    second.session.merge(school).name = right
    second.session.commit()
    with clock.freeze(clock.now() + 20 * HOURS):
        rounds(second, first)
    assert "outside_school" not in first.waits_at()


def test_the_number_of_their_case_is_kept_though_nothing_is_validated(sides) -> None:
    first, second, _ = sides
    assert first.link().their_number == second.case().number


def test_nobody_revokes_a_case_once_it_is_said_that_we_agree(sides) -> None:
    first, second, _ = sides
    schools_agree(first, second)
    first.decide()
    registrar = makers.an_officer(first.session, first.case().tasks[0].seat_office, Role.REGISTRAR)
    first.session.commit()
    first.work()
    with pytest.raises(errors.BoundByAgreement):
        stopping.revoke(first.session, registrar, first.case().id, reason="不再转学")


def test_the_record_of_a_pupil_taken_by_telephone_is_written_when_it_comes(
    henan: Deployment, others: Deployment
) -> None:
    pupil = a_pupil_to_fujian(others, henan, others)
    asked(others, pupil)
    rounds(others, henan)
    by_hand(others, Outcome.APPROVE)
    others.work()
    others.approve_all()
    others.work()
    by_hand(others, Outcome.APPROVE)
    assert others.case().state == CaseState.COMPLETED
    days_later(others, henan)
    for _ in range(2):
        henan.approve_all()
        days_later(henan, others)
    decided = [message for message in others.messages(IN) if message.kind == MessageKind.DECIDED]
    assert [message.trouble for message in decided] == [None]
    there, here = pupil_in(henan, pupil.number), others.case().student
    assert (here.birth_date, here.sex) == (there.birth_date, there.sex)


def test_a_request_that_changed_after_it_was_taken_is_told_to_somebody(
    henan: Deployment, others: Deployment
) -> None:
    pupil = a_pupil(henan, others, stage=Stage.VOCATIONAL, grade=2, begins=others)
    asked(others, pupil)
    rounds(others, henan)
    link = others.link()
    form, link.case.form = link.case.form, {**link.case.form, "grade": 1}
    writing._say(others.session, link, MessageKind.REQUEST)
    link.case.form = form
    others.session.commit()
    rounds(others, henan)
    last = henan.messages(IN)[-1]
    assert (last.kind, last.refused, last.trouble) == (MessageKind.REQUEST, True, Trouble.ASKS_OTHERWISE)
    assert henan.case().form["grade"] == 2


def test_who_was_told_the_number_of_their_case_sends_nothing_back_by_hand(sides) -> None:
    first, _, _ = sides
    [task] = first.open_tasks()
    assert task.state == TaskState.OPEN
    with pytest.raises(NothingToValidate):
        by_hand(first, Outcome.RETURN, codes=[Code.DATA_WRONG])
