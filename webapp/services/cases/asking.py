"""What the page of a task shows about who is asked beside its step: whom one may ask, and what is asked already."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import CaseEvent, Task
from models.enums import Ask, CaseState, TaskState
from webapp.policy import Person, acting, is_close_to, is_own_child, post_for
from webapp.services.cases import history
from webapp.services.cases.answers import may_take_back
from webapp.services.cases.asked_people import Askable, askable, earlier_steps
from webapp.services.cases.beside import asked_in, still_asked
from webapp.services.cases.views import CaseView
from workflows.signatures import Mode


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom an officer may ask about a task, to which steps it may go back, and what waits for an answer.

    `question` is the entry by which the task itself was asked.
    """

    people: Sequence[Askable] = ()
    earlier: Sequence[Task] = ()
    may_be_cosigned: bool = False
    waiting: Sequence[CaseEvent] = ()
    may_take_back: bool = False
    question: CaseEvent | None = None


def asking_of(session: Session, officer: Person, task: Task, view: CaseView) -> Asking:
    """Return what the page of a task shows an officer; of his own child he reads no question."""
    if is_own_child(officer, view.case.student_id):
        return Asking()
    entries = {asked.key: event for event in view.events if (asked := asked_in(event))}
    if task.ask:
        return Asking(question=entries[task.key])
    post = post_for(officer, task.office_id, task.role, about=view.case.student_id)
    if (
        view.case.state != CaseState.IN_REVIEW
        or post is None
        or is_close_to(officer, post, view.case.student_id)
    ):
        return Asking()
    waiting = [entries[key] for key, asked in still_asked(view.events).items() if asked.origin == task.key]
    if waiting:
        return Asking(waiting=waiting, may_take_back=may_take_back(officer, post, task))
    if task.state != TaskState.OPEN or not task.blocking:
        return Asking()
    log = history.log_of(history.entries_of(view.events))
    return Asking(
        people=askable(
            session,
            Ask.OPINION,
            office_id=task.office_id,
            seats=view.case.seats.values(),
            student_id=view.case.student_id,
            besides=acting(officer, post),
        ),
        earlier=earlier_steps(view.tasks, log, task.key),
        may_be_cosigned=view.step_of(task).mode is Mode.SINGLE,
    )
