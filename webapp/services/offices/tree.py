"""The tree of offices (机构): bureaus by division, schools under them, and which of them a case concerns.

Source: domain 2.1. The chain of authorities is computed from the tree: a school answers to the bureau that
runs it and to those above that one, so that a city-run school has no county level, and a school of a county
governed by its province (省直管县) no city level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Division, Office
from models.enums import DivisionLevel, OfficeKind, OfficeLevel, Seat, Stage
from webapp import clock
from webapp.errors import Refusal
from webapp.services.context import settings_of
from webapp.services.offices.bureaus import new_office_ids
from webapp.services.offices.divisions import MUNICIPALITIES
from webapp.services.offices.school_names import check_school

SCHOOLS_SHOWN = 20

RECEIVING_SEATS = {
    OfficeLevel.COUNTY: Seat.RECEIVING_COUNTY,
    OfficeLevel.CITY: Seat.RECEIVING_CITY,
    OfficeLevel.PROVINCE: Seat.RECEIVING_PROVINCE,
}
RELEASING_SEATS = {
    OfficeLevel.COUNTY: Seat.RELEASING_COUNTY,
    OfficeLevel.CITY: Seat.RELEASING_CITY,
    OfficeLevel.PROVINCE: Seat.RELEASING_PROVINCE,
}
OWN_LEVELS = {
    OfficeLevel.COUNTY: Seat.COUNTY,
    OfficeLevel.CITY: Seat.CITY,
    OfficeLevel.PROVINCE: Seat.PROVINCE,
}


class NoSuchDivision(Refusal):
    """There is no administrative division with the code {code}. Choose one from the list."""

    status = 404


class NobodyRunsIt(Refusal):
    """{division} has no {level} bureau of its own or above it, so no school there is run by one."""

    status = 422


class OfficeNotInEffect(Refusal):
    """{office} does not exist on {day}, only from {begins} to {ends}. Ask its superior who took its place."""

    status = 422


class Distance(StrEnum):
    """How far apart two schools are, nearest first."""

    SAME_AUTHORITY = "same_authority"
    SAME_COUNTY = "same_county"
    SAME_CITY = "same_city"
    CROSS_CITY = "cross_city"
    CROSS_PROVINCE = "cross_province"


class StageChange(StrEnum):
    """Between which stages a student changes schools: within one, between general and vocational (普职互转), or others.

    Source: domain 3.1.4 V9.
    """

    NONE = "none"
    TO_VOCATIONAL = "to_vocational"
    TO_GENERAL = "to_general"
    OTHER = "other"


_TURNS: Mapping[tuple[Stage | None, Stage | None], StageChange] = {
    (Stage.SENIOR_HIGH, Stage.VOCATIONAL): StageChange.TO_VOCATIONAL,
    (Stage.VOCATIONAL, Stage.SENIOR_HIGH): StageChange.TO_GENERAL,
}


@dataclass(frozen=True, slots=True)
class Authority:
    """One bureau that a school answers to (主管部门)."""

    level: OfficeLevel
    office_id: int
    name: str


def create_school(
    session: Session,
    *,
    name: str,
    division_code: str,
    stage: Stage,
    run_by: OfficeLevel,
    valid_from: date,
    school_code: str | None = None,
) -> Office:
    """Enter a school under the bureau that runs it, of its county, city or province (县属 市属 省属).

    Raises NoSuchDivision, NobodyRunsIt (as a city-run school where there is no city) and what `check_school` does.
    """
    check_school(name, school_code)
    authority = _authority_in(session, division_code, run_by, valid_from)
    school = Office(
        kind=OfficeKind.SCHOOL,
        level=run_by,
        name=name.strip(),
        division_code=division_code,
        stage=stage,
        school_code=school_code,
        valid_from=valid_from,
    )
    school.id = session.scalars(new_office_ids(1)).one()
    school.superior_id, school.path = authority.id, [*authority.path, school.id]
    session.add(school)
    session.flush()
    return school


def authorities(session: Session, school: Office, on: date | None = None) -> tuple[Authority, ...]:
    """Return whom a school answers to, from its own authority up to the province (domain 2.1).

    OfficeNotInEffect if the school or one of them does not exist on that day (default: today), so that no level
    is left out in silence.
    """
    day = on or clock.today()
    statement = (
        select(Office).where(Office.id.in_(school.path)).order_by(func.cardinality(Office.path).desc())
    )
    offices = session.scalars(statement).all()
    for office in offices:
        _check_in_effect(office, day)
    return tuple(
        Authority(office.level, office.id, office.name)
        for office in offices
        if office.kind == OfficeKind.BUREAU
    )


def transfer_seats(
    session: Session, receiving_school: Office, releasing_school: Office, on: date
) -> dict[str, int]:
    """Return the seats that exist for a transfer and the office in each; raises OfficeNotInEffect.

    A side that is not served here has but one, 外省, filled by its province.
    """
    return _side_seats(session, receiving_school, Seat.RECEIVING_SCHOOL, RECEIVING_SEATS, on) | _side_seats(
        session, releasing_school, Seat.RELEASING_SCHOOL, RELEASING_SEATS, on
    )


def own_seats(session: Session, school: Office, on: date) -> dict[str, int]:
    """Return the seats that exist for a change at one school and the office in each; raises OfficeNotInEffect."""
    seats = _side_seats(session, school, Seat.SCHOOL, OWN_LEVELS, on)
    exam_office = select(Office.id).where(
        Office.superior_id == seats.get(Seat.CITY), Office.kind == OfficeKind.EXAM_OFFICE, Office.valid_on(on)
    )
    found = session.scalar(exam_office)
    return seats if found is None else seats | {Seat.EXAM_OFFICE.value: found}


def is_served(session: Session, division_code: str) -> bool:
    """Whether a division lies in a province that this deployment serves (XUEJI_PROVINCES)."""
    served = settings_of(session).provinces
    return not served or division_code[:2] in served


def distance(session: Session, one: Office, other: Office) -> Distance:
    """Return how far apart two schools are: by authority first, then by the divisions they lie in.

    The districts of a municipality count as one city, for its bureau stands directly above them; each county
    governed by its province counts as a city of its own.
    """
    if one.superior_id == other.superior_id:
        return Distance.SAME_AUTHORITY
    here, there = (session.get_one(Division, school.division_code) for school in (one, other))
    if here == there and here.level == DivisionLevel.COUNTY:
        return Distance.SAME_COUNTY
    if city_code(here) == city_code(there):
        return Distance.SAME_CITY
    return Distance.CROSS_CITY if here.code[:2] == there.code[:2] else Distance.CROSS_PROVINCE


def city_code(division: Division) -> str:
    """Return the code of the city that a division lies in; its own if it lies in none, as under its province.

    The districts of a municipality make up one city.
    """
    superior = division.superior_code or ""
    in_a_city = division.level == DivisionLevel.COUNTY and (
        superior in MUNICIPALITIES or not superior.endswith("0000")
    )
    return superior if in_a_city else division.code


def stage_change(releasing: Stage | None, receiving: Stage | None) -> StageChange:
    """Return which change it is to go from a school of one stage to one of another."""
    return (
        StageChange.NONE if releasing == receiving else _TURNS.get((releasing, receiving), StageChange.OTHER)
    )


def find_schools(
    session: Session, words: str, on: date, *, division_code: str | None = None, stage: Stage | None = None
) -> Sequence[Office]:
    """Return at most 20 schools whose name holds `words`, those that begin with them first.

    `division_code` narrows the search to a province, a city or a county.
    """
    statement = (
        select(Office)
        .where(Office.kind == OfficeKind.SCHOOL, Office.name.icontains(words.strip(), autoescape=True))
        .where(Office.valid_on(on))
        .order_by(Office.name.istartswith(words.strip(), autoescape=True).desc(), Office.name, Office.id)
        .limit(SCHOOLS_SHOWN)
    )
    if division_code is not None:
        statement = statement.where(
            Office.division_code.between(division_code, _last_code_within(division_code))
        )
    if stage is not None:
        statement = statement.where(Office.stage == stage)
    return session.scalars(statement).all()


def _side_seats(
    session: Session, school: Office, at_school: Seat, levels: Mapping[OfficeLevel, Seat], on: date
) -> dict[str, int]:
    above = authorities(session, school, on)
    if not is_served(session, school.division_code):
        return {Seat.OUTSIDE.value: above[-1].office_id}
    filled = {levels[authority.level].value: authority.office_id for authority in above}
    return {at_school.value: school.id} | filled


def _authority_in(session: Session, division_code: str, level: OfficeLevel, on: date) -> Office:
    division = session.get(Division, division_code)
    if division is None:
        raise NoSuchDivision(code=division_code)
    bureaus = select(func.unnest(Office.path)).where(
        Office.division_code == division_code, Office.kind == OfficeKind.BUREAU, Office.valid_on(on)
    )
    statement = select(Office).where(Office.id.in_(bureaus), Office.level == level)
    authority = session.scalar(statement)
    if authority is None:
        raise NobodyRunsIt(division=division.name, level=level)
    return authority


def _check_in_effect(office: Office, on: date) -> None:
    if office.valid_from > on or (office.valid_to is not None and office.valid_to <= on):
        raise OfficeNotInEffect(
            office=office.name, day=on, begins=office.valid_from, ends=office.valid_to or "…"
        )


def _last_code_within(division_code: str) -> str:
    return division_code.removesuffix("00").removesuffix("00").ljust(6, "9")
