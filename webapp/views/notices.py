"""Notices (通知): what happened to one's cases, the newest first, paged by key."""

import re

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from webapp.database import db
from webapp.services.notices.news import LATEST, mark_read, notices_for
from webapp.services.people.looks import log_list
from webapp.views.addresses import redirected
from webapp.views.pages import page
from webapp.views.visitor import current_person

ID = re.compile("[0-9]{1,18}")

bp = Blueprint("notices", __name__, url_prefix="/notices")


@bp.get("")
def notices() -> ResponseReturnValue:
    """Show what was told to the person and to his posts."""
    person, after = current_person(), request.args.get("after")
    told = notices_for(db.session(), person, before=LATEST if after is None else _id(after))
    log_list(db.session(), person, "notices", (notice.change_request.student_id for notice in told.notices))
    return page(
        "notices.html",
        notices=told.notices,
        reasons=told.reasons,
        first=url_for(".notices") if after else None,
        next=url_for(".notices", after=told.following) if told.following else None,
    )


@bp.post("/read")
def read() -> ResponseReturnValue:
    """Mark as read what the page showed and all that is older; what came since stays new."""
    mark_read(db.session(), current_person(), upto=_id(request.form.get("upto", "")))
    return redirected("/notices")


def _id(given: str) -> int:
    """Read the id of a notice as our pages write it; 400 for anything else."""
    return int(given) if ID.fullmatch(given) else abort(400)
