"""How long a student has studied, been suspended and been away: what decides whether he is deemed to have withdrawn.

Thresholds stand in `workflows/rules/withdrawal.dmn`.
"""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Enrolment, ReturnNotice, SemesterRecord, Suspension
from webapp.services.changes.suspensions import Spell, months_of, open_spell, served, spells_of, unbroken
from webapp.services.changes.terms import months_into, term_at
from workflows.values import Value


@dataclass(frozen=True, slots=True)
class Studies:
    """What the registry knows of it on a day.

    `spells` are his suspensions without a break between them, the last of which he is in; none if he is in none.
    `told_on` is the day on which his family was told, after that, that he has to return. `truant_hours` are those of
    the present term. `semesters_passed` are those with all results passed; none if the school has entered no results.
    """

    entered_on: date
    schooling_years: int
    spells: tuple[Spell, ...]
    told_on: date | None
    truant_hours: int | None
    semesters_passed: int | None


def studies_of(session: Session, enrolment: Enrolment, on: date) -> Studies:
    """Return what is known of a student on a day."""
    spells = spells_of(session, enrolment.student_id)
    present = open_spell(spells)
    term = term_at(session, enrolment, on)
    mine = SemesterRecord.student_id == enrolment.student_id
    results = select(
        func.count().filter(SemesterRecord.passed.is_(True)), func.count(SemesterRecord.passed)
    ).where(mine)
    passed, entered = session.execute(results).one()
    return Studies(
        entered_on=enrolment.entered_on,
        schooling_years=enrolment.schooling_years,
        spells=unbroken(served(spells)) if present else (),
        told_on=_told(session, present) if present else None,
        truant_hours=session.scalar(
            select(SemesterRecord.truant_hours).where(mine, SemesterRecord.term_id == term.id)
        )
        if term
        else None,
        semesters_passed=passed if entered else None,
    )


def study_facts(studies: Studies, absent_since: date | None, on: date) -> dict[str, Value]:
    """Return the facts of it that rules read; those of a suspension are none unless it is over."""
    over = bool(studies.spells) and studies.spells[-1][1] < on
    ends_on = studies.spells[-1][1] if over else on
    return {
        "months_past_spell": months_into(ends_on, on) if over else None,
        "months_in_a_row": months_of(studies.spells[0][0], ends_on) if over else None,
        "days_since_told": (on - max(studies.told_on, ends_on)).days if over and studies.told_on else None,
        "years_past_course": years_past_course(studies.entered_on, studies.schooling_years, on),
        "truant_hours": studies.truant_hours,
        "days_absent": (on - absent_since).days if absent_since else None,
        "months_absent": months_into(absent_since, on) if absent_since else None,
    }


def years_past_course(entered_on: date, schooling_years: int, on: date) -> int:
    """Return by how many years, a started one counted whole, somebody has studied longer than his course takes."""
    years = relativedelta(on, entered_on).years
    started = years if on <= entered_on + relativedelta(years=years) else years + 1
    return started - schooling_years


def _told(session: Session, spell: Suspension) -> date | None:
    notices = select(func.min(ReturnNotice.told_on)).where(ReturnNotice.suspension_id == spell.id)
    return session.scalar(notices)
