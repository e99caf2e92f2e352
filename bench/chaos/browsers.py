"""A browser whose person goes on trying while nobody answers: the same form, with the same token."""

import html
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from time import monotonic, sleep
from urllib.parse import urlencode

from bench.browsers import FORM, FORM_TOKEN, HOST
from bench.cases import PASSWORD
from bench.chaos.ledger import Act, Answer, Ledger

LOST = (OSError, HTTPException)
UNAVAILABLE = 503
TIMEOUT, PATIENCE = 30.0, 300.0  # seconds: for an answer, and for one that helps
PAUSE = 0.1
NEWS = re.compile(
    r'<div class="messages" role="status">\s*((?:<div class="message \w+">.*?</div>\s*)+)</div>', re.DOTALL
)
MESSAGE = re.compile(r'<div class="message (\w+)">')
VERSION = re.compile(r'name="version"[^>]* value="(\d+)"')

Fields = Sequence[tuple[str, object]]


class UnansweredError(Exception):
    """Nobody answered for longer than any recovery takes."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was answered."""

    status: int
    location: str
    text: str

    @property
    def news(self) -> list[str]:
        """The kinds of the messages on top: success, warning, error."""
        found = NEWS.search(self.text)
        return MESSAGE.findall(found[1]) if found else []

    @property
    def tokens(self) -> Fields:
        """What a form of this page carries: against forgery, against being done twice, and the case's version."""
        token, version = FORM_TOKEN.search(self.text), VERSION.search(self.text)
        assert token is not None, "the page has no form"
        seen = [("version", version[1])] if version else []
        return [("csrf_token", html.unescape(token[1])), ("once", secrets.token_urlsafe(12)), *seen]


class Browser:
    """One person's, who signs in as soon as there is something to read."""

    def __init__(self, port: int, login: str, ledger: Ledger) -> None:
        self.login = login
        self._ledger = ledger
        self._connection = HTTPConnection(HOST, port, timeout=TIMEOUT)
        self._cookies: dict[str, str] = {}
        self._signed_in = False

    def read(self, path: str) -> Page:
        """Return a page."""
        if not self._signed_in:
            self.sign_in()
        return self._patiently("GET", path)[0]

    def sign_in(self) -> None:
        """Sign in anew, as in the morning."""
        form = self._patiently("GET", "/sign-in?next=/inbox")[0]
        if form.status == 200:
            fields = [("login", self.login), ("password", PASSWORD), *form.tokens]
            self._patiently("POST", "/sign-in", *_encoded(fields))
        self._signed_in = True

    def sign_out(self) -> None:
        """Forget who one is."""
        self._cookies.clear()
        self._signed_in = False

    def close(self) -> None:
        """Nothing more is read or sent."""
        self._connection.close()

    def act(self, act: Act, fields: Fields) -> Answer:
        """Do something until it was answered, and read the news of it; both are in the ledger."""
        self._ledger.sent(act)
        page, tries = self._patiently("POST", act.path, *_encoded(fields))
        news = self.read(page.location).news if page.status == 303 else []
        answer = Answer(page.status, page.location, news, tries)
        self._ledger.answered(act, answer)
        return answer

    def upload(self, path: str, fields: Fields, data: bytes) -> int:
        """Hand in a photo and return the status of the answer."""
        return self._patiently("POST", path, *_with_file(fields, data))[0].status

    def _patiently(self, method: str, path: str, body: bytes = b"", form: str = FORM) -> tuple[Page, int]:
        give_up_at, tries = monotonic() + PATIENCE, 0
        while monotonic() < give_up_at:
            tries += 1
            page = self._once(method, path, body, form)
            if page is not None:
                return page, tries
            sleep(PAUSE)
        raise UnansweredError(f"{method} {path}")

    def _once(self, method: str, path: str, body: bytes, form: str) -> Page | None:
        """Return the answer, or None if there was none, or none that helps."""
        headers = {"Content-Type": form} if body else {}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        try:
            self._connection.request(method, path, body or None, headers)
            with self._connection.getresponse() as answer:
                page = Page(answer.status, answer.headers.get("Location", ""), answer.read().decode())
                self._keep(answer.headers.get_all("Set-Cookie") or ())
        except LOST:
            self._connection.close()
            return None
        if page.status >= 500 and page.status != UNAVAILABLE:
            self._ledger.trouble(f"{self.login}: {method} {path}: {page.status}")
        return page if page.status < 500 else None

    def _keep(self, cookies: Sequence[str]) -> None:
        for cookie in cookies:
            for name, morsel in SimpleCookie(cookie).items():
                self._cookies[name] = morsel.value


def _encoded(fields: Fields) -> tuple[bytes, str]:
    return urlencode(fields).encode(), FORM


def _with_file(fields: Fields, data: bytes) -> tuple[bytes, str]:
    boundary = secrets.token_hex(16)
    parts = [_part(f'name="{name}"', str(value).encode()) for name, value in fields]
    parts.append(_part('name="file"; filename="photo.png"\r\nContent-Type: image/png', data))
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    return body + b"--%s--\r\n" % boundary.encode(), f"multipart/form-data; boundary={boundary}"


def _part(disposition: str, content: bytes) -> bytes:
    return b"Content-Disposition: form-data; %s\r\n\r\n%s" % (disposition.encode(), content)
