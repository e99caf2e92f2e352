"""Schools as two provinces tell each other of them: by code, or by name and division where there is none."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Office
from models.enums import OfficeKind
from webapp import clock
from webapp.services.exchange.checks import UnbelievableError
from webapp.services.exchange.messages import School
from webapp.services.offices.tree import create_school


def told(school: Office) -> School:
    """Return a school as a message names it."""
    assert school.stage is not None, "it is a school"
    return School(
        code=school.school_code,
        name=school.name,
        division=school.division_code,
        stage=school.stage,
        run_by=school.level,
    )


def found(session: Session, school: School) -> Office | None:
    """Return the school that a message names, if it is known here."""
    here = select(Office).where(
        Office.kind == OfficeKind.SCHOOL,
        Office.division_code == school.division,
        Office.stage == school.stage,
        Office.valid_to.is_(None),
    )
    same = Office.name == school.name
    if school.code is not None:
        same = (Office.school_code == school.code) | (Office.school_code.is_(None) & same)
    return session.scalars(here.where(same).order_by(Office.school_code, Office.id).limit(1)).first()


def known(session: Session, school: School) -> Office:
    """Return the school of another province that a message names, entering it if it is new; the caller commits.

    Raises NoSuchDivision or NobodyRunsIt for a place that does not exist, and UnbelievableError for the code
    (学校标识码) of a school in yet another province.
    """
    if (present := found(session, school)) is not None:
        return present
    _check_code(session, school)
    return create_school(
        session,
        name=school.name,
        division_code=school.division,
        stage=school.stage,
        run_by=school.run_by,
        valid_from=clock.today(),
        school_code=school.code,
    )


def _check_code(session: Session, school: School) -> None:
    if school.code is None:
        return
    elsewhere = select(Office.id).where(
        Office.school_code == school.code, ~Office.division_code.startswith(school.division[:2])
    )
    if session.scalar(elsewhere.limit(1)) is not None:
        raise UnbelievableError(f"{school.name}: the code {school.code} is another school's")
