"""The sheet of a case to be signed and filed (学籍异动审批表): what was decided at each step, what is still ahead."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models import CaseEvent, Office
from models.enums import CaseState, EventKind, Role
from webapp.policy import Person
from webapp.services.cases.paths import office_names
from webapp.services.cases.routing import engine_facts
from webapp.services.cases.views import CaseView, case_for
from workflows.definition import Step
from workflows.engine import preview

DECIDED = frozenset({EventKind.DECIDED, EventKind.COMPLETED, EventKind.REJECTED, EventKind.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True)
class Box:
    """One signature of the sheet: who is to sign, and once it is decided who did so, when, how and with which words."""

    step: Step
    office: str
    role: Role
    event: CaseEvent | None = None

    @property
    def at(self) -> datetime | None:
        """When it was decided; none while it is ahead."""
        return self.event.at if self.event else None

    @property
    def opinion(self) -> str:
        """What was said with it."""
        return str(self.event.payload.get("opinion") or "") if self.event else ""


@dataclass(frozen=True, slots=True)
class ApprovalSheet:
    """A case with a box for each signature on its way; of a case that has ended only those that were given."""

    view: CaseView
    boxes: Sequence[Box]

    @property
    def packs(self) -> Sequence[str]:
        """The rule packs under which it is decided, each once."""
        facts = self.view.case.facts
        named = [
            pack for name in ("packs", "receiving_packs", "releasing_packs") for pack in facts.get(name, ())
        ]
        return [*dict.fromkeys(named)]


def sheet_for(session: Session, person: Person, case_id: int) -> ApprovalSheet:
    """Return the sheet of a case to somebody with a part in it, and log the look; the caller commits.

    Raises NoSuchCase or NotAllowed. Source: domain 3.0.6 (S1A: principal's signature and seal, then the county's).
    """
    view = case_for(session, person, case_id, what="sheet")
    given = list(_given(session, view))
    signed = {box.step.id for box in given}
    is_over = view.case.ended_at is not None and view.case.state != CaseState.COMPLETED
    ahead = [] if is_over else [box for box in _ahead(session, view) if box.step.id not in signed]
    return ApprovalSheet(view, [*given, *ahead])


def _given(session: Session, view: CaseView) -> Iterator[Box]:
    """Yield what was decided and stands, in the order of the decisions."""
    tasks = {task.key: task for task in view.present_tasks if task.ended_by_id is not None}
    for event in view.events:
        task = tasks.get(event.task_key or "")
        if task is not None and event.kind in DECIDED and event.at == task.ended_at:
            yield Box(view.step_of(task), task.office.name, task.role, event)


def _ahead(session: Session, view: CaseView) -> Iterator[Box]:
    """Yield what somebody has yet to sign, if it goes on as it stands."""
    names = office_names(session, view.case.seats)
    for planned in preview(view.definition, engine_facts(view.case.facts)):
        office_id = view.case.seats.get(planned.step.seat)
        if planned.skipped is None and office_id is not None:
            office = names.get(office_id) or session.get_one(Office, office_id).name
            yield from (Box(planned.step, office, Role(role)) for role in planned.step.roles)
