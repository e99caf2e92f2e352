"""The first people of an installation come in by command."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, Membership
from models.enums import Role
from webapp.cli import main
from webapp.commands import people
from webapp.services.accounts import sign_in

OFFICE = "河南省教育厅"


@pytest.fixture
def run(session: Session, monkeypatch: pytest.MonkeyPatch):
    @contextmanager
    def same_database() -> Iterator[Session]:
        yield session

    monkeypatch.setattr(people, "command_session", same_database)
    return lambda *words: CliRunner().invoke(main, words)


def test_an_account_is_made_with_a_password_that_works(run, session: Session) -> None:
    login, password = run("account", "first-admin", "管理员").output.split()
    assert sign_in(session, login, password, address="127.0.0.1")


def test_an_appointment_begins_and_ends(run, session: Session) -> None:
    run("account", "second-admin", "管理员")
    assert run("appoint", "second-admin", OFFICE, "administrator").exit_code == 0
    held = select(Membership.role).join(Account, Account.id == Membership.account_id)
    assert session.scalars(held.where(Account.login == "second-admin")).all() == [Role.ADMINISTRATOR]
    assert run("appoint", "second-admin", OFFICE, "administrator", "--end").exit_code == 0
    assert session.scalars(held.where(Account.login == "second-admin")).all() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("account", "no spaces", "某"), "A login consists of"),
        (("appoint", "nobody-here", OFFICE, "lead"), "no account with the login"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(run, words: tuple[str, ...], said: str) -> None:
    answer = run(*words)
    assert answer.exit_code == 1
    assert said in answer.output
    assert "Traceback" not in answer.output


def test_an_unknown_office_is_refused(run) -> None:
    run("account", "third-admin", "管理员")
    assert "no office with the name" in run("appoint", "third-admin", "无此单位", "lead").output
