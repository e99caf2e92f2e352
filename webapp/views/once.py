"""Every form that is posted carries two fields: one against forgery, and one against being done twice."""

import hashlib
import secrets

from flask import abort, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from webapp.database import db
from webapp.services.people import once
from webapp.views.visitor import current_person

FIELD = "once"


def form_tokens() -> Markup:
    """Return both fields, to stand in a form; the second is another one whenever the form is shown."""
    fields = '<input type="hidden" name="csrf_token" value="{}"><input type="hidden" name="{}" value="{}">'
    return Markup(fields).format(generate_csrf(), FIELD, secrets.token_urlsafe(12))  # noqa: S704


def is_first() -> bool:
    """Whether what was sent is to be done: no more, once the same form with the same content was done.

    Asked right before the service that does it and within its transaction; otherwise the answer is the same good
    news. Where a service commits before it may still refuse, it has to know itself what was done already.
    """
    return once.is_first(db.session(), current_person().account_id, _digest())


def _digest() -> bytes:
    """Whoever goes back and writes something else into the same page sends another form."""
    token = request.form.get(FIELD) or abort(400)
    said = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    files = [(name, _content(name)) for name in sorted(request.files)]
    sent = (current_person().account_id, request.path, token, sorted(said), files)
    return hashlib.sha256(repr(sent).encode(errors="surrogatepass")).digest()


def _content(name: str) -> str:
    file = request.files[name]
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return digest
