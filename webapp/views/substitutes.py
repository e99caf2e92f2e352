"""Who acts for an officer who is away (代理), and for whom he acts."""

from datetime import timedelta

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.substitute import SubstituteForm
from webapp.database import db
from webapp.errors import Refusal
from webapp.formatting import refusal_text
from webapp.policy import is_officer
from webapp.services.people import substitutes
from webapp.views.addresses import redirected
from webapp.views.once import is_first
from webapp.views.pages import only, page
from webapp.views.visitor import current_person

bp = Blueprint("substitutes", __name__, url_prefix="/account/substitutes")
bp.before_request(only(is_officer))


@bp.get("")
def mine() -> ResponseReturnValue:
    """Show who acts for the officer and for whom he acts, and let him name somebody."""
    return _mine()


@bp.post("")
def name() -> ResponseReturnValue:
    """Let a colleague act in one of the officer's posts."""
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
    flash(gettext("Your colleague sees your tasks on these days and decides them in your place."), "success")
    return redirected(url_for(".mine"))


@bp.post("/<key:substitution_id>/end")
def end(substitution_id: int) -> ResponseReturnValue:
    """Let a substitute act no more."""
    if is_first():
        substitutes.end_substitute(db.session(), current_person(), substitution_id)
    flash(gettext("The substitute acts no more."), "success")
    return redirected(url_for(".mine"))


def _name(form: SubstituteForm) -> None:
    person = current_person()
    post = next(
        (
            post
            for post in substitutes.own_posts(person)
            if (post.office_id, post.role) == (form.office.data, form.role.data)
        ),
        None,
    )
    if post is None:
        raise substitutes.NotYourPost
    since, until = form.since.data, form.until.data
    assert since is not None, "the form demands it"
    assert until is not None, "the form demands it"
    substitutes.name_substitute(
        db.session(),
        person,
        absent_id=person.account_id,
        post=post,
        substitute_id=form.substitute.data or 0,
        since=since,
        until=until + timedelta(days=1),
    )


def _mine(form: SubstituteForm | None = None) -> str:
    session, person = db.session(), current_person()
    posts = [
        (post, substitutes.colleagues(session, post.office_id, person.account_id))
        for post in substitutes.own_posts(person)
    ]
    found = substitutes.substitutions_of(session, person)
    return page(
        "substitutes.html", posts=posts, found=found, me=person.account_id, form=form or SubstituteForm()
    )
