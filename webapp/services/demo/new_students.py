"""Makes new students for the scenarios: their identity numbers, and lists on which they stand (新生花名册).

What is made is synthetic, as all that `makers` makes. The caller commits.
"""

from datetime import date
from itertools import count

from sqlalchemy.orm import Session

from models import Roster, RosterLine, Student
from models.enums import OtherRoll, Sex
from webapp import clock
from webapp.services.changes.admissions import season_of
from webapp.services.demo.makers import an_account
from webapp.services.registry.identity import ORDERS_PER_SEX, synthetic_identity_number

_serial = count(1)


def next_identity(birth_date: date, sex: Sex) -> str:
    """Return the identity number of another made-up person who was born that day."""
    return synthetic_identity_number(birth_date, next(_serial) % ORDERS_PER_SEX, sex)


def a_roster(session: Session, student: Student, outsiders: int) -> Roster:
    """Let a student stand on a list of new students, with so many from other cities."""
    enrolment = student.enrolments[-1]
    roster = Roster(
        school_id=enrolment.school_id,
        season=season_of(enrolment.entered_on),
        entered_on=enrolment.entered_on,
        grade=enrolment.grade,
        outsiders=outsiders,
        listed_by_id=an_account(session, "填报人").id,
        listed_at=clock.now(),
    )
    roster.lines.append(
        RosterLine(position=1, name=student.name, student_id=student.id, other_roll=OtherRoll.NONE)
    )
    session.add(roster)
    session.flush()
    return roster
