"""What the engine answers to a decision: by the state stored beside the case, and at the end by the history alone."""

import logging
from functools import lru_cache

from sqlalchemy.orm import Session

from webapp import errors
from webapp.services.cases import history
from webapp.services.cases.locks import LockedCase
from webapp.services.cases.routing import FactsKey, engine_facts, facts_as_key
from workflows import engine
from workflows.definition import Definition
from workflows.state import StateError

ANSWERS_REMEMBERED = 10_000  # about a kilobyte each

log = logging.getLogger(__name__)


def advance_of(session: Session, case: LockedCase, definition: Definition, outcome: str) -> engine.Advance:
    """Return what an outcome of a locked case's task brings about; HistoryDiffers.

    A stored state is only a cache, and what it does not know is the history's to say.
    """
    known = facts_as_key(engine_facts(case.facts))
    try:
        return _complete(definition, case.token, case.engine_key, outcome, known)
    except (StateError, engine.TaskNotOpen):
        return _by_history(case, definition, outcome, history.log_of_case(session, case.id))


def require_history(
    case: LockedCase, definition: Definition, outcome: str, log: history.Log, advance: engine.Advance
) -> None:
    """Raise HistoryDiffers unless the decisions lead to the same end: no record is changed without them."""
    if _by_history(case, definition, outcome, log).state != advance.state:
        raise errors.HistoryDiffers


def _by_history(
    case: LockedCase, definition: Definition, outcome: str, decided: history.Log
) -> engine.Advance:
    known = facts_as_key(engine_facts(case.facts))
    state = history.folded(definition, known, decided).state
    try:
        return _complete(definition, state, case.engine_key, outcome, known)
    except engine.TaskNotOpen as forged:
        log.error("Case %s does not stand where its history leads to: %s", case.number, forged)
        raise errors.HistoryDiffers from forged


# The engine is pure and knows nothing of a person, so that cases on the same way have the same answers.
@lru_cache(maxsize=ANSWERS_REMEMBERED)
def _complete(
    definition: Definition, state: bytes, task_key: str, outcome: str, facts: FactsKey
) -> engine.Advance:
    return engine.complete(definition, state, task_key, outcome, dict(facts))
