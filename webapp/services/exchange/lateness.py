"""What comes when nothing waits for it any more: it has no effect, or says the opposite of what stands here."""

from collections.abc import Sequence

from models import ChangeRequest, Task
from models.enums import CaseState, Outcome, TaskState
from webapp.services.exchange.messages import Body, Decided, Ended, Pulled, Refused

UNSUCCESSFUL = (CaseState.REJECTED, CaseState.WITHDRAWN, CaseState.REVOKED, CaseState.TERMINATED)


class TooLateError(Exception):
    """A message can have no effect any more, or never could; the text says why."""


class ContradictionError(Exception):
    """A message says the opposite of what stands here already; the text says of what. Somebody has to ring up."""


def late(
    body: Body, case: ChangeRequest, tasks: Sequence[Task], *, bound: bool
) -> TooLateError | ContradictionError:
    """Return what to raise for a message that nothing waits for.

    `tasks` are those that it could have answered; `bound` is whether we told them that our side agrees.
    """
    if case.state == CaseState.COMPLETED and _is_against(body):
        return ContradictionError("the case was completed, and the pupil is at the other school")
    if case.state.is_open and _is_against(body) and _was(Outcome.APPROVE, tasks):
        return ContradictionError("the step that it answers was approved")
    if case.state in UNSUCCESSFUL and _is_last_word(body, bound=bound or _was(Outcome.REJECT, tasks)):
        return ContradictionError(f"the case has ended without success: {case.state}")
    if not case.state.is_open:
        return TooLateError(f"the case has ended already: {case.state}")
    return TooLateError("the step that it answers is decided already" if tasks else "no step waits for it")


def _is_against(body: Body) -> bool:
    return isinstance(body, Refused | Ended) or (isinstance(body, Decided) and body.outcome == "reject")


def _is_last_word(body: Body, *, bound: bool) -> bool:
    """Whether the transfer is done for the other side: the file pulled, or both agreed as far as it knows."""
    return isinstance(body, Pulled) or (bound and isinstance(body, Decided) and body.outcome == "approve")


def _was(outcome: Outcome, tasks: Sequence[Task]) -> bool:
    return any(task.state == TaskState.DONE and task.outcome == outcome for task in tasks)
