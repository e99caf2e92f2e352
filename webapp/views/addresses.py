"""Where to send a browser next: never to another site, whatever the address asks for."""

import re
from urllib.parse import urlsplit

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from models import ChangeRequest
from models.enums import ChangeKind

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


def beginning(kind: ChangeKind, student_id: int) -> str:
    """Return the address at which an application of this kind begins."""
    if kind == ChangeKind.TRANSFER:
        return url_for("transfers.school", student_id=student_id)
    return url_for("changes.details", student_id=student_id, kind=kind)


def details_address(draft: ChangeRequest) -> str:
    """Return the address at which the details of a draft are filled in."""
    if draft.to_school_id is None:
        return beginning(draft.kind, draft.student_id)
    return url_for("transfers.details", student_id=draft.student_id, school_id=draft.to_school_id)


def redirected(path: str) -> Response:
    """Answer with another page to open; for a part of a page that htmx asked for, open it as a whole page."""
    if "HX-Request" in request.headers:
        return Response(headers={"HX-Redirect": path})
    return redirect(path, 303)
