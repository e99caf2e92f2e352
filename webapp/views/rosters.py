"""Lists of new students (新生花名册): read from a spreadsheet, sent, and followed through the offices."""

from datetime import date

from flask import Blueprint, Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.choices import SelectChoice
from forms.roster import RosterForm
from models import Office
from models.enums import OfficeKind, Role, Stage
from webapp import clock
from webapp.database import db
from webapp.errors import NotAllowed, Refusal
from webapp.formatting import grade_text, refusal_text
from webapp.policy import Person, holds, is_officer
from webapp.services.changes.facts import COMPULSORY_STARTING_GRADES
from webapp.services.rosters import following, listing, sending
from webapp.services.rosters.rows import COLUMNS, NEEDED
from webapp.services.rosters.spreadsheets import empty_sheet, read_rows
from webapp.views.addresses import redirected
from webapp.views.once import is_first
from webapp.views.pages import only, page, status_of
from webapp.views.visitor import current_person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bp = Blueprint("rosters", __name__, url_prefix="/rosters")
bp.before_request(only(is_officer))


@bp.route("", methods=["GET", "POST"])
def rosters() -> ResponseReturnValue:
    """Show the school's lists, and take in a new one."""
    _require_registrar(current_person())
    form = _form(current_person())
    wrong: Refusal | None = None
    if form.validate_on_submit():
        try:
            return redirected(url_for(".roster", roster_id=_listed(form)))
        except Refusal as refusal:
            db.session.rollback()
            form.form_errors.append(refusal_text(refusal))
            wrong = refusal
    rows = wrong.rows if isinstance(wrong, listing.RowsWrong) else ()
    found = following.rosters_of(db.session(), current_person())
    shown = page("rosters.html", form=form, found=found, wrong=rows)
    return shown, wrong.status if wrong else status_of(form)


@bp.get("/empty.xlsx")
def empty() -> ResponseReturnValue:
    """Give an empty list to fill in."""
    name = {"Content-Disposition": 'attachment; filename="roster.xlsx"'}
    return Response(empty_sheet(COLUMNS), mimetype=XLSX, headers=name)


@bp.get("/<key:roster_id>")
def roster(roster_id: int) -> ResponseReturnValue:
    """Show a list, who of it is how far, and what of it waits for the visitor."""
    view = following.roster_for(db.session(), current_person(), roster_id)
    return page("roster.html", view=view, roster=view.roster)


@bp.post("/<key:roster_id>/send")
def send(roster_id: int) -> ResponseReturnValue:
    """Submit an application for each student of a list that has none."""
    if is_first():
        sending.send(db.session(), current_person(), roster_id)
    flash(gettext("The list is sent. An application is being submitted for each student."), "success")
    return redirected(url_for(".roster", roster_id=roster_id))


@bp.post("/<key:roster_id>/discard")
def discard(roster_id: int) -> ResponseReturnValue:
    """Discard a list that was made by mistake."""
    sending.discard(db.session(), current_person(), roster_id)
    flash(gettext("The list is discarded, and nobody on it is admitted by it any more."), "success")
    return redirected(url_for(".roster", roster_id=roster_id))


def _require_registrar(person: Person) -> None:
    if not holds(person, Role.REGISTRAR):
        raise NotAllowed


def _listed(form: RosterForm) -> int:
    """List whom the file holds, and return the list; sent twice, it is listed once."""
    session, person = db.session(), current_person()
    if not is_first():
        return following.rosters_of(session, person)[0].id
    entered_on = form.entered_on.data
    assert entered_on is not None, "it is required"
    school = session.get_one(Office, form.school_id.data)
    rows = read_rows(form.file.data.read(), NEEDED)
    made = listing.list_new_students(session, person, school, entered_on, rows, grade=form.grade.data)
    return made.id


def _form(person: Person) -> RosterForm:
    today = clock.today()
    form = RosterForm(data={"entered_on": date(today.year, 9, 1)})
    posts = [post for post in person.posts if post.role == Role.REGISTRAR and post.kind == OfficeKind.SCHOOL]
    form.school_id.choices = [SelectChoice(str(post.office_id), post.office) for post in posts]
    stages = {db.session.get_one(Office, post.office_id).stage for post in posts}
    grades = COMPULSORY_STARTING_GRADES if Stage.COMPULSORY in stages else (1,)
    stage = Stage.COMPULSORY if Stage.COMPULSORY in stages else next(iter(stages), Stage.VOCATIONAL)
    assert stage is not None, "they are schools"
    form.grade.choices = [SelectChoice(str(grade), grade_text(grade, stage)) for grade in grades]
    return form
