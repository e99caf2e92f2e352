"""`chain`: the way a case takes, and how the entries of a scenario cover it."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from models import ChangeRequest
from models.enums import Role, Seat
from webapp.scenarios.strict import Strict, UnexpectedError
from webapp.services.cases.routing import engine_facts
from webapp.services.changes.change import Change
from webapp.services.processes.versions import definition_of
from workflows import engine
from workflows.definition import Step
from workflows.foresight import PreviewStep


class ChainStep(Strict):
    """One or more consecutive steps of a case's way at a seat."""

    at: Seat
    role: Role | None = None
    blocking: bool | None = None


def way_of(session: Session, case: ChangeRequest) -> list[Step]:
    """Return every step of a case's way from its start, without the skipped ones."""
    version = case.process_version
    if version is None:
        raise UnexpectedError("the case was not submitted")
    definition = definition_of(session, version.id, version.sha256)
    return _taken(engine.preview(definition, engine_facts(case.facts)))


def way_ahead(change: Change) -> list[Step]:
    """Return every step of the way that a change would take, without those it would skip."""
    return _taken(engine.preview(change.definition, change.facts()))


def require_way(way: Sequence[Step], wanted: Sequence[ChainStep]) -> None:
    """UnexpectedError unless the entries, each for one or more steps, cover the whole way in order."""
    if not fits(way, wanted):
        found = ", ".join(" ".join((step.seat, *step.roles)) for step in way)
        raise UnexpectedError(f"found {found or 'nothing'}")


def fits(way: Sequence[Step], wanted: Sequence[ChainStep]) -> bool:
    """Whether the entries, each for one or more steps, cover the whole way in order."""
    if not way or not wanted:
        return not way and not wanted
    rest = way[1:]
    return _is_at(way[0], wanted[0]) and (fits(rest, wanted[1:]) or fits(rest, wanted))


def _taken(planned: Iterable[PreviewStep]) -> list[Step]:
    return [each.step for each in planned if each.skipped is None]


def _is_at(step: Step, wanted: ChainStep) -> bool:
    return (
        step.seat == wanted.at
        and wanted.role in (None, *step.roles)
        and wanted.blocking in (None, step.blocking)
    )
