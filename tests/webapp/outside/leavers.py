"""Pupils of schools in Henan who go to schools of provinces that are not served there."""

from sqlalchemy.orm import Session

from models.enums import Stage, TransferReason
from tests.webapp.registry_numbers import a_registry_number
from tests.webapp.road import Road, a_road, fill_seats
from webapp import clock
from webapp.services.changes.kinds.transfer import TransferForm
from webapp.services.exchange.schools_elsewhere import SchoolElsewhere, school_elsewhere


def leaving(here: Session, stage: Stage = Stage.COMPULSORY, grade: int = 3, to: str = "510104") -> Road:
    """A pupil of a school here on the way to one of the same stage in another province, by default in Chengdu."""
    road = a_road(here, stage=stage, grade=grade, number=a_registry_number())
    road.receiving = school_elsewhere(
        here, road.guardian, SchoolElsewhere("锦江学校", to, stage), clock.today()
    )
    road.form = TransferForm(road.receiving.id, grade, TransferReason.HOUSEHOLD_MOVE)
    fill_seats(road)
    here.commit()
    return road
