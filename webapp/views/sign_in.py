"""Signing in, signing out, and choosing the language."""

from flask import Blueprint, flash, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from forms.sign_in import SignInForm
from webapp.database import db
from webapp.errors import Refusal
from webapp.formatting import refusal_text
from webapp.i18n import COOKIE, chosen_locale
from webapp.services.people import accounts, preferences
from webapp.views.addresses import local_path, redirected
from webapp.views.visitor import public, welcome

bp = Blueprint("sign_in", __name__)

A_YEAR = 365 * 24 * 3600


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask for login and password; whoever is signed in goes on to `next`."""
    if current_user.is_authenticated:
        return redirected(_next())
    return render_template("sign_in.html", form=SignInForm())


@bp.post("/sign-in")
@public
def check_in() -> ResponseReturnValue:
    """Sign in and go on to `next`; otherwise say why not, and keep the login that was typed."""
    form = SignInForm()
    if not form.validate():
        return render_template("sign_in.html", form=form), 422
    try:
        _sign_in(form)
    except Refusal as refusal:
        form.form_errors.append(refusal_text(refusal))
        return render_template("sign_in.html", form=form), refusal.status
    return redirected(_next())


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the sign-in in every process, and forget it in this browser."""
    if current_user.is_authenticated:
        accounts.sign_out(db.session(), current_user.token)
        db.session.commit()
    session.clear()
    flash(gettext("You are signed out."), "success")
    return redirected("/sign-in")


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    """Use another language from now on, in this browser and for the account that is signed in."""
    locale = chosen_locale(request.form.get("locale"))
    answer = redirected(_next())
    if locale is None:
        return answer
    if current_user.is_authenticated:
        preferences.choose_locale(db.session(), current_user.person.account_id, locale)
        db.session.commit()
    answer.set_cookie(COOKIE, locale, A_YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
    return answer


def _sign_in(form: SignInForm) -> None:
    login, password = form.login.data or "", form.password.data or ""
    welcome(accounts.sign_in(db.session(), login, password, address=request.remote_addr or "::"))


def _next() -> str:
    return local_path(request.values.get("next"))
