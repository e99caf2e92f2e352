"""`xueji chain`: the way an application would take, without making one."""

import json
from datetime import datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Enrolment, Office, Student
from models.enums import OfficeKind, TransferReason
from webapp import clock, errors
from webapp.commands.arguments import key
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


def _moment(_: click.Context, __: click.Parameter, given: str | None) -> datetime | None:
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise click.BadParameter(f"“{given}” is no moment; write it as 2026-09-07T09:00") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
    if not clock.spans(aware):
        raise click.BadParameter(f"“{given}” is not on a day from {clock.FIRST_DAY} to {clock.LAST_DAY}")
    return aware


@chain.command()
@click.option("--student", required=True, help="Registry number or id of the student.")
@click.option("--to", "school", required=True, help="Id, code or exact name of the receiving school.")
@click.option("--at", "at", callback=_moment, help="When it is applied for, in China. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def transfer(student: str, school: str, at: datetime | None, *, as_json: bool) -> None:
    """Show the way of a transfer, skipped steps included, and the last day of each if all take their time."""
    with command_session() as session, clock.freeze(at or clock.now()):
        enrolment, receiving = _enrolment(session, student), _school(session, school)
        form = TransferForm(receiving.id, enrolment.grade, TransferReason.HOUSEHOLD_MOVE)
        wanted = transfer_of(session, enrolment.student_id, form, clock.today())
        path = path_of(session, wanted, clock.now())
    if as_json:
        click.echo(json.dumps([_facts(step) for step in path], ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_line(number, step) for number, step in enumerate(path, 1)))


def _enrolment(session: Session, given: str) -> Enrolment:
    named = select(Student.id).where(Student.registry_number == given)
    student_id = session.scalar(named) or key(given)
    found = select(Enrolment).where(Enrolment.student_id == student_id, Enrolment.ended_on.is_(None))
    enrolment = session.scalar(found)
    if enrolment is None:
        raise errors.NoSuchStudent
    return enrolment


def _school(session: Session, given: str) -> Office:
    for named in (Office.school_code == given, Office.name == given, Office.id == key(given)):
        found = session.scalars(select(Office).where(Office.kind == OfficeKind.SCHOOL, named)).all()
        if len(found) > 1:
            ids = ", ".join(str(school.id) for school in found)
            raise click.BadParameter(f"several schools are called {given}; give one of the ids {ids}")
        if found:
            return found[0]
    raise errors.NoSuchSchool


def _facts(step: PathStep) -> dict[str, object]:
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


def _line(number: int, step: PathStep) -> str:
    who = f"{number:2}  {step.step.seat}  {step.office or '—'}  {' '.join(step.step.roles)}  {step.step.name}"
    if step.skipped:
        return f"{who}  {WHY_SKIPPED[step.skipped]}"
    doubt = " (provisional)" if step.provisional else ""
    return f"{who}  {step.limit_days} working days, by {step.latest}{doubt}"
