"""A request that waits too long for a row gives up; one that loses the database asks to be sent again."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models.enums import EventKind
from tests.webapp.road import Road
from tests.webapp.site import a_site, said
from webapp import app
from webapp.services.cases import decisions
from webapp.services.cases.applications import locked_case
from webapp.services.context import connection_of
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

END_CONNECTION = "SELECT pg_terminate_backend(pg_backend_pid())"


def test_whoever_waits_too_long_for_a_case_is_told_that_nothing_was_changed(
    road: Road, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "LONGEST_LOCK", "50ms")
    case = road.applied()
    task, version = road.open_task(case), case.version
    with a_site(session) as site, Session(session.get_bind()) as other:
        officer = site.visitor(road.officer(task))
        locked_case(other, case.id)
        answer = officer.decides(task, version)
        assert answer.status_code == 503
        assert "nothing was changed" in said(answer)
        other.rollback()
        assert officer.decides(task, version).status_code == 303


def test_whoever_signs_in_anew_and_waits_too_long_is_told_so_too(
    road: Road, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has asked yet who it is, as the page that tells him does."""
    monkeypatch.setattr(app, "LONGEST_LOCK", "50ms")
    with a_site(session) as site, Session(session.get_bind()) as other:
        family, typed = site.visitor(road.guardian), {"login": "wang", "password": "wrong"}
        assert family.post("/sign-in", **typed).status_code == 401
        token = family.token()
        other.execute(text("SELECT FROM throttle FOR UPDATE"))
        answer = family.client.post("/sign-in", data={**typed, "csrf_token": token})
        assert answer.status_code == 503
        assert "nothing was changed" in said(answer)
        assert road.guardian.name in said(answer)


def test_an_officer_opens_the_task_he_is_asked_for_though_the_school_has_moved(
    road: Road, session: Session
) -> None:
    case = road.applied()
    task = road.approve_until(case, "receiving_authorities/in_county")
    handler = road.officer(task)
    elsewhere = makers.a_school(session, "410323")
    road.receiving.superior_id = elsewhere.superior_id
    road.receiving.path = [*elsewhere.path[:-1], road.receiving.id]
    session.commit()
    with a_site(session) as site:
        page = site.visitor(handler).get(f"/tasks/{task.id}")
        assert page.status_code == 200


@pytest.mark.parametrize(
    "lose",
    [
        lambda session: session.execute(text(END_CONNECTION)),
        lambda session: connection_of(session).execute(END_CONNECTION),
    ],
    ids=["by SQLAlchemy", "beneath it"],
)
def test_whoever_decides_while_the_database_ends_is_asked_to_try_again_and_then_has_decided_once(
    road: Road, session: Session, monkeypatch: pytest.MonkeyPatch, lose: Callable[[Session], object]
) -> None:
    case = road.applied()
    task, version = road.open_task(case), case.version
    with a_site(session) as site:
        officer = site.visitor(road.officer(task))
        with monkeypatch.context() as patched:
            patched.setattr(decisions, "carry_out", lambda session, _decision: lose(session))
            answer = officer.decides(task, version)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "2"
        assert "cannot be reached just now" in said(answer)
        assert officer.decides(task, version).status_code == 303
    session.expire_all()
    assert [event.kind for event in case.events] == [EventKind.OPENED, EventKind.DECIDED]
