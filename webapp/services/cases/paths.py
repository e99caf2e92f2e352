"""The way an application would take, before it is made: which offices, in what order, how long each may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Office
from webapp.clock import day_of
from webapp.services.calendar.working_days import calendar_of
from webapp.services.changes.change import EXCEPTION, Change
from workflows import engine
from workflows.definition import Step
from workflows.engine import SkipReason


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step of the way. `latest` is its last day if every step before it took its whole limit.

    It is `provisional` if the calendar until then is.
    """

    step: Step
    office_id: int | None
    office: str | None
    skipped: SkipReason | None
    limit_days: int | None
    latest: date | None
    provisional: bool


def path_of(session: Session, change: Change, at: datetime) -> list[PathStep]:
    """Return every step of the change's diagram in order, the skipped ones with the reason.

    Those at which it would be excepted from a rule (特殊情况核准) are there only if it is to be.
    """
    names = office_names(session, change.seats)
    calendar = calendar_of(session)
    path = []
    for planned in engine.preview(change.definition, change.facts()):
        if planned.skipped and planned.step.form == EXCEPTION:
            continue
        office_id = change.seats.get(planned.step.seat)
        due = None if planned.due is None else calendar.due(day_of(at), planned.begins + planned.due)
        path.append(
            PathStep(
                planned.step,
                office_id,
                names.get(office_id) if office_id else None,
                planned.skipped,
                planned.due,
                due.day if due else None,
                due.provisional if due else False,
            )
        )
    return path


def office_names(session: Session, seats: Mapping[str, int]) -> dict[int, str]:
    """Return the names of the offices in these seats, by id."""
    rows = session.execute(select(Office.id, Office.name).where(Office.id.in_(seats.values())))
    return dict(rows.all())
