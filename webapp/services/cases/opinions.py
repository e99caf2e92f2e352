"""An opinion that is not given yet (暂存): kept for the officer who wrote it, on any device, until the task ends."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import CaseEvent, DraftOpinion, Task
from models.enums import FormField, PaperKind, TaskState
from webapp import clock, errors
from webapp.policy import Person, is_close_to, post_for
from webapp.services.cases.closings import why_closed


def save(
    session: Session,
    officer: Person,
    task_id: int,
    *,
    text: str,
    items: Collection[PaperKind] = (),
    fields: Collection[FormField] = (),
    code: str | None = None,
) -> None:
    """Keep what an officer has written on an open task so far, and what he ticked; commits.

    It stands in place of what he saved before. Raises NoSuchTask, NotAllowed, OwnChild or TaskClosed.
    """
    task = session.get(Task, task_id)
    if task is None:
        raise errors.NoSuchTask
    student_id = task.change_request.student_id
    post = post_for(officer, task.office_id, task.role, about=student_id)
    if post is None:
        raise errors.NotAllowed
    if is_close_to(officer, post, student_id):
        raise errors.OwnChild
    if task.state != TaskState.OPEN:
        raise why_closed(session, task.change_request_id, task.ended_at)
    ticked = {"items": [*items], "fields": [*fields], "code": code}
    kept = {"text": text.strip(), **ticked, "saved_at": clock.now()}
    draft = insert(DraftOpinion).values(task_id=task.id, account_id=officer.account_id, **kept)
    whose = [DraftOpinion.task_id, DraftOpinion.account_id]
    session.execute(draft.on_conflict_do_update(index_elements=whose, set_=kept))
    session.commit()


def opinion_of(
    session: Session, officer: Person, task: Task, events: Sequence[CaseEvent]
) -> DraftOpinion | None:
    """Return what an officer saved on an open task; none that is older than a decision that was taken back."""
    draft = session.get(DraftOpinion, (task.id, officer.account_id)) if task.state == TaskState.OPEN else None
    decided = [event.at for event in events if event.task_key == task.key and event.outcome]
    return draft if draft and not any(at >= draft.saved_at for at in decided) else None


def forget_opinions(session: Session) -> None:
    """Delete what was saved on tasks that have ended; the worker's daily cleaning. The caller commits."""
    ended = select(Task.id).where(Task.state.in_((TaskState.DONE, TaskState.CANCELLED)))
    session.execute(delete(DraftOpinion).where(DraftOpinion.task_id.in_(ended)))
