"""The demo: its people can do by hand what it promises, and loading it again changes nothing."""

import re

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from models import Account, Base, ChangeRequest, Office, Student
from models.enums import (
    CaseState,
    NoticeKind,
    OfficeKind,
    Outcome,
    PaperKind,
    Seat,
    TaskState,
    TransferReason,
)
from webapp import clock
from webapp.config import DEMO_BEGINS
from webapp.database import session_at, sqlalchemy_url
from webapp.errors import Refusal
from webapp.services.audit.verification import verify
from webapp.services.cases.applications import save_draft, submit
from webapp.services.cases.decisions import decide
from webapp.services.cases.inbox import counts, open_tasks
from webapp.services.cases.paths import path_of
from webapp.services.changes.eligibility import failed_rules
from webapp.services.changes.kinds.transfer import TransferForm, transfer_of
from webapp.services.demo import makers
from webapp.services.demo.loading import demo_accounts, load
from webapp.services.doctor.examination import examine
from webapp.services.exchange import outside
from webapp.services.exchange.outside import Evidence
from webapp.services.notices.news import notices_for
from webapp.services.offices.addressees import vacancies
from webapp.services.papers.made_up import upload_made_up_papers
from webapp.services.people.accounts import account_of, sign_in

pytestmark = pytest.mark.slow

PAPERS = (PaperKind.PROOF_OF_RESIDENCE, PaperKind.TRANSFER_FORM)


@pytest.fixture
def session(demo_site):
    """A session on the demo's first morning; what it commits is gone after the test."""
    url, settings = demo_site
    engine = create_engine(sqlalchemy_url(url))
    with clock.freeze(DEMO_BEGINS), engine.connect() as connection, connection.begin() as whole:
        with Session(
            connection, join_transaction_mode="create_savepoint", info={"settings": settings}
        ) as session:
            yield session
        whole.rollback()
    engine.dispose()


def the_child(session, name):
    return session.scalars(select(Student).where(Student.name == name)).one()


def the_office(session, name):
    return session.scalars(select(Office).where(Office.name == name)).one()


def the_person(session, login):
    return makers.person_of(session, session.scalars(select(Account).where(Account.login == login)).one())


def the_transfer(session, name, to):
    child = the_child(session, name)
    form = TransferForm(the_office(session, to).id, child.enrolments[-1].grade, TransferReason.HOUSEHOLD_MOVE)
    return child, form, transfer_of(session, child.id, form, clock.today())


def journeys(session):
    """Every transfer that the demo invites to: guardian's login, child's name, school."""
    return [
        (account.login, child.name, child.to)
        for account in demo_accounts(session)
        for child in account.children
        if child.to
    ]


def all_rows(session):
    return {
        table.name: session.execute(
            text(f"SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {table.name} t")
        ).scalar_one()
        for table in Base.metadata.sorted_tables
    }


def test_loading_it_again_changes_nothing(session):
    accounts, rows = demo_accounts(session), all_rows(session)
    load(session)
    assert (demo_accounts(session), all_rows(session)) == (accounts, rows)


def test_every_account_signs_in_with_the_printed_password(session):
    accounts = demo_accounts(session)
    for account in (accounts[0], accounts[-1]):
        token = sign_in(session, account.login, account.password, address="::1")
        assert account_of(session, token, clock.now()).name == account.name
    assert len(set(session.scalars(select(Account.password_hash)))) == 1
    assert {*session.scalars(select(Account.login))} == {account.login for account in accounts}


def test_every_office_is_the_one_that_is_printed(session):
    for account in demo_accounts(session):
        held = {(post.office, post.role) for post in the_person(session, account.login).posts}
        assert held == ({(account.office, account.role)} if account.office else set())


def test_every_invited_transfer_is_lawful_and_its_way_has_its_people(session):
    seats = {(account.office, account.role): account.seat for account in demo_accounts(session)}
    for _, name, to in journeys(session):
        _, _, transfer = the_transfer(session, name, to)
        assert failed_rules(session, transfer) == ()
        for step in path_of(session, transfer, clock.now()):
            if step.skipped is None and step.step.seat != Seat.OUTSIDE:
                assert all(step.step.seat in seats[step.office, role] for role in step.step.roles)


def test_nobody_is_printed_with_a_seat_that_no_way_has(session):
    ways = [the_transfer(session, name, to)[2] for _, name, to in journeys(session)]
    real = {
        (step.office, role, step.step.seat)
        for transfer in ways
        for step in path_of(session, transfer, clock.now())
        for role in step.step.roles
        if step.skipped is None and step.step.seat != Seat.OUTSIDE
    }
    printed = {
        (account.office, account.role, seat)
        for account in demo_accounts(session)
        if account.office and account.seat
        for seat in account.seat.split("、")
    }
    assert printed == real


def test_the_demo_has_the_journeys_that_it_was_made_for(session):
    ways = {name: the_transfer(session, name, to)[2] for _, name, to in journeys(session)}
    assert {name: (way.definition.key, way.distance) for name, way in ways.items()} == {
        "李明轩": ("transfer", "same_city"),
        "王梓涵": ("transfer", "same_authority"),
        "张浩然": ("transfer", "cross_city"),
        "赵雨桐": ("transfer", "cross_city"),
        "刘子墨": ("transfer", "same_city"),
        "陈思源": ("transfer_both_agree", "cross_city"),
        "高子轩": ("cross_province_both_agree", "cross_province"),
        "谢雨薇": ("cross_province_transfer", "cross_province"),
        "邓小禾": ("cross_province_transfer", "cross_province"),
    }
    assert Seat.OUTSIDE in ways["邓小禾"].seats
    assert Seat.RELEASING_CITY not in ways["赵雨桐"].seats


def test_every_invited_transfer_can_be_walked_to_its_end(session):
    for login, name, to in journeys(session):
        child, form, _ = the_transfer(session, name, to)
        family = the_person(session, login)
        draft = save_draft(session, family, child.id, form)
        upload_made_up_papers(session, family, draft, PAPERS)
        case = submit(session, family, draft.id)
        while case.state == CaseState.IN_REVIEW:
            approve_by_whoever_is_asked(session, case)
        assert case.state == CaseState.COMPLETED
        assert child.enrolments[-1].school.name == to


def approve_by_whoever_is_asked(session, case):
    task = next(task for task in case.tasks if task.state == TaskState.OPEN)
    if task.seat == Seat.OUTSIDE:
        outside.answer_by_hand(
            session,
            the_person(session, "song-registrar"),
            task.id,
            outcome=Outcome.APPROVE,
            version=case.version,
            evidence=Evidence(told_by="四川省教育厅", told_at=clock.now(), reference="电话"),
        )
        return
    asked = next(
        account.login
        for account in demo_accounts(session)
        if (account.office, account.role) == (task.office.name, task.role)
    )
    officer = the_person(session, asked)
    decide(session, officer, task.id, outcome=Outcome.APPROVE, version=case.version)


def test_every_kind_of_refusal_shows_for_the_child_that_promises_it(session):
    ordinary = select(Office).where(Office.name.contains("演示"), Office.rule_pack.is_(None))
    near = {(school.stage, school.division_code[:2]): school for school in session.scalars(ordinary)}
    promised = 0
    for account in demo_accounts(session):
        for child in account.children:
            if rules := set(re.findall(r"\b(?:H\d|T-P\d+)", child.shows)):
                school = the_office(session, child.school)
                to = near[school.stage, school.division_code[:2]].name
                _, _, transfer = the_transfer(session, child.name, to)
                assert {failed.rule for failed in failed_rules(session, transfer) if failed.blocks} == rules
                promised += 1
    assert promised == 8


WAITING = {
    "song-registrar": {"孙嘉怡", "吴佳琪", "周博文"},
    "song-county": {"钱程远"},
    "xinan-county": {"马晓峰"},
    "zhengzhou-city": {"何雨泽"},
    "xinan-high-registrar": {"黄欣妍"},
    "siming-county": {"林宇航"},
    "henan-province": {"谢雨航"},
    "xinan2-registrar": set(),
    "luoyang-city": set(),
}


@pytest.mark.parametrize("login", WAITING)
def test_inboxes_are_not_empty_on_first_sight(session, login):
    rows = open_tasks(session, the_person(session, login)).rows
    assert {row.student for row in rows} == WAITING[login]


def test_one_case_is_overdue_and_one_returned(session):
    assert counts(session, the_person(session, "xinan-county"), clock.today()).overdue == 1
    returned = select(Student.name).join(ChangeRequest).where(ChangeRequest.state == CaseState.RETURNED)
    assert session.scalars(returned).all() == ["郭子豪"]


def test_the_red_card_reaches_the_lead_of_the_superior(session):
    told = notices_for(session, the_person(session, "luoyang-city-lead")).notices
    assert [(notice.kind, notice.change_request.student.name) for notice in told] == [
        (NoticeKind.OVERDUE, "马晓峰")
    ]


def test_where_no_place_is_free_the_school_cannot_agree(session):
    registrar = the_person(session, "song-registrar")
    row = next(row for row in open_tasks(session, registrar).rows if row.student == "吴佳琪")
    version = session.scalars(select(ChangeRequest.version).where(ChangeRequest.number == row.number)).one()
    with pytest.raises(Refusal, match="T-P8"):
        decide(session, registrar, row.task_id, outcome=Outcome.APPROVE, version=version)


def test_no_seat_is_vacant(session):
    ministries = select(Office.id).where(Office.kind == OfficeKind.BUREAU, Office.superior_id.is_(None))
    assert [vacancy for top in session.scalars(ministries) for vacancy in vacancies(session, top)] == []


def test_its_audit_trail_is_whole(demo_site, tmp_path):
    url, settings = demo_site
    with session_at(url, settings) as session:
        assert verify(session, settings.audit_key, tmp_path) == []


def test_the_doctor_finds_it_healthy(demo_site):
    url, settings = demo_site
    with clock.freeze(DEMO_BEGINS), session_at(url, settings) as session:
        assert examine(session, files=True).findings == []
