"""The administrator's tasks: years missing from the calendar, and seats that nobody holds."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from forms.calendar import CalendarYearForm
from models import Office
from models.enums import Role
from webapp.database import db
from webapp.errors import NotAllowed
from webapp.formatting import refusal_text
from webapp.policy import Person, is_administrator, may_load_calendar
from webapp.services.calendar.due_dates import missing_years
from webapp.services.calendar.files import CalendarFileWrong, read_year
from webapp.services.calendar.years import load_year, loaded_years
from webapp.services.notices.deliveries import troubles
from webapp.services.offices.addressees import Vacancy, vacancies
from webapp.views.addresses import redirected
from webapp.views.once import is_first
from webapp.views.pages import only, page
from webapp.views.visitor import current_person

bp = Blueprint("admin", __name__, url_prefix="/admin")
bp.before_request(only(is_administrator))


@bp.get("")
def admin() -> ResponseReturnValue:
    """Show what there is to do."""
    return _admin(CalendarYearForm())


@bp.post("/calendar")
def load() -> ResponseReturnValue:
    """Load the working days of a year; the due dates of open tasks follow."""
    if not may_load_calendar(current_person()):
        raise NotAllowed
    form = CalendarYearForm()
    if not form.validate():
        return _admin(form), 422
    try:
        year = read_year(form.file.data.read(), form.file.data.filename)
    except CalendarFileWrong as refusal:
        form.file.errors = [refusal_text(refusal)]
        return _admin(form), refusal.status
    if is_first():
        load_year(db.session(), year, by=current_person())
    db.session.commit()
    flash(gettext("The year is loaded, and every due date that it concerns is computed anew."), "success")
    return redirected("/admin")


def _admin(form: CalendarYearForm) -> str:
    seats = _vacancies(current_person())
    asked = db.session.scalars(select(Office).where(Office.id.in_({seat.asked.office_id for seat in seats})))
    return page(
        "admin.html",
        form=form,
        years=loaded_years(db.session()),
        missing=missing_years(db.session()),
        vacancies=seats,
        undelivered=troubles(db.session()),
        offices={office.id: office.name for office in asked},
    )


def _vacancies(person: Person) -> list[Vacancy]:
    offices = {post.office_id for post in person.posts if post.role == Role.ADMINISTRATOR}
    return [vacancy for office_id in sorted(offices) for vacancy in vacancies(db.session(), office_id)]
