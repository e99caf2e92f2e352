"""What an officer does with a task: approve, reject, acknowledge, return (审批动作, domain 3.0.4b).

Each is one transaction in the same order: load, may they, is it still so, do it, write it down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy.orm import Session

from models import Account, ChangeRequest
from models.enums import ADVICE, Ask, CaseState, EventKind, FormField, Outcome, PaperKind, Role
from webapp import clock, errors
from webapp.policy import (
    Person,
    Post,
    Taken,
    acting,
    is_close_to,
    is_kept_from_own_application,
    posts_for,
    step_that_keeps,
)
from webapp.services.cases import history
from webapp.services.cases.acts import (
    Act,
    OpenTask,
    OwnQuestion,
    check_still_open,
    check_waits,
    locked_for,
    require_decision,
    require_reason,
)
from webapp.services.cases.chain import Plain
from webapp.services.cases.claims import ClaimedByColleague
from webapp.services.cases.diagram_timers import set_timers
from webapp.services.cases.outcomes import decision_on, send_back
from webapp.services.cases.reviews import require_correctable, require_mendable
from webapp.services.cases.rows import Decision, write_decisions
from webapp.services.offices.addressees import reroute_tasks

NOTHING_ELSE: Mapping[str, Plain] = MappingProxyType({})


class Decided(NamedTuple):
    """How a case stands after a decision: its state, and whether it goes on only when others have decided too."""

    state: CaseState
    waits_for_others: bool


def decide(
    session: Session,
    officer: Person,
    task_id: int,
    *,
    outcome: str,
    version: int,
    opinion: str = "",
    code: str | None = None,
) -> Decided:
    """Approve, reject or acknowledge a task, or what else its step offers; return how the case stands then.

    `version` is the case's as the officer saw it; `code` names the ground on which he rejects. Raises a Refusal,
    after which nothing has changed but, when the last approval met a changed record, that the case is returned to the
    applicant (RecordChanged).
    """
    act = act_of(session, officer, task_id, version=version, opinion=opinion)
    decision = decision_or_return(session, replace(act, code=code), outcome)
    carry_out(session, decision)
    session.commit()
    return Decided(decision.state, decision.waits_for_others)


def decision_or_return(session: Session, act: Act, outcome: str) -> Decision:
    """Return what this outcome changes; if the case went back instead, commit that and raise RecordChanged."""
    try:
        return decision_on(session, act, outcome)
    except errors.RecordChanged:
        session.commit()
        raise


def carry_out(session: Session, *decisions: Decision) -> None:
    """Write decisions, and what follows beside them: timers, and who takes the tasks beside theirs.

    Nobody decides for two offices, nor steps that are separate.
    """
    write_decisions(session, *decisions)
    going_on = [one for one in decisions if one.state.is_open]
    for one in going_on:
        set_timers(session, one.case.id, one.case.process_version_id, one.case.process_sha256)
    if beside := {task_id for one in going_on for task_id in one.case.beside}:
        reroute_tasks(session, beside, clock.today())


def return_to_applicant(
    session: Session,
    officer: Person,
    task_id: int,
    *,
    items: Sequence[PaperKind] = (),
    fields: Sequence[FormField] = (),
    reason: str,
    version: int,
) -> None:
    """Ask the applicant to mend the ticked papers and fields (退回补正); the clock stands still until the case is back.

    It resumes at this very task, or begins anew if a key field has changed. Raises ReasonMissing, NothingTicked,
    PaperNotListed or FieldNotListed, and what `decide` raises.
    """
    act = act_of(session, officer, task_id, version=version, opinion=reason)
    require_decision(act.case, Outcome.RETURN)
    require_reason(reason)
    if not (items or fields):
        raise errors.NothingTicked
    if not act.case.blocking:
        raise errors.UnknownOutcome(outcome=Outcome.RETURN, allowed=Outcome.ACKNOWLEDGE)
    require_mendable(session, act.case.id, items)
    if fields:
        require_correctable(session.get_one(ChangeRequest, act.case.id), fields)
    send_back(session, act, EventKind.RETURNED, items=items, fields=fields, reason=reason)
    session.commit()


def act_of(session: Session, officer: Person, task_id: int, *, version: int, opinion: str) -> Act:
    """Lock a task's case, and return the officer's act on it; what `act_on` raises, NoSuchTask or AccountIsDisabled."""
    task, now = locked_for(session, officer, task_id)
    return act_on(session, now, task, version=version, opinion=opinion)


def act_on(
    session: Session,
    officer: Person,
    task: OpenTask,
    *,
    version: int,
    opinion: str,
    evidence: Mapping[str, Plain] = NOTHING_ELSE,
) -> Act:
    """Return an officer's act on a task, once it is clear that he may and that it is still as he saw it."""
    post = _post_that_may(session, officer, task)
    check_still_open(session, task.case, version)
    return Act(task, officer.account_id, post, opinion.strip(), clock.now(), evidence)


def _post_that_may(session: Session, officer: Person, task: OpenTask) -> Post:
    """Return the first post in which he may decide; what keeps him from it in the first one if there is none."""
    refusals: list[errors.Refusal] = []
    for post in posts_for(officer, task.case.office_id, Role(task.case.role)):
        try:
            _require_may(session, officer, post, task)
        except errors.Refusal as refusal:
            refusals.append(refusal)
        else:
            return post
    raise refusals[0] if refusals else errors.NotAllowed


def _require_may(session: Session, officer: Person, post: Post, task: OpenTask) -> None:
    case, step = task.case, task.step
    accounts = acting(officer, post)
    if is_close_to(officer, post, case.student_id):
        raise errors.OwnChild
    check_waits(session, case)  # before the claim, as the loser of a race is to read who decided
    if case.claimed_by_id not in {None, *accounts}:
        raise ClaimedByColleague(name=session.get_one(Account, case.claimed_by_id).name)
    if case.ask in ADVICE:  # who then decides is another
        if not accounts.isdisjoint(history.who_asked(history.events_of(session, case.id), case.task_key)):
            raise OwnQuestion
        return
    taken = (Taken(*each) for each in case.taken)
    own_step = (step.id,) if case.ask == Ask.COSIGNATURE else ()
    kept_by = step_that_keeps(
        accounts,
        taken,
        key=case.task_key,
        separate_from=(*step.apart, *own_step),
        deciding_for=case.seat_office_id if case.blocking else None,
    )
    if kept_by:
        raise errors.DutiesSeparated(step=task.definition.steps[kept_by].name)
    if is_kept_from_own_application(accounts, case.applicant_ids, Role(case.seat_role)):
        raise errors.DutiesSeparated(step=EventKind.OPENED)
