"""`xueji proposals`: looks at every student now, as the worker does each night, and tells how far it is."""

import click

from webapp import clock
from webapp.commands.sessions import command_session
from webapp.services.proposals.finding import find_proposals


@click.command()
def proposals() -> None:
    """Propose to schools what the rules ask for today; stopped half-way, it goes on where it was."""
    with command_session() as session:
        find_proposals(session, clock.today(), _tell)
    click.echo("Everybody was looked at today.")


def _tell(looked_at: int, opened: int, lapsed: int) -> None:
    click.echo(f"{looked_at:,} students looked at, {opened:,} proposals opened, {lapsed:,} no longer so")
