"""`xueji rules eval`: what the rules say of a change that a student might apply for, without an application."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from models.enums import ChangeKind
from webapp import clock
from webapp.commands.arguments import enrolment_of, moment, school_of
from webapp.commands.chain import step_facts, step_line
from webapp.commands.sessions import command_session
from webapp.errors import Refusal
from webapp.services.cases.previews import Outlook
from webapp.services.changes.change import Change, ChangeNotGoverned
from webapp.services.changes.eligibility import FailedRule
from webapp.services.changes.filling import AnswerError, filled_in
from webapp.services.changes.planning import planned
from webapp.services.context import settings_of

LANGUAGES = {"zh": "message_zh", "zh_Hans_CN": "message_zh", "en": "message_en"}
SOLVED_BY = {
    "authority": "the higher authority",
    "present": "the present school",
    "receiving": "the receiving school, or the family by choosing otherwise",
    "family": "the family, by applying otherwise or at another time",
}


def _answers(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    answers: dict[str, str] = {}
    for one in given:
        field, equals, value = one.partition("=")
        if not (field and equals):
            raise click.BadParameter(f"“{one}” is no answer; write it as grade=2")
        if field in answers:
            raise click.BadParameter(f"{field} is answered twice")
        answers[field] = value
    return answers


@click.command("eval")
@click.argument("kind", metavar="KIND", type=click.Choice([kind.value for kind in ChangeKind]))
@click.option("--student", required=True, help="Registry number or id of the student.")
@click.option("--to", "school", help="Id, code or exact name of the school that a transfer leads to.")
@click.option("--at", "at", callback=moment, help="When it is applied for, in China. Default: now.")
@click.option(
    "--form",
    "answers",
    metavar="FIELD=VALUE",
    multiple=True,
    callback=_answers,
    help="An answer; all others are as most families give them.",
)
@click.option(
    "--language", type=click.Choice(["zh", "en"]), help="Of the rules' messages. Default: XUEJI_LOCALE."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def eval_command(
    kind: str,
    *,
    student: str,
    school: str | None,
    at: datetime | None,
    answers: Mapping[str, str],
    language: str | None,
    as_json: bool,
) -> None:
    """Tell what becomes of a change of KIND: rules that it breaks, levels, deadlines, papers. Nothing is written.

    Exit code 0: it is told; 1: no process governs such a change; 2: the student, school or an answer is wrong.
    """
    with command_session() as session, clock.freeze(at or clock.now()):
        change = _change(session, ChangeKind(kind), student, school, answers)
        outlook = Outlook.of(session, change)
        message = LANGUAGES[language or settings_of(session).locale]
        told = _facts(outlook, message) if as_json else "\n".join(_lines(outlook, message))
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else told)


def _change(
    session: Session, kind: ChangeKind, student: str, to: str | None, answers: Mapping[str, str]
) -> Change:
    enrolment = enrolment_of(session, student)
    school = school_of(session, to) if to else None
    try:
        form = filled_in(session, kind, enrolment, answers, clock.today(), school=school)
        return planned(session, enrolment.student_id, form, clock.today())
    except AnswerError as error:
        raise click.UsageError(f"{error} (--form FIELD=VALUE, --to SCHOOL)") from error
    except ChangeNotGoverned:
        raise
    except Refusal as refusal:
        raise click.UsageError(str(refusal)) from refusal


def _facts(outlook: Outlook, message: str) -> dict[str, object]:
    change = outlook.change
    return {
        "kind": change.kind,
        "student": change.student.id,
        "at": clock.now().astimezone(clock.SHANGHAI).isoformat(),
        "form": change.form.answers(),
        "process": change.version.process,
        "version": change.version.number,
        "title": change.version.title,
        "begun_by": change.initiators,
        "packs": {name: side.packs for name, side in change.sides.items()},
        "blocked": outlook.is_blocked,
        "failed": [_rule(failure, message) for failure in outlook.failed],
        "levels": [step_facts(step) for step in outlook.steps],
        "limit_days": outlook.limit_days,
        "due": outlook.due.day.isoformat(),
        "provisional": outlook.due.provisional,
        "papers": [
            {"paper": paper.kind, "required": paper.required, "source": paper.source}
            for paper in outlook.wanted
        ],
    }


def _rule(failure: FailedRule, message: str) -> dict[str, Any]:
    return {
        "rule": failure.rule,
        "severity": failure.severity,
        "side": failure.side,
        "solved_by": failure.solved_by,
        "message": getattr(failure, message),
        "source": failure.source,
    }


def _lines(outlook: Outlook, message: str) -> Iterator[str]:
    change, due = outlook.change, outlook.due
    yield f"{change.version.process} v{change.version.number}  {change.version.title}"
    yield f"begun on the side of: {', '.join(change.initiators)}"
    for name, side in change.sides.items():
        yield f"{name}: {side.school.name}, under {', '.join(side.packs)}"
    given = [f"{name}={answer}" for name, answer in change.form.answers().items() if answer not in (None, "")]
    yield f"form: {', '.join(given)}"
    yield f"Rules that it breaks: {len(outlook.failed) or 'none'}"
    for failure in outlook.failed:
        yield f"  {failure.severity} {failure.rule} ({failure.side})  {getattr(failure, message)}"
        yield f"    {failure.source}; who can solve it: {SOLVED_BY[failure.solved_by]}"
    yield "Levels:"
    yield from (step_line(number, step) for number, step in enumerate(outlook.steps, 1))
    doubt = " (provisional)" if due.provisional else ""
    yield f"The whole: {outlook.limit_days} working days, by {due.day}{doubt}"
    yield f"Papers: {len(outlook.wanted) or 'none'}"
    for paper in outlook.wanted:
        yield f"  {'required' if paper.required else 'possible'} {paper.kind}  {paper.source}"
