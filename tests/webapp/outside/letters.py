"""Letters by which another province asks for a pupil, and who takes them down."""

from dataclasses import replace

from sqlalchemy import func, select

from models import ChangeRequest
from models.enums import Role, TransferReason
from tests.webapp.road import Road
from webapp import clock
from webapp.policy import Person
from webapp.services.demo import makers
from webapp.services.exchange.letters import Letter
from webapp.services.exchange.outside import Evidence

REFERENCE = "川教函〔2025〕31号"


def a_letter(road: Road, **changes: object) -> Letter:
    """Sichuan asks for the pupil of a road."""
    letter = Letter(
        number=road.student.registry_number or "",
        name=road.student.name,
        school=road.receiving.name,
        division_code=road.receiving.division_code,
        grade=road.form.grade,
        reason=TransferReason.HOUSEHOLD_MOVE,
        evidence=Evidence("成都市锦江区教育局 王老师", clock.now(), REFERENCE),
    )
    return replace(letter, **changes)


def numbered(reference: str) -> Evidence:
    return Evidence("成都市锦江区教育局 王老师", clock.now(), reference)


def cases_of(road: Road) -> int:
    road.session.rollback()
    mine = select(func.count()).where(ChangeRequest.student_id == road.student.id)
    return road.session.scalars(mine).one()


def registrar_of(road: Road) -> Person:
    return road.officers.get((road.releasing.id, Role.REGISTRAR)) or makers.an_officer(
        road.session, road.releasing, Role.REGISTRAR
    )
