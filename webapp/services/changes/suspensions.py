"""The spells of suspension (休学期) of a student, and how long they are together (domain 3.2, duration rules)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Suspension
from models.enums import SuspensionReason
from webapp.services.changes.terms import months_into

A_DAY = timedelta(days=1)

# Military service lasts as long as it lasts, and is not counted (S1B 第十三条; that it is not counted: INT, SU-09).
UNCOUNTED = frozenset({SuspensionReason.MILITARY})


def spells_of(session: Session, student_id: int) -> Sequence[Suspension]:
    """Return the spells of a student, the earliest first."""
    mine = select(Suspension).where(Suspension.student_id == student_id)
    return session.scalars(mine.order_by(Suspension.starts_on, Suspension.id)).all()


def open_spell(spells: Iterable[Suspension]) -> Suspension | None:
    """Return the spell that a student is in, or is to begin, if he is suspended."""
    return next((spell for spell in spells if spell.ended_on is None), None)


def months_of(starts_on: date, ends_on: date) -> int:
    """Return how many months a spell takes from its first day to its last, an unfinished one counted whole."""
    return months_into(starts_on, ends_on + A_DAY)


def counted_months(spells: Iterable[Suspension]) -> int:
    """Return how many months of suspension count towards the most that is allowed."""
    return sum(
        months_of(spell.starts_on, spell.ended_on or spell.ends_on)
        for spell in spells
        if spell.reason not in UNCOUNTED and (spell.ended_on or spell.ends_on) >= spell.starts_on
    )
