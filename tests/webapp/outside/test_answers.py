"""What another province (外省) answers moves the case here, and nothing else does."""

import pytest
from sqlalchemy import select

from models import Enrolment
from models.enums import CaseState, EventKind, Outcome, RegistryState, Role, TaskState
from tests.webapp.case_tasks import rerouted
from tests.webapp.doctoring import complaints
from tests.webapp.outside.answers import agrees, told
from webapp import clock, errors
from webapp.services.audit.verification import verify
from webapp.services.cases.asks import NoEarlierStep, send_back_to
from webapp.services.cases.recalls import OtherProvinceAsked, recall
from webapp.services.cases.urging import NobodyToUrge, urge
from webapp.services.context import settings_of
from webapp.services.exchange.outside import NotForOutside, answer
from webapp.services.offices.addressees import vacancies

pytestmark = pytest.mark.slow


def test_the_other_provinces_task_is_nobodys_here_and_no_vacancy(inbound, asked, here) -> None:
    task = inbound.open_task(asked)
    assert (task.step, task.seat, task.role, task.vacant) == ("validation", "外省", Role.COUNTERPART, False)
    assert task.id not in rerouted(here, clock.today())
    assert vacancies(here, task.office_id) == []


def test_a_transfer_from_another_province_ends_with_the_child_at_the_school_here(
    inbound, asked, partner, here
) -> None:
    for step in ("validation", "outside_releasing"):
        assert inbound.open_task(asked).step == step
        agrees(partner, inbound, asked)
    assert inbound.open_task(asked).step == "file_pull"
    assert inbound.approve(asked) == CaseState.COMPLETED
    records = here.scalars(
        select(Enrolment).where(Enrolment.student_id == inbound.student.id).order_by(Enrolment.id)
    ).all()
    assert [(each.school_id, each.ended_as) for each in records] == [
        (inbound.releasing.id, RegistryState.TRANSFERRED_OUT),
        (inbound.receiving.id, None),
    ]


def test_what_the_other_province_answered_is_in_the_history_with_who_told_it(
    inbound, asked, partner, here, tmp_path
) -> None:
    agrees(partner, inbound, asked)
    here.refresh(asked)
    event = asked.events[-1]
    assert (event.kind, event.actor_id, event.office_id) == (EventKind.DECIDED, partner.id, None)
    assert event.payload["evidence"]["told_by"] == "成都市锦江区教育局 王老师"
    number = asked.number
    here.rollback()
    found = verify(here, settings_of(here).audit_key, tmp_path)
    assert [finding for finding in found if finding.where == number] == []
    here.rollback()
    assert complaints(here, asked) == []


def test_a_rejection_elsewhere_ends_the_case_here_with_its_reason(inbound, asked, partner, here) -> None:
    agrees(partner, inbound, asked)
    task = inbound.open_task(asked)
    with pytest.raises(errors.ReasonMissing):
        answer(here, task.id, outcome=Outcome.REJECT, actor_id=partner.id, evidence=told())
    here.rollback()
    task = inbound.open_task(asked)
    state = answer(
        here, task.id, outcome=Outcome.REJECT, actor_id=partner.id, evidence=told(), reason="处分未撤销"
    )
    assert state == CaseState.REJECTED


def test_no_other_province_decides_a_step_of_an_office_here(inbound, partner, here) -> None:
    case = inbound.applied()
    with pytest.raises(NotForOutside):
        agrees(partner, inbound, case)


def test_once_the_other_province_is_asked_nothing_is_taken_back(inbound, asked, here) -> None:
    last = max((task for task in asked.tasks if task.state == TaskState.DONE), key=lambda task: task.id)
    with pytest.raises(OtherProvinceAsked):
        recall(here, inbound.officer(last), last.id, version=asked.version)


def test_the_other_province_is_not_urged_from_here(inbound, asked, partner, here) -> None:
    with pytest.raises(NobodyToUrge):
        urge(here, inbound.guardian, asked.id)
    here.rollback()
    for _ in range(2):
        agrees(partner, inbound, asked)
    urge(here, inbound.guardian, asked.id)  # the school here, which has to pull the file
    assert inbound.open_task(asked).role == Role.REGISTRAR


def test_the_other_province_does_not_look_a_second_time(inbound, asked, partner, here) -> None:
    outside = inbound.open_task(asked)
    for _ in range(2):
        agrees(partner, inbound, asked)
    task, said = inbound.open_task(asked), {"reason": "请再核对", "version": asked.version}
    with pytest.raises(NoEarlierStep):
        send_back_to(here, inbound.officer(task), task.id, to_task_id=outside.id, **said)
    here.rollback()
    ours = next(one for one in asked.tasks if one.role == Role.LEAD)
    send_back_to(here, inbound.officer(task), task.id, to_task_id=ours.id, **said)
