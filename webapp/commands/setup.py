"""`xueji setup`: what every installation needs before its first case."""

import click

from webapp.commands.sessions import command_session
from webapp.services.demo.seed import seed


@click.command()
def setup() -> None:
    """Load the divisions and their bureaus, the working calendar and the processes; repeating it is safe."""
    with command_session() as session:
        seed(session)
        session.commit()
    click.echo("Divisions, calendar and processes are loaded.")
