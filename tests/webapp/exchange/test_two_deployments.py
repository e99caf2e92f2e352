"""One transfer through two deployments, each of which sees only its own side (domain 3.1.4 V5, V8)."""

from pathlib import Path

import pytest

from models.enums import CaseState, MessageDirection, RegistryState, Stage
from tests.webapp.exchange.deployments import Deployment, findings, rounds
from tests.webapp.exchange.pupils import a_pupil, asked, pupil_in

pytestmark = pytest.mark.slow

IN = MessageDirection.IN


def schools_of(deployment: Deployment, number: str) -> list[str]:
    return [enrolment.school.name[:2] for enrolment in pupil_in(deployment, number).enrolments]


def test_a_pupil_is_asked_for_released_and_pulled(
    henan: Deployment, others: Deployment, tmp_path: Path
) -> None:
    pupil = a_pupil(henan, others)
    asked(henan, pupil)
    assert henan.waits_at() == ["validation"]

    rounds(henan, others)
    assert henan.waits_at() == ["outside_releasing"]
    assert henan.link().their_number == others.case().number
    assert others.link().their_number == henan.case().number

    others.approve_all()
    assert others.waits_at() == ["outside_pull"]
    rounds(others, henan)
    assert henan.waits_at() == ["file_pull"]

    assert henan.approve_all() == CaseState.COMPLETED
    rounds(henan, others)
    assert others.case().state == CaseState.COMPLETED
    assert pupil_in(others, pupil.number).state == RegistryState.TRANSFERRED_OUT
    assert schools_of(others, pupil.number) == ["转出"]
    assert schools_of(henan, pupil.number) == ["转出", "转入"]
    assert (henan.said(), others.said()) == (["request", "pulled"], ["validated", "decided"])
    assert not [message for message in henan.messages() + others.messages() if message.done_at is None]
    assert findings(henan, tmp_path) == []
    assert findings(others, tmp_path) == []


def test_the_history_says_who_told_it_and_by_which_message(henan: Deployment, others: Deployment) -> None:
    asked(henan, a_pupil(henan, others))
    rounds(henan, others)
    others.approve_all()
    rounds(others, henan)
    decided = henan.case().events[-1]
    message = next(message for message in henan.messages(IN) if message.kind == "decided")
    assert decided.task_key == "outside_releasing:1"
    assert decided.payload["evidence"] == {
        "told_by": message.body["office"],
        "told_at": message.sent_at.isoformat(),
        "reference": str(message.message_id),
    }
    assert decided.actor.name == "安徽省教育厅"
    assert decided.actor.disabled_at is not None


def test_the_releasing_side_begins_and_the_pupil_is_entered_with_his_record(
    henan: Deployment, others: Deployment, tmp_path: Path
) -> None:
    pupil = a_pupil(henan, others, stage=Stage.VOCATIONAL, grade=2, begins=others)
    asked(others, pupil)
    assert others.waits_at() == ["outside_receiving"]
    rounds(others, henan)
    assert henan.approve_all() == CaseState.COMPLETED
    rounds(henan, others)
    assert others.case().state == CaseState.COMPLETED
    assert schools_of(henan, pupil.number) == ["转出", "转入"]
    assert pupil_in(others, pupil.number).state == RegistryState.TRANSFERRED_OUT
    assert (others.said(), henan.said()) == (["request", "decided"], ["validated", "decided"])
    assert findings(henan, tmp_path) == []


@pytest.mark.parametrize(("school_in", "province"), [("340111", "34"), ("350203", "35")])
def test_a_deployment_of_several_provinces_answers_in_the_name_of_the_one_that_was_asked(
    henan: Deployment, others: Deployment, school_in: str, province: str
) -> None:
    asked(henan, a_pupil(henan, others, of=school_in))
    rounds(henan, others)
    assert [message.partner for message in henan.messages(IN)] == [province]
    assert others.link().partner == "41"


def test_a_province_without_a_connection_is_asked_by_hand(henan: Deployment, others: Deployment) -> None:
    case = asked(henan, a_pupil(henan, others, of="330106"))
    rounds(henan, others)
    assert henan.waits_at() == ["validation"]
    assert case.id not in {message.change_request_id for message in henan.messages()}
