"""Notices (通知): what happened to one's cases, the newest first."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.database import db
from webapp.services.looks import log_list
from webapp.services.notices import notices_for
from webapp.services.unread import mark_read
from webapp.views.addresses import redirected
from webapp.views.pages import page
from webapp.views.visitor import current_person

bp = Blueprint("notices", __name__, url_prefix="/notices")


@bp.get("")
def notices() -> ResponseReturnValue:
    """Show what was told to the person and to his posts."""
    person = current_person()
    told = notices_for(db.session(), person)
    log_list(db.session(), person, "notices", (notice.change_request.student_id for notice in told))
    return page("notices.html", notices=told)


@bp.post("/read")
def read() -> ResponseReturnValue:
    """Mark what the page shows as read."""
    mark_read(db.session(), current_person())
    return redirected("/notices")
