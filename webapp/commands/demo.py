"""`xueji demo`: made-up schools and people to try everything with."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click
from sqlalchemy.orm import Session

from webapp.commands.sessions import command_session
from webapp.config import ConfigurationError
from webapp.services.context import settings_of
from webapp.services.demo.loading import DemoAccount, demo_accounts, is_loaded, load


@click.command()
@click.option("--commit", is_flag=True, help="Make it. Without this only say what would be made.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def demo(*, commit: bool, as_json: bool) -> None:
    """Load the demo, unless it is there, and print every account; they all have one known password."""
    with command_session() as session:
        if not settings_of(session).demo:
            raise ConfigurationError(
                "XUEJI_DEMO is off: the demo's password is known to everybody. Set it to true."
            )
        if commit:
            load(session)
        if as_json:
            accounts = [asdict(account) for account in demo_accounts(session)]
            click.echo(json.dumps(accounts, ensure_ascii=False, indent=2))
        else:
            click.echo(listing(session))


def listing(session: Session) -> str:
    """Say whether the demo is loaded, and list its accounts with their children, a line each."""
    loaded = is_loaded(session)
    said = "The demo is loaded:" if loaded else "This would be made; add --commit to make it:"
    return "\n".join([said, *_lines(demo_accounts(session))])


def _lines(accounts: Sequence[DemoAccount]) -> Iterator[str]:
    width = max(len(account.login) for account in accounts) + 2
    for account in accounts:
        place = "  ".join(filter(None, (account.office, account.seat, account.role)))
        yield f"  {account.login:<{width}}{account.password}  {account.name}  {place}"
        for child in account.children:
            to = f" → {child.to}" if child.to else ""
            yield f"  {'':<{width}}{child.name}  {child.number or ''}  {child.school}{to}  {child.shows}"
