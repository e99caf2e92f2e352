"""The pages over a seeded database, and people at their browsers."""

import hashlib
import html
import itertools
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models import SignIn, Task
from tests.webapp.kept_plans import keep_plans
from webapp import clock
from webapp.app import create_app
from webapp.config import Settings
from webapp.database import db, session_at
from webapp.policy import Person
from webapp.services.context import settings_of

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TAG = re.compile(r"<(script|style|svg|head).*?</\1>|<[^>]+>", re.DOTALL)
KEYS = ("secret_key", "audit_key", "identity_key", "index_key")
A_DAY = timedelta(days=1)

_sign_ins = itertools.count(1)
_kept: list[tuple[Settings, Flask]] = []


class Visitor:
    """Somebody at a browser, in English unless said otherwise; every form carries its token."""

    def __init__(self, client: FlaskClient, language: str = "en") -> None:
        self.client = client
        self.client.set_cookie("language", language)

    def get(self, path: str, **how: object) -> TestResponse:
        return self.client.get(path, **how)

    def post(self, path: str, **data: object) -> TestResponse:
        answer = self.client.post(
            path, data={"csrf_token": self.token(), "once": secrets.token_hex(), **data}
        )
        answer.request.environ["wsgi.input"].close()  # a temporary file, if what was sent is large
        return answer

    def decides(self, task: Task, version: int, **given: object) -> TestResponse:
        return self.post(f"/tasks/{task.id}/decide", **{"outcome": "approve", "version": version, **given})

    def token(self) -> str:
        return html.unescape(TOKEN.search(self.client.get("/no-such-page").text)[1])

    def reads(self, path: str) -> str:
        """The words of a page that must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, said(answer)
        return said(answer)


@dataclass
class Site:
    """The application, and a session beside it that is no browser's."""

    app: Flask
    session: Session

    def stranger(self) -> Visitor:
        return Visitor(self.app.test_client())

    def visitor(self, person: Person, language: str = "en") -> Visitor:
        """Sign a person in without a password."""
        token, now = f"token {next(_sign_ins)}", clock.now()
        token_hash = hashlib.sha256(token.encode()).digest()
        self.session.add(
            SignIn(
                token_hash=token_hash,
                account_id=person.account_id,
                created_at=now,
                expires_at=now + A_DAY,
            )
        )
        self.session.commit()
        visitor = Visitor(self.app.test_client(), language)
        with visitor.client.session_transaction() as cookie:
            cookie["_user_id"] = token
        return visitor


@contextmanager
def a_site(session: Session) -> Iterator[Site]:
    """Open the pages on the database of a session, with its settings.

    The application is kept for the next site that differs in nothing but where its papers are: its templates and its
    statements are prepared then.
    """
    settings = settings_of(session)
    alike = settings.model_copy(update={"object_store": None, "now_since": None})
    if [alike] != [*map(itemgetter(0), _kept)]:
        _forget_kept()
        _kept.append((alike, create_app(settings)))
    app = _kept[0][1]
    with app.app_context():
        keep_plans(db.engine)
    db.session.session_factory.configure(info={"settings": settings})
    yield Site(app, session)


def _forget_kept() -> None:
    while _kept:
        _, app = _kept.pop()
        with app.app_context():
            db.engine.dispose()


@contextmanager
def a_seeded_site(url: str, papers: Path) -> Iterator[Site]:
    """Open the pages on the seeded database at `url`, with papers in a folder."""
    keys = dict.fromkeys(KEYS, "6b" * 32)
    settings = Settings(database_url=url, data_dir=papers, object_store=papers.as_uri(), **keys)
    with session_at(url, settings) as session, a_site(session) as site:
        yield site


def said(answer: TestResponse) -> str:
    """The words of a page without its tags, on one line."""
    return " ".join(html.unescape(TAG.sub(" ", answer.text)).split())
