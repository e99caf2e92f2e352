"""What is known of a new student before he is registered (新生): his list, and how long his admission is kept."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Reservation, Roster, RosterLine
from models.enums import Season

A_YEAR = relativedelta(years=1)  # S1B 第七条; domain 3.8.3
SPRING = range(1, 6)  # January to May: S1B 第三条


@dataclass(frozen=True, slots=True)
class Admission:
    """`outsiders` are the students of his list whose household lies in another city; none if he is on no list.

    `kept_until` is the last day on which a reserved admission holds; none if it is not reserved.
    """

    outsiders: int | None
    kept_until: date | None


def admission_of(session: Session, student_id: int) -> Admission:
    """Return what is known of a new student."""
    lists = select(Roster.outsiders).join(Roster.lines).where(RosterLine.student_id == student_id)
    kept = select(Reservation.lasts_until).where(
        Reservation.student_id == student_id, Reservation.ended_on.is_(None)
    )
    return Admission(session.scalar(lists.order_by(Roster.id.desc()).limit(1)), session.scalar(kept))


def season_of(entered_on: date) -> Season:
    """Return in which season somebody enters who does so on that day (S1B 第三条)."""
    return Season.SPRING if entered_on.month in SPRING else Season.AUTUMN
