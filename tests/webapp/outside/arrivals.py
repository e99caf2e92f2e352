"""Pupils of schools in provinces that are not served here who come to a school in Henan."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Enrolment
from models.enums import TransferReason
from tests.webapp.newcomers import a_newcomer
from tests.webapp.road import Road, fill_seats
from webapp.services.changes.kinds.transfer import TransferForm
from webapp.services.demo import makers
from webapp.services.exchange.newcomers import enter


def arriving(here: Session) -> Road:
    """A pupil of a school in Sichuan on the way to one in Song county."""
    account = makers.an_account(here, "家长")
    student = enter(here, makers.person_of(here, account), a_newcomer())
    releasing = here.scalars(select(Enrolment).where(Enrolment.student_id == student.id)).one().school
    receiving = makers.a_school(here, "410325")
    form = TransferForm(receiving.id, 4, TransferReason.HOUSEHOLD_MOVE)
    road = Road(here, student, makers.person_of(here, account), releasing, receiving, form)
    fill_seats(road)
    here.commit()
    return road
