"""What comes after its time has no effect; if it says the opposite of what stands here, somebody has to ring up."""

from typing import Any

import pytest

from models import ChangeRequest, Task
from models.enums import CaseState, MessageKind, Outcome, TaskState
from tests.webapp.exchange.sample_messages import BODIES
from webapp.services.exchange.awaited import ContradictionError, TooLateError, late
from webapp.services.exchange.messages import read_body

APPROVED, REJECTED = ("decided", {}), ("decided", {"outcome": "reject"})
VALIDATED, REFUSED, PULLED, ENDED = (("validated", {}), ("refused", {}), ("pulled", {}), ("ended", {}))
EVERY = (APPROVED, REJECTED, VALIDATED, REFUSED, PULLED, ENDED)


def answer(said: tuple[str, dict[str, Any]], state: CaseState, taken: Outcome | None, *, bound: bool):
    kind, changes = said
    body = read_body(MessageKind(kind), BODIES[kind] | changes)
    tasks = [] if taken is None else [Task(state=TaskState.DONE, outcome=taken)]
    return late(body, ChangeRequest(state=state), tasks, bound=bound)


@pytest.mark.parametrize("said", EVERY)
@pytest.mark.parametrize(
    ("state", "taken", "bound", "contradicted"),
    [
        (CaseState.COMPLETED, Outcome.APPROVE, True, (REJECTED, REFUSED, ENDED)),
        (CaseState.COMPLETED, Outcome.APPROVE, False, (REJECTED, REFUSED, ENDED)),
        (CaseState.IN_REVIEW, Outcome.APPROVE, False, (REJECTED, REFUSED, ENDED)),
        (CaseState.IN_REVIEW, None, False, ()),
        (CaseState.REJECTED, Outcome.REJECT, False, (APPROVED, PULLED)),
        (CaseState.WITHDRAWN, None, False, (PULLED,)),
        (CaseState.REVOKED, None, True, (APPROVED, PULLED)),
        (CaseState.REVOKED, Outcome.APPROVE, False, (PULLED,)),
    ],
)
def test_what_is_the_opposite_of_what_stands_here_is_told_from_what_comes_too_late(
    said: tuple[str, dict[str, Any]],
    state: CaseState,
    taken: Outcome | None,
    bound: bool,
    contradicted: tuple[tuple[str, dict[str, Any]], ...],
) -> None:
    expected = ContradictionError if said in contradicted else TooLateError
    assert isinstance(answer(said, state, taken, bound=bound), expected)
