"""Where to send a browser next: never to another site, whatever the address asks for."""

import re
from urllib.parse import urlsplit

from flask import redirect, request
from werkzeug.wrappers import Response

# Browsers read \ as /, and drop tabs and line ends: //other.site must not hide behind any of these.
LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
HOME = "/"


def local_path(target: str | None) -> str:
    """Return `target` if it is a path of this site, otherwise the home page."""
    return target if target and LOCAL_PATH.fullmatch(target) else HOME


def here() -> str:
    """Return the page that the visitor sees: this address, or after a form was sent the page it was on."""
    if request.method in ("GET", "HEAD"):
        return local_path(request.full_path.removesuffix("?"))
    sent_from = urlsplit(request.referrer or "")
    return local_path(sent_from._replace(scheme="", netloc="", fragment="").geturl())


def redirected(path: str) -> Response:
    """Answer with another page to open; for a part of a page that htmx asked for, open it as a whole page."""
    if "HX-Request" in request.headers:
        return Response(headers={"HX-Redirect": path})
    return redirect(path, 303)
