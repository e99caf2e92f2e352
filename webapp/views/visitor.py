"""Who is at the browser: Flask-Login over the sign-ins of `models.people`. A page is for the signed-in by default."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from flask import Flask, current_app, flash, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import LoginManager, current_user, login_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.database import db
from webapp.policy import Person
from webapp.services.people import accounts
from webapp.views.addresses import here, redirected

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person as Flask-Login wants it; the cookie holds the token of the sign-in as its id."""

    person: Person
    token: str
    is_authenticated: ClassVar = True
    is_active: ClassVar = True
    is_anonymous: ClassVar = False

    @property
    def locale(self) -> str | None:
        """The language that the account chose."""
        return self.person.locale

    def get_id(self) -> str:
        """Return what the session cookie remembers."""
        return self.token


class _Sessions(SecureCookieSessionInterface):
    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def init_visitors(app: Flask) -> None:
    """Know who is signed in, and ask everybody else to sign in before any view that is not `public`."""
    app.session_interface = _Sessions()
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None  # the token is what counts
    manager.user_loader(_visitor)
    manager.unauthorized_handler(ask_to_sign_in)
    app.before_request(_refuse_strangers)
    # Looked up only where a page shows it, so that the page of an error needs no database.
    app.jinja_env.globals["current_user"] = current_user


def public(view: View) -> View:
    """Mark a view that strangers may see."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def current_person() -> Person:
    """Return who is signed in, within any view that is not public."""
    person: Person = current_user.person
    return person


def welcome(token: str) -> None:
    """Let the browser keep the token. Whatever it kept before, its form token too, is gone."""
    session.clear()
    visitor = _visitor(token)
    if visitor is not None:
        login_user(visitor)


def ask_to_sign_in() -> Response:
    """Send to the sign-in page and from there back; say so if a sign-in has ended."""
    if session.pop("_user_id", None):
        flash(_ended(), "warning")
    return redirected(url_for("sign_in.sign_in", next=here()))


def _ended() -> str:
    if request.method in SAFE_METHODS:
        return str(gettext("Your sign-in has ended. Sign in again to go on where you were."))
    return str(gettext("Your sign-in had ended, so what you sent was not taken. Sign in and send it again."))


def _visitor(token: str) -> Visitor | None:
    person = accounts.account_of(db.session(), token, clock.now())
    return Visitor(person, token) if person else None


def _refuse_strangers() -> ResponseReturnValue | None:
    view: Any = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, "is_public", False) or current_user.is_authenticated:
        return None
    return ask_to_sign_in()
