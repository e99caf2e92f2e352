"""The inbox (待办, 超期, 已办, 抄送): an officer's tasks and copies, urgent first, paged by key."""

import re
from datetime import date, datetime

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.database import db
from webapp.policy import is_officer
from webapp.services.cases import copied, inbox
from webapp.services.cases.inbox import Cursor, Page
from webapp.services.rosters.following import lists_waiting
from webapp.views.pages import only, page
from webapp.views.visitor import current_person

AFTER = re.compile(r"(?P<day>[0-9T:.+-]{10,32})~(?P<task>[0-9]{1,18})")
AFTER_COPY = re.compile(r"(?P<was_read>[01])~(?P<copy>[0-9]{1,18})")

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


@bp.get("/copies")
def copies() -> ResponseReturnValue:
    """Show what was copied to the officer for information, unread first."""
    found = copied.copies_for(db.session(), current_person(), after=_after_copy())
    following = found.following
    after = f"{int(following.was_read)}~{following.copy_id}" if following else None
    return _page("copies.html", "copies", after, copies=found.rows)


def _list(tab: str, tasks: Page) -> str:
    following = tasks.following
    after = f"{following.day.isoformat()}~{following.task_id}" if following else None
    return _page("inbox.html", tab, after, tasks=tasks.rows)


def _page(template: str, tab: str, after: str | None, **rows: object) -> str:
    session, person = db.session(), current_person()
    return page(
        template,
        tab=tab,
        counts=inbox.counts(session, person, clock.today()),
        lists=lists_waiting(session, person),
        copied=copied.unread_count(session, person),
        most=inbox.COUNT_CAP - 1,
        **rows,
        first=url_for(f".{tab}") if request.args.get("after") else None,
        next=url_for(f".{tab}", after=after) if after else None,
    )


def _after_copy() -> copied.Cursor | None:
    """Read where the page of copies before ended; 400 for anything else."""
    given = request.args.get("after")
    if given is None:
        return None
    written = AFTER_COPY.fullmatch(given) or abort(400)
    return copied.Cursor(written["was_read"] == "1", int(written["copy"]))


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
