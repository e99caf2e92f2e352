"""`xueji chain`: the way an application would take, without making one."""

import json
from datetime import datetime

import click

from models.enums import TransferReason
from webapp import clock
from webapp.commands.arguments import enrolment_of, moment, school_of
from webapp.commands.sessions import command_session
from webapp.services.cases.paths import PathStep, path_of
from webapp.services.changes.kinds.transfer import TransferForm, transfer_of
from workflows.engine import SkipReason

WHY_SKIPPED = {
    SkipReason.NO_SEAT: "skipped: there is no such office on this side",
    SkipReason.SKIP_WHEN: "skipped: the levels of this transfer do not ask for it",
}


@click.group()
def chain() -> None:
    """Show the offices that would decide an application, in order."""


@chain.command()
@click.option("--student", required=True, help="Registry number or id of the student.")
@click.option("--to", "school", required=True, help="Id, code or exact name of the receiving school.")
@click.option("--at", "at", callback=moment, help="When it is applied for, in China. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def transfer(student: str, school: str, at: datetime | None, *, as_json: bool) -> None:
    """Show the way of a transfer, skipped steps included, and the last day of each if all take their time."""
    with command_session() as session, clock.freeze(at or clock.now()):
        enrolment, receiving = enrolment_of(session, student), school_of(session, school)
        form = TransferForm(receiving.id, enrolment.grade, TransferReason.HOUSEHOLD_MOVE)
        wanted = transfer_of(session, enrolment.student_id, form, clock.today())
        path = path_of(session, wanted, clock.now())
    if as_json:
        click.echo(json.dumps([step_facts(step) for step in path], ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(step_line(number, step) for number, step in enumerate(path, 1)))


def step_facts(step: PathStep) -> dict[str, object]:
    """Return a step of the way as it is printed in JSON."""
    return {
        "seat": step.step.seat,
        "roles": step.step.roles,
        "step": step.step.name,
        "office": step.office,
        "skipped": step.skipped,
        "why": WHY_SKIPPED[step.skipped] if step.skipped else None,
        "blocking": step.step.blocking,
        "limit_days": step.limit_days,
        "due": step.latest.isoformat() if step.latest else None,
        "provisional": step.provisional if step.latest else None,
    }


def step_line(number: int, step: PathStep) -> str:
    """Return a step of the way as a line."""
    who = f"{number:2}  {step.step.seat}  {step.office or '—'}  {' '.join(step.step.roles)}  {step.step.name}"
    if step.skipped:
        return f"{who}  {WHY_SKIPPED[step.skipped]}"
    doubt = " (provisional)" if step.provisional else ""
    return f"{who}  {step.limit_days} working days, by {step.latest}{doubt}"
