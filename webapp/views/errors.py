"""When it cannot be done: one page per kind of trouble that says what happened and what to do next."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_babel
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError
from psycopg import OperationalError as LostConnection
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable
from werkzeug.wrappers import Response

from webapp.database import cause_of, db, is_in_the_way
from webapp.errors import Refusal
from webapp.formatting import refusal_text
from webapp.i18n import locale_of_browser
from webapp.views.addresses import here

PAUSE = 2  # seconds after which to ask again for a database that is away


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened, and what the person can do now."""

    title: LazyString
    advice: LazyString


TROUBLES: Mapping[int, Trouble] = {
    400: Trouble(
        _("What was sent could not be understood"),
        _("Go back, load the page again and send it once more. Nothing was changed."),
    ),
    403: Trouble(
        _("This page is not for your office and role"),
        _("If it should be, ask your office's lead to check your role."),
    ),
    404: Trouble(
        _("There is nothing at this address"),
        _("Perhaps the address is incomplete. Open the student or the case from your list."),
    ),
    405: Trouble(
        _("This address does not do that"),
        _("Go back and use the button on the page. Nothing was changed."),
    ),
    409: Trouble(
        _("Somebody was faster"),
        _("The case changed in the meantime. Open it again to see how it stands now."),
    ),
    410: Trouble(
        _("This is no longer here"),
        _("It was withdrawn or replaced. Open the student or the case from your list."),
    ),
    413: Trouble(
        _("What you sent is too large"),
        _(
            "Photograph the paper again with less detail, or send the papers one at a time. Nothing was changed."
        ),
    ),
    429: Trouble(
        _("Too many attempts"),
        _("Wait a few minutes, then try again."),
    ),
    503: Trouble(
        _("Too much is going on here just now"),
        _("What you sent had to wait too long, and nothing was changed. Try again in a moment."),
    ),
    500: Trouble(
        _("Something went wrong here"),
        _("It is not your fault. Before you try again, look at your list: perhaps it was done after all."),
    ),
}

FORGED_FORM = Trouble(
    _("This form is no longer valid"),
    _(
        "It was open too long, or you signed in anew since. Go back, load the page again and send it once more. "
        "Nothing was changed."
    ),
)

AWAY = Trouble(
    _("The registry cannot be reached just now"),
    _(
        "Try again in a moment. What you sent may have been done already: send the same page again, and it is not done "
        "twice."
    ),
)


def init_error_pages(app: Flask) -> None:
    """Answer refusals and errors with pages in the words of the domain."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(OperationalError, _busy_or_away)
    app.register_error_handler(LostConnection, _busy_or_away)
    app.register_error_handler(HTTPException, _failed)
    app.register_error_handler(InternalServerError, _broken)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    page = _page("errors/refusal.html", message=refusal_text(refusal), status=refusal.status)
    return page, refusal.status


def _forged(error: CSRFError) -> Response:
    return _answer(error, FORGED_FORM)


def _busy_or_away(error: OperationalError | LostConnection) -> Response:
    """Somebody else went first for too long; or the database ended, is starting, or lacks what it needs to go on."""
    if is_in_the_way(error):
        db.session.rollback()  # for the page of trouble may ask who it is
        return _answer(ServiceUnavailable(), TROUBLES[503])
    db.session().invalidate()  # to roll back, it would need the connection
    away = "The database is away: %s %s: %s"
    current_app.logger.error(away, request.method, request.path, cause_of(error))
    return _answer_alone(ServiceUnavailable(retry_after=PAUSE), AWAY, "errors/away.html")


def _failed(error: HTTPException) -> Response:
    code = error.code or InternalServerError.code
    return _answer(error, TROUBLES.get(code) or TROUBLES[400 if code < InternalServerError.code else 500])


def _broken(error: InternalServerError) -> Response:
    reference = secrets.token_hex(4)
    current_app.logger.error("reference %s: %s %s", reference, request.method, request.path)
    return _answer_alone(error, TROUBLES[500], "errors/broken.html", reference=reference)


def _answer_alone(error: HTTPException, trouble: Trouble, template: str, **facts: str) -> Response:
    """Answer without asking for the account or for its language: whatever broke may break again."""
    with force_locale(locale_of_browser() or get_babel().default_locale):
        return _answer(error, trouble, template, **facts)


def _answer(
    error: HTTPException, trouble: Trouble, template: str = "errors/trouble.html", **facts: str
) -> Response:
    # The error's own answer keeps its headers, such as which methods are allowed.
    answer = error.get_response()
    answer.set_data(_page(template, trouble=trouble, status=error.code, **facts))
    answer.content_type = "text/html; charset=utf-8"
    return answer


def _page(template: str, **facts: object) -> str:
    # A part of a page that htmx asked for gets the words without the frame.
    frame = "part.html" if "HX-Request" in request.headers else "base.html"
    back = None if request.method in ("GET", "HEAD") else here()
    return render_template(template, frame=frame, back=back, **facts)
