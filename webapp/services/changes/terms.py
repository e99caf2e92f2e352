"""Where a day lies in the school year, and how long somebody has studied (学期); thresholds stand in the tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Enrolment, Office, Term
from webapp.services.calendar.working_days import WorkingCalendar, calendar_of
from workflows.values import Value

MONTHS_OF_A_SEMESTER = 4
SEMESTERS_OF_A_YEAR = 2
A_MONTH = relativedelta(months=1)
AUTUMN = 9  # the month in which a school year begins
SPRING_TERM_OPENS = range(2, 8)  # months; every other month opens an autumn term


@dataclass(frozen=True, slots=True)
class PresentTerms:
    """The term of every division on a day: the one that opened last, of the nearest division that keeps its own."""

    terms: Mapping[str | None, int]

    def of(self, division_code: str) -> int | None:
        """Return the key of a division's term; none if none is on record."""
        near = (division for division in nearest_divisions(division_code) if division in self.terms)
        return next((self.terms[division] for division in near), None)


def present_terms(session: Session, on: date) -> PresentTerms:
    """Return the terms of all divisions on a day."""
    opened = select(Term).where(Term.opens_on <= on).order_by(Term.opens_on)
    return PresentTerms(
        {term.division_code: term.id for term in session.scalars(opened)}
    )  # the last one stays


def term_facts(session: Session, enrolment: Enrolment, on: date) -> dict[str, Value]:
    """Return how many semesters somebody has completed at his school, and where the day lies in the term."""
    terms = _terms(session, enrolment.school.division_code, on)
    return {
        "semesters_completed": semesters_completed(enrolment.started_on, terms, on),
        **_term_position(calendar_of(session), terms, on),
    }


def semesters_completed(joined: date, terms: Sequence[Term], on: date) -> int:
    """Return how many terms have closed that the student studied, which he joined in their first month (INT).

    Where the terms on record begin more than a semester after he joined, the one before them counts too. Sources:
    domain 3.1.2 T-P1 (未满一学期不予转学), and T-P3, by which one changes schools in a term's first month.
    """
    closed = sum(joined <= term.opens_on + A_MONTH and term.closes_on < on for term in terms)
    opened = [term.opens_on for term in terms if term.opens_on > joined]
    unrecorded = bool(opened) and months_into(joined, opened[0]) > MONTHS_OF_A_SEMESTER
    return closed + (unrecorded and not any(term.opens_on <= joined for term in terms))


def semesters_since(session: Session, enrolment: Enrolment, joined: date, on: date) -> int | None:
    """Return how many semesters are finished on a day since somebody joined; none if the terms on record begin later.

    That is later than a month after he joined.
    """
    terms = _terms(session, enrolment.school.division_code, on)
    if not terms or terms[0].opens_on > joined + A_MONTH:
        return None
    return semesters_completed(joined, terms, on)


def semesters_left(session: Session, school: Office, years: int, grade: int, on: date) -> int | None:
    """Return how many semesters are left of a course for whoever joins a grade of it, the present one included.

    None where no term is on record. Between two terms the one that has closed is over.
    """
    terms = _terms(session, school.division_code, on)
    if not terms:
        return None
    over = (terms[-1].opens_on.month in SPRING_TERM_OPENS) + (terms[-1].closes_on < on)
    return SEMESTERS_OF_A_YEAR * (years - grade + 1) - over


def months_to_term_end(session: Session, enrolment: Enrolment, on: date) -> int | None:
    """Return how many full months are left of the present term; none in the holidays, or if no term is on record."""
    term = term_at(session, enrolment, on)
    if term is None or term.closes_on < on:
        return None
    left = relativedelta(term.closes_on, on)
    return left.years * 12 + left.months


def months_into(opening: date, on: date) -> int:
    """Return the smallest number of months n such that `on` is no later than `opening` plus n months.

    A month ends on the same day of the month, or on its last day (domain 5.4 L8).
    """
    months = max(0, (on.year - opening.year) * 12 + on.month - opening.month)
    return months if on <= opening + relativedelta(months=months) else months + 1


def _term_position(calendar: WorkingCalendar, terms: Sequence[Term], on: date) -> dict[str, Value]:
    """Where the day lies in the term that opened last; unknown (None) where no term is on record."""
    if not terms:
        return dict.fromkeys(
            ("semester", "months_into_term", "working_days_into_term", "working_days_to_term_end")
        )
    term = terms[-1]
    return {
        "semester": 2 if term.opens_on.month in SPRING_TERM_OPENS else 1,
        "months_into_term": months_into(term.opens_on, on),
        "working_days_into_term": calendar.working_days_between(term.opens_on, on),
        "working_days_to_term_end": (
            calendar.working_days_between(on, term.closes_on) if on <= term.closes_on else None
        ),
    }


def term_at(session: Session, enrolment: Enrolment, on: date) -> Term | None:
    """Return the term of a student's school that opened last; none if none is on record."""
    terms = _terms(session, enrolment.school.division_code, on)
    return terms[-1] if terms else None


def school_year(day: date) -> int:
    """Return the year in which the school year of a day began: in September."""
    return day.year if day.month >= AUTUMN else day.year - 1


def month_and_day(day: date) -> int:
    """Return a day of the year as a number whose order is that of the days: 1120 for 20 November."""
    return day.month * 100 + day.day


def nearest_divisions(code: str) -> tuple[str | None, ...]:
    """Return a division's code and those of what it lies in: city, province, and none for the country."""
    return (code, code[:4] + "00", code[:2] + "0000", None)


def _terms(session: Session, division_code: str, on: date) -> Sequence[Term]:
    """The terms opened until the day, of the nearest division that keeps terms of its own, oldest first."""
    for division in nearest_divisions(division_code):
        statement = (
            select(Term).where(Term.division_code == division, Term.opens_on <= on).order_by(Term.opens_on)
        )
        if terms := session.scalars(statement).all():
            return terms
    return ()
