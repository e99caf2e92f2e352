"""A case as its people follow it: where it stands, what happened, what is to be mended, taking it back."""

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.base import PostedForm
from forms.decision import CommentForm, CopyForm, StopForm
from forms.transfer import UploadForm, WithdrawForm
from models import ChangeRequest
from webapp.database import db
from webapp.errors import FormIncomplete, WrongInitiator
from webapp.formatting import refusal_text, said
from webapp.policy import acts_for_applicant, deciding_post_on
from webapp.services.cases import comments, copies, corrections, fields, stopping, urging
from webapp.services.cases.agreements import is_bound
from webapp.services.cases.applications import BeginsElsewhere
from webapp.services.cases.copies import NoSuchReader
from webapp.services.cases.openings import AnotherProcess
from webapp.services.cases.previews import given_papers
from webapp.services.cases.sheets import sheet_for
from webapp.services.cases.views import CaseView, case_for
from webapp.services.changes.eligibility import FailedRule, NotEligible
from webapp.services.changes.validation_codes import meanings
from webapp.services.exchange.departures import is_school_questioned
from webapp.services.offices.tree import is_served
from webapp.views.addresses import redirected
from webapp.views.copies import copying_facts
from webapp.views.once import is_first
from webapp.views.pages import drawings_of, only, page, takes_part
from webapp.views.papers import WHY_ASKED, receive
from webapp.views.visitor import current_person

FORMS: Mapping[str, Callable[[], PostedForm]] = {
    "upload": UploadForm,
    "withdrawal": WithdrawForm,
    "stop": StopForm,
    "comment": CommentForm,
}

bp = Blueprint("cases", __name__, url_prefix="/cases/<key:case_id>")
bp.before_request(only(takes_part))


@bp.get("")
def case(case_id: int) -> ResponseReturnValue:
    """Show a case to its family and to the offices that have a part in it."""
    return _case(case_id)


@bp.get("/sheet")
def sheet(case_id: int) -> ResponseReturnValue:
    """Show the case as a sheet to be signed and filed (学籍异动审批表)."""
    return page("sheet.html", sheet=sheet_for(db.session(), current_person(), case_id))


@bp.post("/papers")
def mend(case_id: int) -> ResponseReturnValue:
    """Take a paper that the case was returned for."""
    form = UploadForm()
    refused = receive(form, case_id)
    return (_case(case_id, upload=form), refused) if refused else _back(case_id)


@bp.post("/resubmit")
def resubmit(case_id: int) -> ResponseReturnValue:
    """Hand a returned case in again."""
    try:
        began_anew = corrections.resubmit(db.session(), current_person(), case_id)
    except FormIncomplete as refusal:
        db.session.rollback()
        flash(
            gettext("First hand in what is missing: %(what)s", what=said(refusal.facts["missing"])), "error"
        )
        return _case(case_id), refusal.status
    except (AnotherProcess, BeginsElsewhere, WrongInitiator) as refusal:
        db.session.rollback()
        flash(refusal_text(refusal), "error")
        return _case(case_id), refusal.status
    except NotEligible as refusal:
        db.session.rollback()
        flash(gettext("It cannot be submitted again: see which rules stand against it."), "error")
        return _case(case_id, failed=refusal.failed), refusal.status
    if began_anew:
        flash(gettext("Submitted again. All offices look at it anew, from the first step on."), "success")
    else:
        flash(gettext("Submitted again. It goes on where it was returned."), "success")
    return _back(case_id)


@bp.post("/withdraw")
def withdraw(case_id: int) -> ResponseReturnValue:
    """Take the application back, once confirmed."""
    form = WithdrawForm()
    if not form.validate():
        return _case(case_id, withdrawal=form), 422
    if is_first():
        corrections.withdraw(db.session(), current_person(), case_id)
    flash(gettext("The application is withdrawn. The record stays as it was."), "success")
    return _back(case_id)


@bp.post("/urge")
def urge(case_id: int) -> ResponseReturnValue:
    """Remind the offices that the case waits for."""
    if is_first():
        urging.urge(db.session(), current_person(), case_id)
    flash(gettext("The office is reminded."), "success")
    return _back(case_id)


@bp.post("/comments")
def comment(case_id: int) -> ResponseReturnValue:
    """Write to the other officers of the case."""
    form = CommentForm()
    if not form.validate():
        return _case(case_id, comment=form), 422
    if is_first():
        comments.comment(db.session(), current_person(), case_id, form.text.data or "")
    return _back(case_id)


@bp.post("/copies")
def copy(case_id: int) -> ResponseReturnValue:
    """Send the case to other officers for information; then back to the page it was sent from."""
    form = CopyForm()
    if not form.validate():
        return _case(case_id, copying=form), 422
    try:
        if is_first():
            to, word = form.to.data or (), form.word.data or ""
            copies.send(db.session(), current_person(), case_id, to=to, word=word)
    except NoSuchReader as refusal:
        db.session.rollback()
        form.to.errors = [refusal_text(refusal)]
        return _case(case_id, copying=form), refusal.status
    flash(gettext("Copied. Whom you chose are told."), "success")
    return redirected(url_for("tasks.task", task_id=form.task.data)) if form.task.data else _back(case_id)


@bp.post("/copies/read")
def acknowledge(case_id: int) -> ResponseReturnValue:
    """Say that one has read the copy; then on to the next one."""
    copies.acknowledge(db.session(), current_person(), case_id)
    flash(gettext("Noted that you have read it."), "success")
    return redirected(url_for("inbox.copies"))


@bp.post("/revoke")
def revoke(case_id: int) -> ResponseReturnValue:
    """Revoke a case at the school where it began."""
    return _stopped(case_id, stopping.revoke, gettext("The case is revoked. The record stays as it was."))


@bp.post("/terminate")
def terminate(case_id: int) -> ResponseReturnValue:
    """End a case that is under way, for the authority."""
    return _stopped(case_id, stopping.terminate, gettext("The case is ended. The record stays as it was."))


def _stopped(case_id: int, stop: Callable[..., None], done: str) -> ResponseReturnValue:
    form = StopForm()
    if not form.validate():
        return _case(case_id, stop=form), 422
    if is_first():
        stop(db.session(), current_person(), case_id, reason=form.reason.data or "")
    flash(done, "success")
    return _back(case_id)


def _case(case_id: int, failed: Sequence[FailedRule] = (), **tried: PostedForm) -> str:
    """Show a case; a form that was `tried` is shown as it was filled in."""
    person = current_person()
    view = case_for(db.session(), person, case_id)
    is_family = acts_for_applicant(person, view.case)
    return page(
        "case.html",
        view=view,
        is_family=is_family,
        given=given_papers(db.session(), view.case),
        diagrams=drawings_of(view),
        may_withdraw=is_family and corrections.may_be_withdrawn(db.session(), view.case),
        is_bound=is_family and is_bound(db.session(), view.case.id),
        may_revoke=stopping.may_revoke(db.session(), person, view.case),
        may_terminate=stopping.may_terminate(db.session(), person, view.case),
        may_urge=urging.may_urge(person, view.case),
        urge_again_at=urging.may_urge_again_at(view.case, by_applicant=True) if is_family else None,
        may_comment=deciding_post_on(person, view.case) is not None,
        why=WHY_ASKED,
        failed=failed,
        repair=_repair(view.case),
        **_corrections(view),
        codes=meanings(view.definition, view.wanted.codes) if view.wanted else (),
        **copying_facts(person, view, tried.pop("copying", None)),
        **{name: tried.get(name) or form() for name, form in FORMS.items()},
    )


def _corrections(view: CaseView) -> dict[str, object]:
    """What was filled in anew so far, what comes of it, and which papers it needs besides."""
    wanted = view.wanted
    if wanted is None or not wanted.fields:
        return {"more_papers": []}
    return {
        "more_papers": fields.more_papers(db.session(), view.case, wanted),
        "anew_text": fields.texts_of(db.session(), view.case, wanted),
        "begins_anew": fields.begins_anew(view.case, wanted),
    }


def _repair(case: ChangeRequest) -> str | None:
    """Where data of another province are corrected: of its child, or the name of its school."""
    if not is_served(db.session(), case.from_school.division_code):
        return "newcomers.pupil"
    if is_school_questioned(db.session(), case.id):
        return "departures.name"
    return None


def _back(case_id: int) -> ResponseReturnValue:
    return redirected(url_for(".case", case_id=case_id))
