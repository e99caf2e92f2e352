"""`xueji account` and `xueji appoint`: the first people of an installation, and whoever comes later."""

import secrets
from datetime import datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, Office
from models.enums import Channel, Role
from webapp import clock
from webapp.commands.arguments import key
from webapp.commands.sessions import command_session
from webapp.errors import Refusal
from webapp.services.notices.contacts import contacts_of, set_contact
from webapp.services.offices.appointments import appoint, dismiss
from webapp.services.people.accounts import create_account, set_password
from webapp.services.people.closing import close, reopen


class NoSuchAccount(Refusal):
    """There is no account with the login “{login}”."""

    status = 404


class NoSuchOffice(Refusal):
    """There is no office with the name “{name}”, or there are several. Give its number instead."""

    status = 404


@click.group()
def account() -> None:
    """Make accounts, close them and open them again, give them new passwords."""


@account.command()
@click.argument("login")
@click.argument("name")
def new(login: str, name: str) -> None:
    """Make an account for NAME and print its first password, made up and stored nowhere."""
    made_up = secrets.token_urlsafe(12)
    with command_session() as session:
        create_account(session, login, made_up, name)
        session.commit()
    click.echo(f"{login}  {made_up}")


@account.command()
@click.argument("login")
def disable(login: str) -> None:
    """Close the account LOGIN: signed out at once, and its open tasks go to others."""
    with command_session() as session:
        moved = close(session, _account(session, login).id)
        session.commit()
    click.echo(f"{login} is closed; {moved} open tasks went to others.")


@account.command()
@click.argument("login")
def enable(login: str) -> None:
    """Open the closed account LOGIN again."""
    with command_session() as session:
        moved = reopen(session, _account(session, login).id)
        session.commit()
    click.echo(f"{login} is open again; {moved} open tasks came back.")


@account.command()
@click.argument("login")
@click.option("--ask", is_flag=True, help="Ask for the password instead of making one up.")
def password(login: str, *, ask: bool) -> None:
    """Give LOGIN a new password and sign it out everywhere; a made-up one is printed and stored nowhere."""
    given = click.prompt("Password", hide_input=True, confirmation_prompt=True) if ask else None
    made_up = secrets.token_urlsafe(12)
    with command_session() as session:
        set_password(session, _account(session, login), given or made_up)
        session.commit()
    click.echo(f"{login} has a new password." if given else f"{login}  {made_up}")


@account.command()
@click.argument("login")
@click.option("--email", metavar="ADDRESS", help="Where e-mails go; '' forgets the address.")
@click.option("--sms", metavar="NUMBER", help="Where text messages go; '' forgets the number.")
@click.option(
    "--off", is_flag=True, help="Keep what is given, but send nothing there until LOGIN switches it on."
)
def contact(login: str, email: str | None, sms: str | None, *, off: bool) -> None:
    """Let notices reach LOGIN by e-mail or text message."""
    with command_session() as session:
        account_id = _account(session, login).id
        for channel, address in ((Channel.EMAIL, email), (Channel.SMS, sms)):
            if address is not None:
                set_contact(session, account_id, channel, address, wanted=not off)
        session.commit()
        reached = [channel for channel, reach in contacts_of(session, account_id).items() if reach.wanted]
    click.echo(f"{login} gets notices by {', '.join(['page', *sorted(reached)])}.")


@click.command("appoint")
@click.argument("login")
@click.argument("office")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option(
    "--until", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), help="The first day on which it is over."
)
@click.option("--end", is_flag=True, help="End the appointment today instead.")
def appoint_command(login: str, office: str, role: str, until: datetime | None, *, end: bool) -> None:
    """Let LOGIN hold ROLE in OFFICE (its name or number) from today; open tasks follow."""
    with command_session() as session:
        holder, where = _account(session, login), _office(session, office)
        if end:
            dismiss(session, holder.id, where.id, Role(role), on=clock.today())
        else:
            appoint(
                session, holder.id, where.id, Role(role), since=clock.today(), until=until and until.date()
            )
        session.commit()


def _account(session: Session, login: str) -> Account:
    found = session.scalar(select(Account).where(Account.login == login))
    if found is None:
        raise NoSuchAccount(login=login)
    return found


def _office(session: Session, name: str) -> Office:
    number = key(name)
    which = Office.name == name if number is None else Office.id == number
    found = session.scalars(select(Office).where(which, Office.valid_on(clock.today()))).all()
    if len(found) != 1:
        raise NoSuchOffice(name=name)
    return found[0]
