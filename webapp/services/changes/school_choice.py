"""Choosing a school: the divisions of a province to look in, and what is known of the school chosen."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Division, Office
from models.enums import DivisionLevel, OfficeKind
from webapp import errors
from webapp.services.offices.tree import is_served


def provinces_here(session: Session) -> Sequence[Division]:
    """Return the provinces whose schools are served here."""
    statement = select(Division).where(Division.level == DivisionLevel.PROVINCE).order_by(Division.code)
    return [province for province in session.scalars(statement) if is_served(session, province.code)]


def divisions_of_province(session: Session, division_code: str) -> Sequence[Division]:
    """Return the cities and counties of the province that a division lies in, each city before its counties."""
    province = division_code[:2]
    statement = (
        select(Division)
        .where(Division.code.between(f"{province}0100", f"{province}9999"))
        .order_by(Division.code)
    )
    return session.scalars(statement).all()


def school_of(session: Session, school_id: int) -> Office:
    """Return a school; NoSuchSchool if there is none with this id."""
    school = session.get(Office, school_id)
    if school is None or school.kind != OfficeKind.SCHOOL:
        raise errors.NoSuchSchool
    return school
