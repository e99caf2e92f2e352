"""The first people of an installation come in by command, and whoever leaves is shut out by command."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, Membership, Task
from models.enums import Role
from tests.webapp.road import Road
from webapp import clock
from webapp.cli import main
from webapp.commands import people
from webapp.services.demo import makers
from webapp.services.people.accounts import AccountIsDisabled, WrongLoginOrPassword, account_of, sign_in
from webapp.services.people.throttle import FAILURES_PER_LOGIN

OFFICE = "河南省教育厅"


@pytest.fixture
def run(session: Session, monkeypatch: pytest.MonkeyPatch):
    @contextmanager
    def same_database() -> Iterator[Session]:
        yield session

    monkeypatch.setattr(people, "command_session", same_database)
    return lambda *words, **given: CliRunner().invoke(main, words, **given)


def test_an_account_is_made_with_a_password_that_works(run, session: Session) -> None:
    login, password = run("account", "new", "first-admin", "管理员").output.split()
    assert sign_in(session, login, password, address="127.0.0.1")


def test_an_appointment_begins_and_ends(run, session: Session) -> None:
    run("account", "new", "second-admin", "管理员")
    assert run("appoint", "second-admin", OFFICE, "administrator").exit_code == 0
    held = select(Membership.role).join(Account, Account.id == Membership.account_id)
    assert session.scalars(held.where(Account.login == "second-admin")).all() == [Role.ADMINISTRATOR]
    assert run("appoint", "second-admin", OFFICE, "administrator", "--end").exit_code == 0
    assert session.scalars(held.where(Account.login == "second-admin")).all() == []


def signed_in(session: Session, login: str, password: str) -> str:
    return sign_in(session, login, password, address="127.0.0.1")


def test_who_is_shut_out_is_signed_out_at_once_and_back_only_after_a_new_sign_in(
    run, session: Session
) -> None:
    login, password = run("account", "new", "leaver", "张三").output.split()
    token = signed_in(session, login, password)
    assert run("account", "disable", "leaver").output == "leaver is closed; 0 open tasks went to others.\n"
    assert account_of(session, token, clock.now()) is None
    with pytest.raises(AccountIsDisabled):
        signed_in(session, login, password)
    assert run("account", "enable", "leaver").exit_code == 0
    assert account_of(session, token, clock.now()) is None
    assert account_of(session, signed_in(session, login, password), clock.now())


def test_the_open_tasks_of_who_is_shut_out_go_to_the_lead_and_come_back(
    run, session: Session, road: Road, task: Task
) -> None:
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    answer = run("account", "disable", registrar.login)
    assert answer.output == f"{registrar.login} is closed; 1 open tasks went to others.\n"
    session.refresh(task)
    assert (task.role, task.vacant) == (Role.LEAD, True)
    answer = run("account", "enable", registrar.login)
    assert answer.output == f"{registrar.login} is open again; 1 open tasks came back.\n"
    session.refresh(task)
    assert (task.role, task.vacant) == (Role.REGISTRAR, False)


def test_of_two_who_hold_a_post_the_other_keeps_its_tasks(
    run, session: Session, road: Road, task: Task
) -> None:
    makers.an_officer(session, road.receiving, Role.REGISTRAR)
    run("account", "disable", road.officers[road.receiving.id, Role.REGISTRAR].login)
    session.refresh(task)
    assert (task.role, task.vacant) == (Role.REGISTRAR, False)


def test_a_new_password_is_made_up_and_ends_every_sign_in(run, session: Session) -> None:
    login, first = run("account", "new", "forgetful", "李四").output.split()
    token = signed_in(session, login, first)
    second = run("account", "password", "forgetful").output.split()[1]
    assert account_of(session, token, clock.now()) is None
    with pytest.raises(WrongLoginOrPassword):
        signed_in(session, login, first)
    assert signed_in(session, login, second)


def test_a_new_password_is_typed_twice_and_lets_in_who_failed_too_often(run, session: Session) -> None:
    run("account", "new", "stubborn", "王五")
    for _ in range(FAILURES_PER_LOGIN):
        with pytest.raises(WrongLoginOrPassword):
            signed_in(session, "stubborn", "not it")
    typed = "correct horse\n" * 2
    answer = run("account", "password", "stubborn", "--ask", input=typed)
    assert "stubborn has a new password." in answer.output
    assert "correct horse" not in answer.output
    assert signed_in(session, "stubborn", "correct horse")


def test_a_typed_password_that_is_too_short_changes_nothing(run, session: Session) -> None:
    login, password = run("account", "new", "hasty", "赵六").output.split()
    answer = run("account", "password", "hasty", "--ask", input="short\n" * 2)
    assert (answer.exit_code, "8 to 128 characters" in answer.output) == (1, True)
    assert signed_in(session, login, password)


@pytest.mark.parametrize(
    "words",
    [
        ("account", "new", "someone", "\udcff"),
        ("account", "new", "\udcff", "某"),
        ("appoint", "\udcff", OFFICE, "lead"),
        ("chain", "transfer", "--student", "\udcff", "--to", "1"),
        ("chain", "transfer", "--student", "1", "--to=\udcff"),
        ("process", "show", "\udcff"),
        ("\udcff",),
    ],
)
def test_bytes_that_are_no_text_are_refused_before_anything_is_done(run, words: tuple[str, ...]) -> None:
    answer = run(*words)
    assert answer.exit_code == 2
    assert "\\xff” is not written in UTF-8" in answer.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("account", "new", "no spaces", "某"), "A login consists of"),
        (("account", "new", "long-name", "某" * 61), "A person's name has at most 60 visible characters"),
        (("account", "new", "no-name", ""), "A person's name has at most 60 visible characters"),
        (("account", "disable", "nobody-here"), "no account with the login"),
        (("account", "enable", "nobody-here"), "no account with the login"),
        (("account", "password", "nobody-here"), "no account with the login"),
        (("appoint", "nobody-here", OFFICE, "lead"), "no account with the login"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(run, words: tuple[str, ...], said: str) -> None:
    answer = run(*words)
    assert answer.exit_code == 1
    assert said in answer.output
    assert "Traceback" not in answer.output


@pytest.mark.parametrize("office", ["无此单位", "0", "9" * 18, "9" * 20, "-1", "²"])
def test_an_unknown_office_is_refused(run, session: Session, office: str) -> None:
    login = makers.an_account(session, "管理员").login
    answer = run("appoint", "--", login, office, "lead")
    assert answer.exit_code == 1
    assert "no office with the name" in answer.output


YESTERDAY, TODAY, TOMORROW = -1, 0, 1


@pytest.mark.parametrize(
    ("lasts", "exit_code"),
    [
        ((YESTERDAY, TOMORROW), 0),  # an end that is planned is none yet
        ((YESTERDAY, TODAY), 1),
        ((TODAY, None), 0),
        ((TOMORROW, None), 1),
    ],
)
def test_an_office_exists_from_its_first_day_until_the_day_it_ends(
    run, session: Session, road: Road, lasts: tuple[int, int | None], exit_code: int
) -> None:
    begins, ends = lasts
    road.receiving.valid_from = clock.today() + timedelta(begins)
    road.receiving.valid_to = None if ends is None else clock.today() + timedelta(ends)
    session.flush()
    login = makers.an_account(session, "校长").login
    assert run("appoint", login, str(road.receiving.id), "lead").exit_code == exit_code
