"""The authority of a school opens and closes problem records (问题学籍), which other business waits for: 3.11."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import Enrolment, Office, Student, StudentOverlay
from models.enums import OverlayKind, ProblemType
from webapp import clock, errors
from webapp.policy import DECIDING_ROLES, Person, deciding_post_among, is_close_to
from webapp.services.offices.tree import authorities
from webapp.services.people.looks import log_list, log_look

SHOWN = 50


class NotItsAuthority(errors.Refusal):
    """Problem records are opened and closed by the authority of the student's school. Ask it to do so."""

    status = 403


class ProblemIsOpen(errors.Refusal):
    """The record is an open problem record already. Close that one first."""

    status = 409


class NoOpenProblem(errors.Refusal):
    """The record is no open problem record any more. See the record."""

    status = 409


def record_under(session: Session, officer: Person, student_id: int) -> Enrolment:
    """Return a student's present enrolment to whoever decides at his school's authority, and log the look.

    Raises NotItsAuthority, also of a student who attends no school; the caller commits.
    """
    present = select(Enrolment).where(Enrolment.student_id == student_id, Enrolment.ended_on.is_(None))
    record = session.scalar(present.options(joinedload(Enrolment.student), joinedload(Enrolment.school)))
    if record is None:
        raise NotItsAuthority
    require_authority(session, officer, record)
    log_look(session, officer, "record", student_id=student_id)
    return record


def require_authority(session: Session, officer: Person, record: Enrolment) -> None:
    """Raise NotItsAuthority unless he decides at the authority of the school, and is not close to the student."""
    office_id = authorities(session, record.school)[0].office_id
    post = deciding_post_among(officer, (office_id,), about=record.student_id)
    if post is None or is_close_to(officer, post, record.student_id):
        raise NotItsAuthority


def problems_of(session: Session, student_id: int) -> Sequence[StudentOverlay]:
    """Return all problems of a record, the open one first."""
    mine = select(StudentOverlay).where(
        StudentOverlay.student_id == student_id, StudentOverlay.kind == OverlayKind.PROBLEM
    )
    newest = (StudentOverlay.ended_at.desc().nulls_first(), StudentOverlay.id.desc())
    return session.scalars(mine.order_by(*newest)).all()


def open_problems(session: Session, officer: Person) -> Sequence[tuple[StudentOverlay, Enrolment]]:
    """Return the oldest open problem records at the schools of whose authority he is, and log them; he commits."""
    offices = [post.office_id for post in officer.posts if post.role in DECIDING_ROLES]
    found = (
        select(StudentOverlay, Enrolment)
        .join(Student, Student.id == StudentOverlay.student_id)
        .join(Enrolment, (Enrolment.student_id == Student.id) & Enrolment.ended_on.is_(None))
        .join(Office, Office.id == Enrolment.school_id)
        .where(StudentOverlay.kind == OverlayKind.PROBLEM, StudentOverlay.ended_at.is_(None))
        .where(Office.superior_id.in_(offices), Student.id.not_in(officer.children))
        .order_by(StudentOverlay.started_at, StudentOverlay.id)
        .limit(SHOWN)
        .options(joinedload(Enrolment.student), joinedload(Enrolment.school))
    )
    rows = [(problem, record) for problem, record in session.execute(found)]
    log_list(session, officer, "problems", [record.student_id for _, record in rows])
    return rows


def open_problem(session: Session, officer: Person, record: Enrolment, kind: ProblemType, note: str) -> None:
    """Open a problem record, of which nothing is applied for until it is closed (H2); commits.

    Raises NotItsAuthority or ProblemIsOpen.
    """
    require_authority(session, officer, record)
    session.get_one(Student, record.student_id, with_for_update={"key_share": True})
    if _open_of(session, record.student_id):
        raise ProblemIsOpen
    problem = StudentOverlay(
        student_id=record.student_id,
        kind=OverlayKind.PROBLEM,
        problem_type=kind,
        note=note,
        started_at=clock.now(),
        opened_by_id=officer.account_id,
    )
    session.add(problem)
    session.commit()


def close_problem(session: Session, officer: Person, record: Enrolment, note: str) -> None:
    """Close the open problem record and say what came of it; commits. Raises NotItsAuthority or NoOpenProblem."""
    require_authority(session, officer, record)
    session.get_one(Student, record.student_id, with_for_update={"key_share": True})
    problem = _open_of(session, record.student_id)
    if problem is None:
        raise NoOpenProblem
    problem.ended_at, problem.ended_by_id, problem.ended_note = clock.now(), officer.account_id, note
    session.commit()


def _open_of(session: Session, student_id: int) -> StudentOverlay | None:
    statement = select(StudentOverlay).where(
        StudentOverlay.student_id == student_id,
        StudentOverlay.kind == OverlayKind.PROBLEM,
        StudentOverlay.ended_at.is_(None),
    )
    return session.scalar(statement.execution_options(populate_existing=True))
