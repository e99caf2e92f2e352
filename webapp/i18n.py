"""Two languages: message ids are English sentences, zh_Hans_CN (简体中文) is the complete translation.

The catalogue is read from its .po file at start, so there is nothing to compile and nothing to be stale.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, force_locale, get_locale
from flask_login import current_user
from jinja2 import StrictUndefined

LANGUAGES = {"zh_Hans_CN": "中文", "en": "English"}
COOKIE = "language"
CATALOGUES = Path(__file__).parent / "translations"


class _Catalogue(Domain):  # type: ignore[misc]
    def get_translations(self) -> NullTranslations:
        return _translations(str(get_locale()))


@cache
def _translations(locale: str) -> NullTranslations:
    source = CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
    if not source.exists():  # English is in the code, and outside the application there is no language
        return NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as po:
        write_mo(compiled, read_po(po, locale))
    compiled.seek(0)
    return Translations(compiled)


def init_i18n(app: Flask, default_locale: str) -> None:
    """Speak to each visitor in the language that `select_locale` finds, otherwise in `default_locale`."""
    babel = Babel(
        app,
        default_locale=default_locale,
        default_timezone="Asia/Shanghai",
        locale_selector=select_locale,
    )
    babel.domain_instance = _Catalogue()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Let what is said in the block be in a language, though nobody asks for a page."""
    with _voice().app_context(), force_locale(locale):
        yield


@cache
def _voice() -> Flask:
    app = Flask("webapp", static_folder=None)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    init_i18n(app, next(iter(LANGUAGES)))
    return app


def select_locale() -> str | None:
    """Return what the account chose, else this browser's cookie, else what the browser asks for; else None."""
    if not has_request_context():
        return None
    return chosen_locale(getattr(current_user, "locale", None)) or locale_of_browser()


def locale_of_browser() -> str | None:
    """Return the language chosen or asked for by the browser, without looking at the account."""
    asked = request.accept_languages.best_match(["zh", "en"]) or ""
    return chosen_locale(request.cookies.get(COOKIE)) or {"zh": "zh_Hans_CN", "en": "en"}.get(asked)


def chosen_locale(locale: str | None) -> str | None:
    """Return `locale` if it is one of ours."""
    return locale if locale in LANGUAGES else None
