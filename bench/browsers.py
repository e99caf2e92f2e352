"""Officers at their browsers, without the browsers: signed in once, then posting over connections kept alive."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

HOST = "127.0.0.1"
FORM = "application/x-www-form-urlencoded"
FORM_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser keeps of a sign-in: the cookies, and the token that forms must hold."""

    cookies: str
    form_token: str


@dataclass(frozen=True, slots=True)
class Post:
    """A form, filled in and ready to be sent, and where the answer to it leads."""

    path: str
    headers: Mapping[str, str]
    body: str
    leads_to: str


def sign_in(port: int, login: str, password: str) -> Browser:
    """Sign in as people do: open the page, fill in the form, be led on."""
    jar = CookieJar()
    opener = build_opener(HTTPCookieProcessor(jar))
    address = f"http://{HOST}:{port}/sign-in"
    with opener.open(address) as page:
        form = {"login": login, "password": password, "csrf_token": _form_token(page.read())}
    with opener.open(address, urlencode(form).encode()) as page:
        form_token = _form_token(page.read())
    return Browser("; ".join(f"{cookie.name}={cookie.value}" for cookie in jar), form_token)


def answers(port: int) -> bool:
    """Whether a web server answers at the port yet."""
    connection = HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def filled_in(browser: Browser, path: str, leads_to: str, **fields: object) -> Post:
    """Return a form that the browser sends."""
    headers = {"Cookie": browser.cookies, "Content-Type": FORM}
    return Post(path, headers, urlencode({**fields, "csrf_token": browser.form_token}), leads_to)


def send(port: int, posts: Sequence[Post]) -> None:
    """Send forms one after the other over one connection; AssertionError if one is not taken."""
    connection = HTTPConnection(HOST, port, timeout=30)
    for post in posts:
        connection.request("POST", post.path, post.body, dict(post.headers))
        with connection.getresponse() as answer:
            answer.read()
            assert answer.status == 303, f"{post.path}: {answer.status}"
            assert answer.headers["Location"] == post.leads_to, f"{post.path}: {answer.headers['Location']}"
    connection.close()


def _form_token(page: bytes) -> str:
    found = FORM_TOKEN.search(page.decode())
    assert found is not None, "the page has no form"
    return found[1]
