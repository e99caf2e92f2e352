"""A form that is sent twice is done once, and answered twice with the same good news."""

import io
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from models import ChangeRequest, FormToken, Task
from models.enums import EventKind, Role
from tests.webapp.outside.twice import SCENES as OUTSIDE_SCENES
from tests.webapp.road import A_CLEARER_PNG, Road
from tests.webapp.site import Site, Visitor, a_site, said
from tests.webapp.twice import PROOF, SCENES, done_once
from tests.webapp.twice_beside import SCENES as BESIDE
from tests.webapp.twice_new_students import SCENES as OF_NEW_STUDENTS
from tests.webapp.twice_records import SCENES as OF_RECORDS
from webapp import clock
from webapp.services.cases.comments import comment
from webapp.services.papers.files import add_paper
from webapp.services.rounds import begin_day

pytestmark = pytest.mark.slow

# Where strangers come in and everybody goes out, and what another deployment signs.
WITHOUT_ACCOUNT = {"sign_in.check_in", "sign_in.sign_out", "sign_in.language", "exchange.receive"}
# Tried beside what it needs: in the tests of misnamed schools, and below, as it ends the sign-in.
ELSEWHERE = {"departures.name", "account.sign_out_everywhere"}
# Finds somebody, and does nothing.
LOOKS_UP = {"students.find", "problems.find"}


@pytest.fixture(scope="module")
def road_url(new_database: Callable[..., str]) -> str:
    """A database of these tests' own, as what is sent stays: the calendar of another year, for one."""
    return new_database("seeded")


def test_every_form_is_tried_twice(pages: Flask) -> None:
    posted = {rule.endpoint for rule in pages.url_map.iter_rules() if "POST" in rule.methods}
    tried = SCENES.keys() | BESIDE.keys() | OUTSIDE_SCENES.keys() | OF_RECORDS.keys() | OF_NEW_STUDENTS.keys()
    assert posted == tried | ELSEWHERE | LOOKS_UP | WITHOUT_ACCOUNT


@pytest.mark.parametrize("form", [*SCENES, *BESIDE, *OF_RECORDS, *OF_NEW_STUDENTS])
def test_a_form_that_is_sent_twice_is_done_once(road: Road, form: str) -> None:
    sent = {**SCENES, **BESIDE, **OF_RECORDS, **OF_NEW_STUDENTS}[form](road)
    road.session.commit()
    with a_site(road.session) as site:
        done_once(site, sent)


def test_whoever_signs_out_everywhere_twice_is_asked_to_sign_in(site: Site, road: Road) -> None:
    family = site.visitor(road.guardian)
    answers = [family.post("/account/sign-out-everywhere") for _ in range(2)]
    assert [answer.location.partition("?")[0] for answer in answers] == ["/sign-in"] * 2


def at_once(visitors: Sequence[Visitor], path: str, **data: object) -> list[TestResponse]:
    """Send one form from several windows of the same person at the same moment."""
    tokens = [visitor.token() for visitor in visitors]
    same = {"once": secrets.token_hex(), **data}
    with ThreadPoolExecutor(len(visitors)) as threads:
        sent = threads.map(
            lambda visitor, token: visitor.client.post(path, data={"csrf_token": token, **same}),
            visitors,
            tokens,
        )
        return list(sent)


def test_a_comment_that_arrives_four_times_at_once_is_written_once(
    site: Site, road: Road, case: ChangeRequest
) -> None:
    windows = [site.visitor(road.officers[road.receiving.id, Role.REGISTRAR]) for _ in range(4)]
    answers = at_once(windows, f"/cases/{case.id}/comments", text="请核对住址")
    assert [answer.status_code for answer in answers] == [303] * 4
    road.session.expire_all()
    assert [event.kind for event in case.events] == [EventKind.OPENED, EventKind.COMMENTED]


def test_an_approval_that_arrives_four_times_at_once_is_good_news_each_time(
    site: Site, road: Road, case: ChangeRequest, task: Task
) -> None:
    windows = [site.visitor(road.officer(task)) for _ in range(4)]
    said_in = {"outcome": "approve", "version": case.version, "opinion": "材料齐全"}
    answers = at_once(windows, f"/tasks/{task.id}/decide", **said_in)
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/inbox")] * 4
    assert all("The case went on" in window.reads("/inbox") for window in windows)
    road.session.expire_all()
    assert case.event_count == 2


def test_a_child_that_is_rejected_is_told_as_rejected_both_times(
    registrar: Visitor, case: ChangeRequest, task: Task
) -> None:
    for _ in range(2):
        assert (
            registrar.decides(
                task, case.version, outcome="reject", code="DATA_WRONG", opinion="地址不符"
            ).status_code
            == 303
        )
        assert "Rejected. The family reads your reason." in registrar.reads("/inbox")


def test_what_is_said_aside_between_two_times_of_handing_in_changes_nothing(
    site: Site, road: Road, case: ChangeRequest
) -> None:
    road.send_back(case)
    add_paper(road.session, road.guardian, case, kind=PROOF, filename="clear.png", data=A_CLEARER_PNG)
    road.session.commit()
    family, path = site.visitor(road.guardian), f"/cases/{case.id}/resubmit"
    assert family.post(path).status_code == 303
    comment(road.session, road.officer(road.open_task(case)), case.id, "已电话核实住址")
    assert family.post(path).status_code == 303


def test_another_opinion_on_what_was_decided_is_no_repetition(
    registrar: Visitor, case: ChangeRequest, task: Task
) -> None:
    version = case.version
    registrar.decides(task, version, opinion="材料齐全")
    for other in (
        {"opinion": "补充意见"},
        {"outcome": "reject", "code": "DATA_WRONG", "opinion": "材料齐全"},
    ):
        answer = registrar.decides(task, version, **other)
        assert answer.status_code == 409
        assert "(Registrar) decided this at 09:00: Approved." in said(answer)


def test_whoever_goes_back_and_writes_something_else_sends_another_form(
    registrar: Visitor, road: Road, case: ChangeRequest
) -> None:
    token = secrets.token_hex()
    for text in ("请核对住址", "请核对住址和户口", "请核对住址"):
        registrar.post(f"/cases/{case.id}/comments", once=token, text=text)
    road.session.expire_all()
    assert [event.payload.get("comment") for event in case.events[1:]] == ["请核对住址", "请核对住址和户口"]


def test_what_was_refused_may_be_sent_again(site: Site, road: Road, case: ChangeRequest) -> None:
    family, token, urge = site.visitor(road.guardian), secrets.token_hex(), f"/cases/{case.id}/urge"
    assert family.post(urge).status_code == 303
    assert family.post(urge, once=token).status_code == 409
    with clock.freeze(clock.now() + timedelta(hours=25)):
        again = site.visitor(road.guardian)
        assert [again.post(urge, once=token).status_code for _ in range(2)] == [303, 303]
    road.session.expire_all()
    assert [event.kind for event in case.events].count(EventKind.URGED) == 2


def test_the_same_token_of_somebody_else_is_another_form(
    site: Site, road: Road, case: ChangeRequest, task: Task
) -> None:
    token, officers = secrets.token_hex(), (road.officer(task), road.officers[road.receiving.id, Role.LEAD])
    for officer in officers:
        site.visitor(officer).post(f"/cases/{case.id}/comments", once=token, text="请核对住址")
    road.session.expire_all()
    assert case.event_count == 3


def test_a_form_without_its_token_is_not_taken(registrar: Visitor, road: Road, case: ChangeRequest) -> None:
    assert registrar.post(f"/cases/{case.id}/comments", once="", text="请核对住址").status_code == 400
    road.session.expire_all()
    assert case.event_count == 1


def test_a_paper_that_was_not_taken_leaves_no_token_behind(site: Site, road: Road) -> None:
    before = set(road.session.scalars(select(FormToken.token)))
    draft = road.draft()
    papers = f"/children/{road.student.id}/transfer/papers"
    assert draft is not None
    answer = site.visitor(road.guardian).post(papers, kind=PROOF, file=(io.BytesIO(b"GIF89a"), "a.gif"))
    assert answer.status_code == 415
    road.session.expire_all()
    assert set(road.session.scalars(select(FormToken.token))) == before


def test_tokens_are_forgotten_after_two_days(registrar: Visitor, road: Road, case: ChangeRequest) -> None:
    registrar.post(f"/cases/{case.id}/comments", text="请核对住址")
    mine = select(FormToken).where(
        FormToken.account_id == road.officers[road.receiving.id, Role.REGISTRAR].account_id
    )
    left = []
    for days in (1, 2):
        with clock.freeze(clock.now() + timedelta(days=days)):
            begin_day(road.session)
        left.append(len(road.session.scalars(mine).all()))
    assert left == [1, 0]
