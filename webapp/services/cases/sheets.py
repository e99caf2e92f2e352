"""The approval sheet of a case (学籍异动审批表), to be printed, signed and sealed on paper: domain 3.0.6."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CaseEvent, Enrolment, Task
from models.enums import CaseState, EventKind, Role, TaskState
from webapp import clock
from webapp.policy import Person, is_own_child
from webapp.services.cases.paths import office_names
from webapp.services.cases.routing import engine_facts
from webapp.services.cases.views import CaseView, case_for
from workflows.definition import Step
from workflows.engine import preview
from workflows.signatures import Mode

ENDED_OTHERWISE = (CaseState.REJECTED, CaseState.WITHDRAWN, CaseState.REVOKED, CaseState.TERMINATED)
# The entries that keep how a step was decided.
DECISIONS = (
    EventKind.DECIDED,
    EventKind.SIGNED,
    EventKind.REJECTED,
    EventKind.COMPLETED,
    EventKind.ACKNOWLEDGED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box of the sheet (意见栏): whose it is, and the entry that says how it was decided; none is yet to be signed.

    Before anybody has decided, `roles` are all of which one is enough.
    """

    step: Step
    office: str
    roles: Sequence[Role]
    decision: CaseEvent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalSheet:
    """All that stands on the sheet of a case.

    `enrolment` is where the student was when it was applied for, `before` what was then in the parts of the record that
    it changes, where it was done. `ended` is the entry by which it ended otherwise, which makes the sheet void.
    `with_names`: officers read who decided, a family the offices and roles.
    """

    view: CaseView
    enrolment: Enrolment | None
    before: Mapping[str, object]
    boxes: Sequence[Box]
    ended: CaseEvent | None
    with_names: bool
    printed_at: datetime

    @property
    def packs(self) -> list[str]:
        """The rule packs that it stands under, those of both schools if there are two, the most specific first."""
        facts = self.view.case.facts
        names = ("receiving_packs", "releasing_packs", "packs")
        return [*dict.fromkeys(pack for name in names for pack in facts.get(name, ()))]


def sheet_for(session: Session, person: Person, case_id: int) -> ApprovalSheet:
    """Return the sheet of a case to whoever may see the case, and log the look; NoSuchCase or NotAllowed otherwise."""
    view = case_for(session, person, case_id, what="sheet")
    done = (event for event in view.events if "record" in event.payload)
    return ApprovalSheet(
        view=view,
        enrolment=_enrolment_then(session, view),
        before=next((event.payload["record"]["before"] for event in done), {}),
        boxes=_boxes(session, view),
        ended=_ended(view),
        with_names=not is_own_child(person, view.case.student_id),
        printed_at=clock.now(),
    )


def _ended(view: CaseView) -> CaseEvent | None:
    """Return the entry by which a case ended otherwise than it was applied for."""
    if view.case.state not in ENDED_OTHERWISE:
        return None
    kind = EventKind(view.case.state)
    return next(event for event in reversed(view.events) if event.kind == kind)


def _enrolment_then(session: Session, view: CaseView) -> Enrolment | None:
    """Where the student was enrolled at the school of the case, the last time of those that had begun by then."""
    case = view.case
    assert case.submitted_at is not None, "a draft is no case"
    had_begun = Enrolment.started_on <= clock.day_of(case.submitted_at)
    return session.scalar(
        select(Enrolment)
        .where(Enrolment.student_id == case.student_id, Enrolment.school_id == case.from_school_id)
        .order_by(had_begun.desc(), Enrolment.started_on.desc(), Enrolment.id.desc())
        .limit(1)
    )


def _boxes(session: Session, view: CaseView) -> list[Box]:
    """Return the boxes in the order of the way; of a case that ended otherwise only those that were decided."""
    seats = view.case.seats
    names = office_names(session, seats)
    boxes = [
        box for step in _way(view) for box in _boxes_of(view, step, names.get(seats.get(step.seat, 0), ""))
    ]
    return [box for box in boxes if box.decision or view.case.state not in ENDED_OTHERWISE]


def _way(view: CaseView) -> list[Step]:
    """Return the steps that the case takes if all approve, and those that it took besides."""
    foreseen = preview(view.definition, engine_facts(view.case.facts))
    ahead = {planned.step.id: planned.step for planned in foreseen if not planned.skipped}
    taken = {task.step: view.step_of(task) for task in view.present_tasks if task.state == TaskState.DONE}
    return [*(ahead | taken).values()]


def _boxes_of(view: CaseView, step: Step, office: str) -> list[Box]:
    """Return a box for each who has to decide a step, and for each who was asked to sign it too (加签)."""
    tasks = [task for task in view.present_tasks if task.step == step.id]
    asked = [task for task in tasks if task.ask is None]
    signed_too = [task for task in tasks if task.ask and not task.ask.is_advice and _counts(task)]
    own = [_own_box(view, step, office, roles, asked) for roles in _signers(step)]
    beside = [
        Box(step=step, office=task.office.name, roles=(task.role,), decision=_decision_of(view, task))
        for task in signed_too
    ]
    return own + beside


def _own_box(view: CaseView, step: Step, office: str, roles: Collection[str], asked: Iterable[Task]) -> Box:
    """Return the box of those of whom one has to decide, as it stands the last time that the step was reached."""
    last = next((task for task in reversed([*asked]) if task.seat_role in roles and _counts(task)), None)
    return Box(
        step=step,
        office=office,
        roles=tuple(map(Role, roles)),
        decision=_decision_of(view, last) if last else None,
    )


def _counts(task: Task) -> bool:
    return task.state != TaskState.CANCELLED


def _signers(step: Step) -> list[tuple[str, ...]]:
    """Return the roles that sign a step, those together of which one is enough (或签)."""
    return [step.roles] if step.mode is Mode.ANY else [(role,) for role in step.roles]


def _decision_of(view: CaseView, task: Task) -> CaseEvent | None:
    """Return the entry that says how a task was decided; none while it is not, or no longer (撤回)."""
    if task.state != TaskState.DONE:
        return None
    told = (each for each in reversed(view.events) if each.task_key == task.key and each.kind in DECISIONS)
    return next(told, None)
