"""Schools of provinces that are not served here (外省学校): somebody names one, and it is entered if it is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Division, Office
from models.enums import OfficeKind, OfficeLevel, Stage
from webapp import errors
from webapp.policy import Person
from webapp.services.offices.tree import NoSuchDivision, create_school, is_served
from webapp.services.people import throttle


class ServedHere(errors.Refusal):
    """Schools of {division} are served here, so nobody enters one. Ask the school or its bureau what to do."""

    status = 422


@dataclass(frozen=True, slots=True)
class SchoolElsewhere:
    """A school as somebody names it, in a city or county by its code of GB/T 2260."""

    name: str
    division_code: str
    stage: Stage


def divisions_elsewhere(session: Session) -> Sequence[Division]:
    """Return the divisions of the provinces that are not served here, each before what lies in it."""
    found = session.scalars(select(Division).order_by(Division.code)).all()
    return [division for division in found if not is_served(session, division.code)]


def school_elsewhere(session: Session, person: Person, named: SchoolElsewhere, since: date) -> Office:
    """Return the school that a person names; a new one is entered as it has been `since`. The caller commits.

    Raises NoSuchDivision, ServedHere, TooManyNewSchools, and what `create_school` does.
    """
    division = session.get(Division, named.division_code)
    if division is None:
        raise NoSuchDivision(code=named.division_code)
    if is_served(session, division.code):
        raise ServedHere(division=division.name)
    known = select(Office).where(
        Office.kind == OfficeKind.SCHOOL,
        Office.division_code == division.code,
        Office.stage == named.stage,
        Office.name == named.name.strip(),
        Office.valid_to.is_(None),
    )
    if (school := session.scalar(known.order_by(Office.id).limit(1))) is not None:
        return school
    throttle.count_new_school(session, person.account_id)
    return create_school(
        session,
        name=named.name,
        division_code=division.code,
        stage=named.stage,
        run_by=OfficeLevel(division.level),
        valid_from=since,
    )
