"""The facts that the rules of a transfer read, computed in this one place; thresholds stand in the tables.

Their names, types, units and sources are listed in `workflows/rules/README.md`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from dateutil.relativedelta import relativedelta
from sqlalchemy import and_, distinct, func, select
from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, SchoolPlaces, Student, StudentOverlay, Task, Term
from models.enums import OPEN_CASE_STATES, Outcome, Role, Seat, Stage
from webapp.services.calendar.working_days import WorkingCalendar, calendar_of
from webapp.services.registry.identity import has_blank
from webapp.services.transfers.transfer import Transfer
from workflows.values import Value

Moment = Literal["application", "receiving_school"]

# 六三学制: compulsory schooling ends twice, after primary school and after junior high school.
COMPULSORY_STARTING_GRADES = (1, 7)
COMPULSORY_GRADUATING_GRADES = (6, 9)
MONTHS_OF_A_SEMESTER = 4
A_MONTH = relativedelta(months=1)
SPRING_TERM_OPENS = range(2, 8)  # months; every other month opens an autumn term


def transfer_facts(
    session: Session, transfer: Transfer, moment: Moment, business: ChangeRequest | None
) -> dict[str, Value]:
    """Return the facts that the rule packs of both sides read at that moment of a transfer.

    `business` is what the student has in progress.
    """
    enrolment, form = transfer.enrolment, transfer.form
    return {
        "moment": moment,
        "state": enrolment.student.state.value,
        "overlays": _overlays(session, enrolment.student_id, business),
        "graduating_grade": is_graduating(enrolment),
        "starting_grade": is_starting(enrolment),
        "grade_change": form.grade - enrolment.grade,
        "schooling_years_change": (form.schooling_years or enrolment.schooling_years)
        - enrolment.schooling_years,
        "free_places": free_places(
            session, form.to_school_id, form.grade, besides_student=enrolment.student_id
        ),
        "reason": form.reason.value,
        "same_county": transfer.same_county,
        "stage_change": transfer.receiving.school.stage != transfer.releasing.school.stage,
        "distance": transfer.distance.value,
        "identity_check": _identity_check(transfer.student),
        "applied_on": transfer.on,
        **_term_facts(session, enrolment, transfer.on),
    }


def _identity_check(student: Student) -> str:
    """Whether the platform's comparison of name and number, letter by letter, can pass (domain 3.0.2 H3)."""
    if not student.registry_number:
        return "no_number"
    return "blank_in_name" if has_blank(student.name) else "same"


def is_graduating(enrolment: Enrolment) -> bool:
    """Whether the grade is the last of its stage (毕业年级)."""
    if enrolment.school.stage == Stage.COMPULSORY:
        return enrolment.grade in COMPULSORY_GRADUATING_GRADES
    return enrolment.grade >= enrolment.schooling_years


def is_starting(enrolment: Enrolment) -> bool:
    """Whether the grade is the first of its stage (起始年级)."""
    if enrolment.school.stage == Stage.COMPULSORY:
        return enrolment.grade in COMPULSORY_STARTING_GRADES
    return enrolment.grade == 1


def semesters_completed(joined: date, terms: Sequence[Term], on: date) -> int:
    """Return how many terms have closed that the student studied, which he joined in their first month (INT).

    Where the terms on record begin more than a semester after he joined, the one before them counts too. Sources:
    domain 3.1.2 T-P1 (未满一学期不予转学), and T-P3, by which one changes schools in a term's first month.
    """
    closed = sum(joined <= term.opens_on + A_MONTH and term.closes_on < on for term in terms)
    opened = [term.opens_on for term in terms if term.opens_on > joined]
    unrecorded = bool(opened) and months_into(joined, opened[0]) > MONTHS_OF_A_SEMESTER
    return closed + (unrecorded and not any(term.opens_on <= joined for term in terms))


def lock_places(session: Session, school_id: int | None, grade: int) -> None:
    """Let nobody else give away the grade's places until this transaction ends."""
    places = select(SchoolPlaces).where(SchoolPlaces.school_id == school_id, SchoolPlaces.grade == grade)
    session.execute(places.with_for_update())


def free_places(
    session: Session, school_id: int, grade: int, *, besides_student: int | None = None
) -> int | None:
    """Return the free places (空余学位) of a school's grade; None where the school has published no figure.

    Taken are those of its pupils, and those of applicants whom the school has agreed to take, but not the one of
    `besides_student`: his own place is his.
    """
    capacity = session.scalar(
        select(SchoolPlaces.capacity).where(SchoolPlaces.school_id == school_id, SchoolPlaces.grade == grade)
    )
    if capacity is None:
        return None
    pupils = select(func.count()).where(
        Enrolment.school_id == school_id, Enrolment.grade == grade, Enrolment.ended_on.is_(None)
    )
    agreed = select(func.count(distinct(Task.change_request_id))).where(
        Task.seat == Seat.RECEIVING_SCHOOL,
        Task.seat_role == Role.LEAD,
        Task.outcome == Outcome.APPROVE,
        Task.change_request.has(
            and_(
                ChangeRequest.to_school_id == school_id,
                ChangeRequest.student_id.is_distinct_from(besides_student),
                ChangeRequest.form["grade"].as_integer() == grade,
                ChangeRequest.state.in_(OPEN_CASE_STATES),
            )
        ),
    )
    return capacity - session.scalars(pupils).one() - session.scalars(agreed).one()


def open_business(session: Session, student_id: int) -> ChangeRequest | None:
    """Return the student's business in progress (在办业务), of which there is at most one."""
    statement = select(ChangeRequest).where(
        ChangeRequest.student_id == student_id, ChangeRequest.state.in_(OPEN_CASE_STATES)
    )
    return session.scalar(statement)


def _overlays(session: Session, student_id: int, business: ChangeRequest | None) -> tuple[str, ...]:
    kinds = session.scalars(
        select(StudentOverlay.kind).where(
            StudentOverlay.student_id == student_id, StudentOverlay.ended_at.is_(None)
        )
    )
    in_progress = ("in_progress", f"in_progress_{business.kind}") if business else ()
    return (*(kind.value for kind in kinds), *in_progress)


def _term_facts(session: Session, enrolment: Enrolment, on: date) -> dict[str, Value]:
    terms = _terms(session, enrolment.school.division_code, on)
    return {
        "semesters_completed": semesters_completed(enrolment.started_on, terms, on),
        **_term_position(calendar_of(session), terms, on),
    }


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


def months_into(opening: date, on: date) -> int:
    """Return the smallest number of months n such that `on` is no later than `opening` plus n months.

    A month ends on the same day of the month, or on its last day (domain 5.4 L8).
    """
    months = max(0, (on.year - opening.year) * 12 + on.month - opening.month)
    return months if on <= opening + relativedelta(months=months) else months + 1


def _terms(session: Session, division_code: str, on: date) -> Sequence[Term]:
    """The terms opened until the day, of the nearest division that keeps terms of its own, oldest first."""
    nearest = (division_code, division_code[:4] + "00", division_code[:2] + "0000", None)
    for division in nearest:
        statement = (
            select(Term).where(Term.division_code == division, Term.opens_on <= on).order_by(Term.opens_on)
        )
        if terms := session.scalars(statement).all():
            return terms
    return ()
