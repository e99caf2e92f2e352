"""Forms sent twice by those who are asked beside a step, and of what is approved together."""

from collections.abc import Mapping

from sqlalchemy import select

from models import ChangeRequest, Membership, Task
from models.enums import FormField, OfficeLevel, Stage, TaskState
from tests.webapp.road import Road
from tests.webapp.together import waiting_together
from tests.webapp.twice import Scene, Sent, colleague_of, registrar_of
from webapp.policy import Person
from webapp.services.cases.asks import send_back_to
from webapp.services.cases.decisions import return_to_applicant
from webapp.services.demo import makers


def sending_back(road: Road) -> Sent:
    earlier, task = _second_task(road)
    said = {"to": earlier.id, "opinion": "请再核对", "version": task.change_request.version}
    return Sent(road.officer(task), f"/tasks/{task.id}/send-back", lambda: said)


def asking(road: Road) -> Sent:
    case, post = road.applied(), _post_of(road, colleague_of(road))
    said = {"kind": "opinion", "of": post, "opinion": "请看一下", "version": case.version}
    return Sent(registrar_of(road), f"/tasks/{road.open_task(case).id}/ask", lambda: said)


def answering(road: Road) -> Sent:
    asked, _ = _sent_back(road)
    said = {"opinion": "属实", "version": asked.change_request.version}
    return Sent(registrar_of(road), f"/tasks/{asked.id}/answer", lambda: said)


def taking_back(road: Road) -> Sent:
    asked, origin = _sent_back(road)
    said = {"version": asked.change_request.version}
    return Sent(road.officer(origin), f"/tasks/{origin.id}/take-question-back", lambda: said)


def correcting(road: Road) -> Sent:
    case = _returned_for(road, FormField.NOTE)
    return Sent(road.guardian, f"/cases/{case.id}/correct", lambda: {"note": "对花生过敏"})


def choosing_again(road: Road) -> Sent:
    case = _returned_for(road, FormField.SCHOOL)
    school = makers.a_school(road.session, "410327", Stage.COMPULSORY, OfficeLevel.COUNTY)
    return Sent(road.guardian, f"/cases/{case.id}/correct/school", lambda: {"school": school.id})


def sending_together(road: Road) -> Sent:
    together = waiting_together(road, 2)
    ticked = [f"{task_id}-{version}" for task_id, version in together.ticked().items()]
    return Sent(together.officer, "/bulks", lambda: {"task": ticked, "opinion": "材料齐全"})


def undoing(road: Road) -> Sent:
    together = waiting_together(road, 2)
    return Sent(together.officer, f"/bulks/{together.send().id}/undo")


def _second_task(road: Road) -> tuple[Task, Task]:
    """The first task of a case, which is decided, and the one that waits."""
    case = road.applied()
    first = road.open_task(case)
    road.approve(case)
    return first, road.open_task(case)


def _sent_back(road: Road) -> tuple[Task, Task]:
    """The task of a second look, and the one from which it was asked."""
    earlier, task = _second_task(road)
    version = task.change_request.version
    send_back_to(
        road.session, road.officer(task), task.id, to_task_id=earlier.id, reason="请再核对", version=version
    )
    [asked] = [one for one in road.open_tasks(task.change_request) if one.ask]
    assert task.state == TaskState.SUSPENDED
    return asked, task


def _returned_for(road: Road, field: FormField) -> ChangeRequest:
    case = road.applied()
    task = road.open_task(case)
    return_to_applicant(
        road.session, road.officer(task), task.id, fields=[field], reason="请更正", version=case.version
    )
    return case


def _post_of(road: Road, person: Person) -> int:
    return road.session.scalars(select(Membership.id).where(Membership.account_id == person.account_id)).one()


SCENES: Mapping[str, Scene] = {
    "asks.send_back": sending_back,
    "asks.ask": asking,
    "asks.answer": answering,
    "asks.take_question_back": taking_back,
    "corrections.details": correcting,
    "corrections.choose": choosing_again,
    "bulks.send": sending_together,
    "bulks.undo": undoing,
}
