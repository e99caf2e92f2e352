"""`xueji migrate`: the schema of a release, before its services start."""

import click

from webapp.commands.sessions import command_session


@click.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    with command_session():
        click.echo("The schema is up to date.")
