"""`xueji rules`: what the rules say of one student, which facts they read, and which rows the examples try."""

import click

from webapp.commands.rules_coverage import coverage
from webapp.commands.rules_eval import eval_command
from webapp.commands.rules_facts import facts
from webapp.commands.rules_mutate import mutate


@click.group()
def rules() -> None:
    """Ask the rules as data: of one student, of what they read, of how well examples try them."""


rules.add_command(eval_command)
rules.add_command(facts)
rules.add_command(coverage)
rules.add_command(mutate)
