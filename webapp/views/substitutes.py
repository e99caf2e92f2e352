"""Who acts for an officer who is away (代理), for whom he acts, and who does in the offices that he leads."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.substitute import SubstituteForm
from webapp.database import db
from webapp.errors import Refusal
from webapp.formatting import refusal_text
from webapp.policy import is_officer
from webapp.services.people import substitutes
from webapp.services.people.substitutes import Cover
from webapp.views.addresses import redirected
from webapp.views.once import is_first
from webapp.views.pages import only, page
from webapp.views.visitor import current_person

bp = Blueprint("substitutes", __name__, url_prefix="/account/substitutes")
bp.before_request(only(is_officer))


@bp.get("")
def mine() -> ResponseReturnValue:
    """Show who acts for whom, as far as it concerns the officer, and let him name somebody."""
    return _mine()


@bp.post("")
def name() -> ResponseReturnValue:
    """Let a colleague act in one of the officer's posts, or in one of those whom he leads."""
    form = SubstituteForm()
    if not form.validate():
        return _mine(form), 422
    try:
        if is_first():
            _name(form)
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal_text(refusal))
        return _mine(form), refusal.status
    flash(gettext("On these days the substitute sees the tasks of the post and decides them."), "success")
    return redirected(url_for(".mine"))


@bp.post("/<key:substitution_id>/end")
def end(substitution_id: int) -> ResponseReturnValue:
    """Let a substitute act no more."""
    if is_first():
        substitutes.end_substitute(db.session(), current_person(), substitution_id)
    flash(gettext("The substitute acts no more."), "success")
    return redirected(url_for(".mine"))


def _name(form: SubstituteForm) -> None:
    session, person = db.session(), current_person()
    cover = next((cover for cover in substitutes.covers(session, person) if _is_meant(cover, form)), None)
    if cover is None:
        raise substitutes.NotYourPost
    since, last = form.since.data, form.until.data
    assert since is not None, "the form demands it"
    assert last is not None, "the form demands it"
    substitutes.name_substitute(
        session,
        person,
        absent_id=cover.absent_id,
        post=cover.post,
        substitute_id=form.substitute.data or 0,
        since=since,
        last=last,
    )


def _mine(form: SubstituteForm | None = None) -> str:
    session, person = db.session(), current_person()
    tried = form or SubstituteForm()
    return page(
        "substitutes.html",
        covers=[(cover, _is_meant(cover, tried)) for cover in substitutes.covers(session, person)],
        found=[
            (made, substitutes.has_say(person, made))
            for made in substitutes.substitutions_of(session, person)
        ],
        me=person.account_id,
        form=tried,
    )


def _is_meant(cover: Cover, form: SubstituteForm) -> bool:
    return (cover.absent_id, cover.post.office_id, cover.post.role) == (
        form.absent.data,
        form.office.data,
        form.role.data,
    )
