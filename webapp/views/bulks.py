"""Approving together (批量审批): the ticked tasks side by side, one opinion, and what became of each."""

from collections.abc import Mapping

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from forms.bulk import BulkForm, as_tick
from webapp.database import db
from webapp.formatting import refusal_text
from webapp.policy import is_officer, may_undo_bulk
from webapp.services.cases import bulk_lists, bulks
from webapp.services.cases.bulks import NothingFits, TooLateToUndo
from webapp.services.cases.weighing import TooManyTogether, weigh, whole_step
from webapp.views.addresses import redirected
from webapp.views.once import is_first
from webapp.views.pages import only, page
from webapp.views.visitor import current_person

bp = Blueprint("bulks", __name__, url_prefix="/bulks")
bp.before_request(only(is_officer))


@bp.get("")
def recent() -> ResponseReturnValue:
    """Show what was lately approved together in the officer's offices."""
    return page("bulks.html", found=bulk_lists.bulks_of_office(db.session(), current_person()))


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Show the ticked tasks, or all of the step of one; what each would change and what speaks against it."""
    try:
        like, ticked = (dict(map(as_tick, request.args.getlist(name))) for name in ("like", "task"))
    except ValueError:
        like = ticked = {}
    if like:
        ticked = whole_step(db.session(), current_person(), next(iter(like)))
    return _weighed(ticked) if ticked else _nothing_ticked()


@bp.errorhandler(TooManyTogether)
def too_many(refusal: TooManyTogether) -> ResponseReturnValue:
    """Lead back to the list, on which fewer can be ticked."""
    db.session.rollback()
    flash(refusal_text(refusal), "warning")
    return redirected(url_for("inbox.todo"))


@bp.post("")
def send() -> ResponseReturnValue:
    """Approve them in half a minute."""
    form = BulkForm()
    ticked = dict(form.task.data or ())
    if not ticked:
        return _nothing_ticked()
    if not form.validate():
        return _weighed(ticked, form), 422
    try:
        bulk_id = _sent(ticked, form.opinion.data or "")
    except NothingFits as refusal:
        db.session.rollback()
        form.form_errors.append(refusal_text(refusal))
        return _weighed(ticked, form), refusal.status
    return redirected(url_for(".bulk", bulk_id=bulk_id))


@bp.get("/<key:bulk_id>")
def bulk(bulk_id: int) -> ResponseReturnValue:
    """Show what becomes of each task, and how long it can still be undone."""
    view = bulk_lists.bulk_for(db.session(), current_person(), bulk_id)
    return page("bulk.html", view=view, bulk=view.bulk, may_undo=may_undo_bulk(current_person(), view.bulk))


@bp.post("/<key:bulk_id>/undo")
def undo(bulk_id: int) -> ResponseReturnValue:
    """Undo it while it is not carried out."""
    try:
        bulks.undo(db.session(), current_person(), bulk_id)
    except TooLateToUndo as refusal:
        db.session.rollback()
        flash(refusal_text(refusal), "warning")
    else:
        flash(gettext("Undone. Nothing was decided, and the tasks are as they were."), "success")
    return redirected(url_for(".bulk", bulk_id=bulk_id))


def _sent(ticked: Mapping[int, int], opinion: str) -> int:
    if not is_first():
        return bulk_lists.last_with(db.session(), current_person(), ticked)
    return bulks.approve_together(db.session(), current_person(), ticked, opinion=opinion).id


def _nothing_ticked() -> ResponseReturnValue:
    flash(gettext("Tick the tasks to approve together."), "warning")
    return redirected(url_for("inbox.todo"))


def _weighed(ticked: Mapping[int, int], form: BulkForm | None = None) -> str:
    weighed = weigh(db.session(), current_person(), ticked)
    if gone := len(ticked) - len(weighed):
        flash(
            ngettext("%(num)d task is no longer with you.", "%(num)d tasks are no longer with you.", gone),
            "info",
        )
    seconds = int(bulks.UNDO_WITHIN.total_seconds())
    return page("bulk_new.html", weighed=weighed, seconds=seconds, form=form or BulkForm(formdata=None))
