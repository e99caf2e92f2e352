"""The command `xueji`: a registry of the commands in `webapp.commands`, and how they say no."""

import gc

import click

from webapp.commands.audit import audit
from webapp.commands.calendar import calendar
from webapp.commands.chain import chain
from webapp.commands.demo import demo
from webapp.commands.doctor import doctor
from webapp.commands.migrate import migrate
from webapp.commands.people import account, appoint_command
from webapp.commands.platform import platform
from webapp.commands.process import process
from webapp.commands.proposals import proposals
from webapp.commands.rules import rules
from webapp.commands.run import run
from webapp.commands.scenario import scenario
from webapp.commands.setup import setup
from webapp.commands.web import web
from webapp.commands.worker import worker
from webapp.config import ConfigurationError
from webapp.database import UnknownSchemaError
from webapp.errors import Refusal
from webapp.host.home import PostgresError

REFUSALS = (ConfigurationError, PostgresError, Refusal, UnknownSchemaError)


class Commands(click.Group):
    """Commands whose refusals are a sentence and exit code 1, not a traceback."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse bytes that are no text: Python hands them on as halves of characters, which nothing can store."""
        for typed in args:
            shown = typed.encode(errors="surrogateescape").decode(errors="backslashreplace")
            if shown != typed:
                raise click.UsageError(f"“{shown}” is not written in UTF-8", ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command asked for."""
        try:
            return super().invoke(ctx)
        except REFUSALS as refusal:
            raise click.ClickException(str(refusal)) from refusal


@click.group(cls=Commands)
def main() -> None:
    """Xueji (学籍): changes to a student's registry record, through every office that has to agree."""
    gc.freeze()  # what was imported stays to the end: to search it for garbage at exit takes a third of a second


main.add_command(run)
main.add_command(migrate)
main.add_command(scenario)
main.add_command(web)
main.add_command(worker)
main.add_command(audit)
main.add_command(doctor)
main.add_command(calendar)
main.add_command(chain)
main.add_command(process)
main.add_command(rules)
main.add_command(platform)
main.add_command(proposals)
main.add_command(setup)
main.add_command(demo)
main.add_command(account)
main.add_command(appoint_command)
