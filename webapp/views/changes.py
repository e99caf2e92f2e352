"""Applying for a change of any kind, a few fields at a time: details, papers, check and submit.

A transfer asks for a school first, and has its details in `transfers`.
"""

from collections.abc import Callable

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.changes import DETAILS
from forms.changes.fields import ExceptionForm
from forms.transfer import UploadForm
from models import ChangeRequest, Enrolment
from models.enums import ChangeKind, Role
from webapp import clock
from webapp.database import db
from webapp.errors import FormIncomplete, NotYourChild
from webapp.policy import holds_at, may_apply
from webapp.services.cases import applications, drafts
from webapp.services.cases.families import record_for
from webapp.services.cases.previews import given_papers, papers_for, preview_of
from webapp.services.changes.eligibility import NotEligible
from webapp.services.changes.offers import may_begin
from webapp.services.changes.planning import KINDS, filled_in, reasons_for
from webapp.services.registry.identities import cipher_of
from webapp.views.addresses import beginning, redirected
from webapp.views.details import answers, kept, offer, suggest
from webapp.views.once import is_first
from webapp.views.pages import page, status_of
from webapp.views.papers import WHY_ASKED, receive
from webapp.views.visitor import current_person

bp = Blueprint("changes", __name__, url_prefix="/children/<key:student_id>/<kind:kind>")


@bp.route("", methods=["GET", "POST"])
def details(student_id: int, kind: ChangeKind) -> ResponseReturnValue:
    """Ask for what an application of this kind says; keep the draft."""
    if kind not in DETAILS:
        abort(404)
    record, draft = _record(student_id), _draft(student_id, kind)
    _require_family_or_school(record)
    _require_may_begin(record, kind)
    usual = KINDS[kind].prefilled(db.session(), record, clock.today())
    said = KINDS[kind].form.of_case(draft).opened(cipher_of(db.session())) if draft else {}
    form = DETAILS[kind](data=usual | said)
    offer(form, record, _may_be(record, kind))
    suggest(form, request.args.get("reason"))
    wish = answers(form) | {"exception": said.get("exception", "")}
    if form.validate_on_submit() and kept(form, student_id, filled_in(db.session(), kind, wish)):
        return redirected(url_for(".papers", student_id=student_id, kind=kind))
    return page("change/details.html", record=record, kind=kind, form=form), status_of(form)


@bp.route("/papers", methods=["GET", "POST"])
def papers(student_id: int, kind: ChangeKind) -> ResponseReturnValue:
    """Take the papers of the closed list, one at a time."""
    record, draft = _record(student_id), _draft(student_id, kind)
    if draft is None:
        return redirected(beginning(kind, student_id))
    form = UploadForm()
    refused = receive(form, draft.id) if form.is_submitted() else None
    if form.is_submitted() and refused is None:
        return redirected(url_for(".papers", student_id=student_id, kind=kind))
    facts = {"wanted": papers_for(db.session(), draft), "given": given_papers(db.session(), draft)}
    shown = page("change/papers.html", record=record, draft=draft, form=form, why=WHY_ASKED, **facts)
    return shown, refused or 200


@bp.get("/check")
def check(student_id: int, kind: ChangeKind) -> ResponseReturnValue:
    """Show all that would stop the application, and the whole way it would take."""
    record, draft = _record(student_id), _draft(student_id, kind)
    if draft is None:
        return redirected(beginning(kind, student_id))
    return _check_page(record, draft)


@bp.post("/exception")
def exception(student_id: int, kind: ChangeKind) -> ResponseReturnValue:
    """Keep why a rule that allows exceptions is not to stand against the draft."""
    _require_family_or_school(_record(student_id))
    draft, form = _draft(student_id, kind), ExceptionForm()
    if draft is not None and form.validate():
        applications.state_exception(db.session(), current_person(), draft, form.exception.data or "")
    return redirected(url_for(".check", student_id=student_id, kind=kind))


@bp.post("/submit/<key:draft_id>")
def submit(student_id: int, kind: ChangeKind, draft_id: int) -> ResponseReturnValue:
    """Submit the draft; sent twice, it is submitted once."""
    try:
        case = applications.submit(db.session(), current_person(), draft_id)
    except (NotEligible, FormIncomplete):
        db.session.rollback()
        draft = db.session.get_one(ChangeRequest, draft_id)
        return _check_page(_record(draft.student_id), draft), 422
    flash(gettext("Your application is submitted. Its number is %(number)s.", number=case.number), "success")
    return redirected(url_for("cases.case", case_id=case.id))


@bp.post("/discard/<key:draft_id>")
def discard(student_id: int, kind: ChangeKind, draft_id: int) -> ResponseReturnValue:
    """Throw the draft away."""
    if is_first():
        drafts.discard(db.session(), current_person(), draft_id)
    flash(gettext("The draft is discarded."), "success")
    return redirected("/")


def _check_page(record: Enrolment, draft: ChangeRequest) -> str:
    asked = ExceptionForm(formdata=None, data={"exception": draft.form.get("exception", "")})
    return page("change/check.html", record=record, preview=preview_of(db.session(), draft), exception=asked)


def _record(student_id: int) -> Enrolment:
    return record_for(db.session(), current_person(), student_id)


def _draft(student_id: int, kind: ChangeKind) -> ChangeRequest | None:
    return applications.draft_of(db.session(), current_person(), student_id, kind)


def _require_family_or_school(record: Enrolment) -> None:
    """Raise NotYourChild to a school that the student does not attend: it may ask for him, and see nothing besides."""
    person = current_person()
    if not (may_apply(person, record.student_id) or holds_at(person, record.school_id, Role.REGISTRAR)):
        raise NotYourChild


def _require_may_begin(record: Enrolment, kind: ChangeKind) -> None:
    """Raise SchoolBegins to a family of what the school alone begins."""
    by_school = not may_apply(current_person(), record.student_id)
    if not may_begin(db.session(), kind, by_school=by_school):
        raise applications.SchoolBegins(school=record.school.name)


def _may_be(record: Enrolment, kind: ChangeKind) -> Callable[[str | None], bool]:
    """Return which reasons the visitor may give: as the family, or as the school."""
    by_school = not may_apply(current_person(), record.student_id)
    return reasons_for(db.session(), kind, by_school=by_school)
