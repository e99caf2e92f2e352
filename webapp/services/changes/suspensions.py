"""The spells of suspension (休学期) of a student, and how long they are together (domain 3.2, duration rules)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Suspension
from models.enums import SuspensionReason
from webapp.services.changes.terms import months_into

Spell = tuple[date, date]  # from its first day to its last
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


def served(spells: Iterable[Suspension]) -> list[Spell]:
    """Return the spells as they were served, without those that ended before they began."""
    all_spells = ((spell.starts_on, spell.ended_on or spell.ends_on) for spell in spells)
    return [(starts_on, ends_on) for starts_on, ends_on in all_spells if ends_on >= starts_on]


def unbroken(spells: Sequence[Spell]) -> tuple[Spell, ...]:
    """Return the last of these spells with those before it that nothing lies between, the earliest first."""
    breaks = [n for n, (one, next_one) in enumerate(pairwise(spells), 1) if next_one[0] > one[1] + A_DAY]
    return tuple(spells[breaks[-1] if breaks else 0 :])


def counted_months(spells: Iterable[Suspension]) -> int:
    """Return how many months of suspension count towards the most that is allowed."""
    return sum(
        months_of(spell.starts_on, spell.ended_on or spell.ends_on)
        for spell in spells
        if spell.reason not in UNCOUNTED and (spell.ended_on or spell.ends_on) >= spell.starts_on
    )


def months_in_a_row(spells: Iterable[Suspension], starts_on: date, ends_on: date) -> int:
    """Return how many months a further spell comes to with those before it that nothing lies between."""
    before = served(spell for spell in spells if spell.reason not in UNCOUNTED)
    return months_of(unbroken([*before, (starts_on, ends_on)])[0][0], ends_on)
