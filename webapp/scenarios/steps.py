"""`when`: what happens in a scenario, step by step, through the services that the pages call."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from models import ChangeRequest
from models.enums import Outcome, PaperKind
from webapp.errors import Refusal
from webapp.policy import Person
from webapp.scenarios import colleagues, records
from webapp.scenarios.applying import Apply, open_case
from webapp.scenarios.lists import Import, import_list
from webapp.scenarios.looking import Look, look
from webapp.scenarios.offices import (
    AtSeat,
    Bulk,
    Decide,
    Recall,
    Stop,
    next_task,
    revoke,
    take,
    take_back,
    take_decision,
    take_together,
    terminate,
)
from webapp.scenarios.refusals import Expect, check_refusal, words_of
from webapp.scenarios.strict import OneOf, Strict, UnexpectedError
from webapp.scenarios.students import Issue, Register, bring_up_to_date, issue_number, make_student
from webapp.scenarios.world import World
from webapp.services.cases import corrections, urging
from webapp.services.changes.eligibility import NotEligible
from webapp.services.papers.made_up import upload_made_up_papers

OF_LATER = "leave campaign checkin excuse prompt choose graduate report"


class Resubmit(Strict):
    """A returned case is handed in again, with papers uploaded anew."""

    by: Literal["guardian"] = "guardian"
    student: str | None = None
    papers: tuple[PaperKind, ...] = ()


class Urge(Strict):
    """The offices that the case waits for are reminded."""

    by: Literal["guardian"] = "guardian"
    student: str | None = None


class Withdraw(Strict):
    """The application is taken back."""

    by: Literal["guardian"] = "guardian"
    student: str | None = None


class Step(OneOf):
    """One thing that happens, `as` a named person if it matters who does it."""

    later = frozenset(OF_LATER.split())
    beside = frozenset({"as_", "expect"})

    register_: Register | None = Field(default=None, alias="register")
    issue: Issue | None = None
    import_: Import | None = Field(default=None, alias="import")
    look: Look | None = None
    apply: Apply | None = None
    resubmit: Resubmit | None = None
    decide: Decide | None = None
    bulk: Bulk | None = None
    return_: colleagues.Return | None = Field(default=None, alias="return")
    recall: Recall | None = None
    ask: colleagues.Question | None = None
    delegate: colleagues.Delegate | None = None
    answer: colleagues.Answer | None = None
    take_back: AtSeat | None = None
    claim: AtSeat | None = None
    release: AtSeat | None = None
    reassign: colleagues.Reassign | None = None
    copy_: colleagues.Copied | None = Field(default=None, alias="copy")
    substitute: colleagues.Substitute | None = None
    revoke: Stop | None = None
    terminate: Stop | None = None
    edit: records.Edit | None = None
    sanction: records.Sanctioned | None = None
    revoke_sanctions: records.Revoked | None = None
    problem: records.Problem | None = None
    urge: Urge | None = None
    withdraw: Withdraw | None = None
    clock: AwareDatetime | None = None
    as_: str | None = Field(default=None, alias="as")
    expect: Expect | None = None


def perform(world: World, step: Step, *, may_be_refused: bool) -> None:
    """Do a step and what the worker does after it; UnexpectedError if it is not refused as it expects.

    With `may_be_refused` a refusal that the step does not expect is left to the scenario's `then`.
    """
    name, what = step.chosen
    actor = world.people.named(step.as_) if step.as_ else None
    try:
        _PERFORM[name](world, what, actor)
    except Refusal as refusal:
        world.session.rollback()
        world.refused = refusal if isinstance(refusal, NotEligible) else None
        if step.expect is not None:
            check_refusal(step.expect, refusal)
        elif not (may_be_refused and world.refused):
            raise UnexpectedError(f"refused: {words_of(refusal)}") from refusal
    else:
        if step.expect is not None:
            raise UnexpectedError("it was to be refused, but went through")
    if step.look is None:  # which leaves nothing to be done
        world.work()


def settle(world: World, case: ChangeRequest, state: str) -> None:
    """Bring a case that was just opened to a state by what leads there."""
    if state == "withdrawn":
        corrections.withdraw(world.session, world.people.guardian(case.student), case.id)
    elif state == "rejected":
        take(world, next_task(case), Outcome.REJECT, "不符合条件")
    elif state == "completed":
        while case.state.is_open:
            take(world, next_task(case), Outcome.APPROVE, "")


def _register(world: World, register: Register, _: Person | None) -> None:
    make_student(world, register.student, register)
    bring_up_to_date(world, register.student, register)


def _issue(world: World, issue: Issue, _: Person | None) -> None:
    issue_number(world, issue)


def _look(world: World, wanted: Look, _: Person | None) -> None:
    look(world, wanted)


def _apply(world: World, apply: Apply, actor: Person | None) -> None:
    open_case(world, apply, actor)


def _resubmit(world: World, resubmit: Resubmit, actor: Person | None) -> None:
    case = world.case(resubmit.student)
    guardian = actor or world.people.guardian(case.student)
    upload_made_up_papers(world.session, guardian, case, resubmit.papers)
    corrections.resubmit(world.session, guardian, case.id)


def _urge(world: World, urge: Urge, actor: Person | None) -> None:
    case = world.case(urge.student)
    urging.urge(world.session, actor or world.people.guardian(case.student), case.id)


def _withdraw(world: World, withdraw: Withdraw, actor: Person | None) -> None:
    case = world.case(withdraw.student)
    corrections.withdraw(world.session, actor or world.people.guardian(case.student), case.id)


def _clock(world: World, to: datetime, _: Person | None) -> None:
    world.move_clock(to)


_PERFORM: Mapping[str, Callable[[World, Any, Person | None], None]] = {
    "register": _register,
    "issue": _issue,
    "import": import_list,
    "look": _look,
    "apply": _apply,
    "resubmit": _resubmit,
    "decide": take_decision,
    "bulk": take_together,
    "return": colleagues.send_back,
    "ask": colleagues.ask,
    "delegate": colleagues.delegate,
    "answer": colleagues.answer,
    "take_back": colleagues.take_question_back,
    "claim": colleagues.claim,
    "release": colleagues.release,
    "reassign": colleagues.reassign,
    "copy": colleagues.copy,
    "substitute": colleagues.substitute,
    "recall": take_back,
    "revoke": revoke,
    "terminate": terminate,
    "edit": records.edit,
    "sanction": records.enter_sanction,
    "revoke_sanctions": records.revoke_sanctions,
    "problem": records.problem,
    "urge": _urge,
    "withdraw": _withdraw,
    "clock": _clock,
}
