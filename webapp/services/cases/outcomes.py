"""What an act on a task changes: the case moves on, ends, or goes back (审批动作, domain 3.0.4b).

Whether they may is asked before: of officers in `decisions`, of other provinces in `outside`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest
from models.enums import (
    CaseState,
    EventKind,
    FormField,
    NoticeKind,
    Outcome,
    PaperKind,
    Role,
)
from webapp import clock, errors
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases import history, returns
from webapp.services.cases.acts import Act, require_decision, require_reason
from webapp.services.cases.advances import advance_of, require_history
from webapp.services.cases.beside import CLOSED, engine_key
from webapp.services.cases.chain import Event, Plain
from webapp.services.cases.rejections import listed_ground
from webapp.services.cases.routing import engine_facts, new_tasks
from webapp.services.cases.rows import Decision
from webapp.services.changes.change import EXCEPTION
from webapp.services.changes.eligibility import require_eligible
from webapp.services.changes.places import lock_places
from webapp.services.changes.planning import change_of_case, effect_of
from webapp.services.registry import record
from workflows.definition import Step
from workflows.engine import Advance


def decision_on(session: Session, act: Act, outcome: str) -> Decision:
    """Return what this outcome changes; nothing is written yet.

    Raises RecordChanged once the case was handed back, and the caller commits that.
    """
    require_decision(act.case, outcome)
    if not act.case.blocking:
        return _acknowledgement(session, act, outcome)
    if outcome == Outcome.REJECT:
        return _rejection(session, act)
    if outcome in act.task.step.outcomes:
        return _approval(session, act, outcome)
    raise errors.UnknownOutcome(outcome=outcome, allowed=(*_offered(act.task.step), Outcome.REJECT))


def _offered(step: Step) -> tuple[str, ...]:
    """What a step offers, so that it can be said in words: the diagram's own, or one that every language knows."""
    return tuple(step.named.get(outcome) or Outcome(outcome) for outcome in step.outcomes)


def _approval(session: Session, act: Act, outcome: str) -> Decision:
    case = act.case
    if act.task.step.form == EXCEPTION:
        require_reason(act.opinion)
    if act.task.takes_place:
        _require_place(session, case.id)
    advance = advance_of(session, case, act.task.definition, outcome)
    payload: dict[str, Any] = {"skipped": {task.key: task.reason for task in advance.skipped}}
    closed = [key for key in advance.closed if key != case.engine_key]
    if beside := [key for key, origin in case.asked if engine_key(origin) in closed]:
        payload[CLOSED] = beside
    calendar = calendar_of(session, revision=case.calendar_revision)
    moved = {
        "token": advance.state,
        "opened": new_tasks(advance.opened, case.seats, calendar, act.at),
        "closes": [*closed, *beside],
    }
    if not advance.ended:
        # Otherwise the family hears of it as the case arrives at the next step.
        tells = () if advance.opened or outcome != Outcome.APPROVE else (NoticeKind.APPROVED,)
        return _decision(
            session, act, outcome, EventKind.DECIDED, payload, state=CaseState.IN_REVIEW, tells=tells, **moved
        )
    change = _change_of_record(session, act, outcome, advance)
    return _decision(
        session,
        act,
        outcome,
        EventKind.COMPLETED,
        payload | {"record": {"before": change.before, "after": change.after}},
        state=CaseState.COMPLETED,
        record=change.statements,
        tells=(NoticeKind.COMPLETED,),
        **moved,
    )


def _change_of_record(session: Session, act: Act, outcome: str, advance: Advance) -> record.RecordChange:
    """Return what to write, on the record that the case was opened on; else the case goes back, never over."""
    as_opened = record.lock_as_opened(session, act.case.id)
    if as_opened is None:
        send_back(session, act, EventKind.RECORD_CONFLICT, items=(), reason=errors.RecordChanged.template())
        raise errors.RecordChanged
    log = history.log_of(history.Move(*told) for told in as_opened.told)
    require_history(act.case, act.task.definition, outcome, log, advance)
    facts = engine_facts(act.case.facts)
    return effect_of(session, as_opened, act.task.definition, facts, clock.day_of(act.at))


def _rejection(session: Session, act: Act) -> Decision:
    """Reject (不通过): ends the case whatever else is open; ground and reason are mandatory (domain 3.0.1, 3.1.5)."""
    require_reason(act.opinion)
    return _decision(
        session,
        act,
        Outcome.REJECT,
        EventKind.REJECTED,
        _ground_of(act),
        state=CaseState.REJECTED,
        token=act.case.token,
        cancels_others=True,
        tells=(NoticeKind.REJECTED,),
    )


def _ground_of(act: Act) -> dict[str, Any]:
    """Return the listed ground of a rejection as the history keeps it; another province answers in text alone."""
    if act.case.role == Role.COUNTERPART:
        return {}
    ground = listed_ground(act.task.definition, act.task.step.seat, act.case.facts, act.code)
    return {"ground": asdict(ground)}


def _acknowledgement(session: Session, act: Act, outcome: str) -> Decision:
    """Acknowledge a filing (备案): it records and decides nothing, so the case stays as it is."""
    if outcome != Outcome.ACKNOWLEDGE:
        raise errors.UnknownOutcome(outcome=outcome, allowed=Outcome.ACKNOWLEDGE)
    return _decision(
        session,
        act,
        outcome,
        EventKind.ACKNOWLEDGED,
        {},
        state=CaseState(act.case.state),
        token=act.case.token,
    )


def _decision(
    session: Session,
    act: Act,
    outcome: str,
    kind: EventKind,
    payload: Mapping[str, Any],
    **changes: Any,  # noqa: ANN401 - the rest of Decision, checked there
) -> Decision:
    event = _entry(session, act, kind, {"opinion": act.opinion, **act.evidence, **payload}, outcome)
    away = act.post.instead_of if act.post else None
    away_id = away.account_id if away else None
    return Decision(act.case, act.at, act.actor_id, outcome=outcome, event=event, away_id=away_id, **changes)


def _require_place(session: Session, case_id: int) -> None:
    """The receiving school cannot agree without a free place (T-P8); NotEligible says so."""
    case = session.get_one(ChangeRequest, case_id)
    lock_places(session, case.to_school_id, case.form["grade"])
    require_eligible(session, change_of_case(session, case), "receiving_school")


def send_back(
    session: Session,
    act: Act,
    kind: EventKind,
    *,
    items: Sequence[PaperKind] = (),
    fields: Sequence[FormField] = (),
    codes: Sequence[str] = (),
    reason: str,
) -> None:
    """Hand the case back to the applicant; it resumes at this very task."""
    asked: dict[str, Plain] = {"items": [*items], "fields": [*fields], "codes": [*codes], "opinion": reason}
    returns.open_return(session, act.case, _entry(session, act, kind, {**asked, **act.evidence}))


def _entry(
    session: Session, act: Act, kind: EventKind, payload: Mapping[str, Plain], outcome: str | None = None
) -> Event:
    return history.entry(
        session,
        act.case,
        kind,
        at=act.at,
        actor_id=act.actor_id,
        post=act.post,
        task_key=act.case.task_key,
        outcome=outcome,
        payload=payload,
    )
