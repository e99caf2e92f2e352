"""What every page stands on: languages, visitors, forms that cannot be forged, headers, the frame, error pages."""

from datetime import date

from flask import Flask
from flask_babel import get_locale
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from webapp import clock
from webapp.case_formatting import init_case_formatting
from webapp.config import Settings
from webapp.formatting import init_formatting
from webapp.i18n import LANGUAGES, init_i18n
from webapp.sheet_formatting import init_sheet_formatting
from webapp.static_files import init_static_files
from webapp.views.addresses import here
from webapp.views.errors import init_error_pages
from webapp.views.headers import init_headers
from webapp.views.once import form_tokens
from webapp.views.sign_in import bp as sign_in
from webapp.views.visitor import init_visitors


def init_base(app: Flask, settings: Settings) -> None:
    """Set up all of it. Raises AssetsAreNotBuiltError."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a form is valid as long as the sign-in
    CSRFProtect(app)
    init_i18n(app, settings.locale)
    init_formatting(app)
    init_case_formatting(app)
    init_sheet_formatting(app)
    init_static_files(app)
    init_visitors(app)
    init_headers(app)
    init_error_pages(app)
    _init_frame(app, settings)
    app.register_blueprint(sign_in)


def _init_frame(app: Flask, settings: Settings) -> None:
    def demo_day() -> date | None:
        """The day to show in the banner when it is not the world's."""
        return clock.today() if settings.demo or settings.now else None

    app.jinja_env.globals.update(LANGUAGES=LANGUAGES, demo_day=demo_day, get_locale=get_locale)
    app.jinja_env.globals.update(form_tokens=form_tokens, here=here)
