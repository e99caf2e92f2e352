"""The inbox (待办, 超期, 已办): an officer's tasks, urgent first, paged by key."""

import re
from datetime import date, datetime

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.database import db
from webapp.policy import is_officer
from webapp.services.cases import inbox
from webapp.services.cases.inbox import Cursor, Page
from webapp.views.pages import only, page
from webapp.views.visitor import current_person

AFTER = re.compile(r"(?P<day>[0-9T:.+-]{10,32})~(?P<task>[0-9]{1,18})")

bp = Blueprint("inbox", __name__, url_prefix="/inbox")
bp.before_request(only(is_officer))


@bp.get("")
def todo() -> ResponseReturnValue:
    """Show what waits for the officer, overdue first."""
    return _list("todo", inbox.open_tasks(db.session(), current_person(), after=_after(date)))


@bp.get("/overdue")
def overdue() -> ResponseReturnValue:
    """Show what is past its time limit."""
    tasks = inbox.open_tasks(db.session(), current_person(), after=_after(date), due_before=clock.today())
    return _list("overdue", tasks)


@bp.get("/done")
def done() -> ResponseReturnValue:
    """Show what the officer decided, the last first."""
    return _list("done", inbox.done_tasks(db.session(), current_person(), after=_after(datetime)))


def _list(tab: str, tasks: Page) -> str:
    counts = inbox.counts(db.session(), current_person(), clock.today())
    following = tasks.following
    after = f"{following.day.isoformat()}~{following.task_id}" if following else None
    return page(
        "inbox.html",
        tab=tab,
        tasks=tasks.rows,
        counts=counts,
        most=inbox.COUNT_CAP - 1,
        first=url_for(f".{tab}") if request.args.get("after") else None,
        next=url_for(f".{tab}", after=after) if after else None,
    )


def _after(kind: type[date]) -> Cursor | None:
    """Read where the page before ended, as `_list` wrote it into the address; 400 for anything else."""
    given = request.args.get("after")
    if given is None:
        return None
    written = AFTER.fullmatch(given)
    try:
        return Cursor(kind.fromisoformat(written["day"]), int(written["task"])) if written else abort(400)
    except ValueError:
        abort(400)
