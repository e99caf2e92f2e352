"""What else an officer does with a task, beside an approval of the same task: reject, return for correction, recall.

All are service calls by an officer who is known, each in a session of its own as a request has. What brings the cases
to where they wait does not count.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from time import perf_counter

from sqlalchemy.orm import Session

from bench.approving import prepared_roads, service
from bench.cases import Road, Waiting, copy_case, waiting_tasks
from bench.rounds import Figures, figure, in_turn, merged, ratio
from bench.site import Site, own_site
from models.enums import Outcome, PaperKind
from webapp.services.cases.decisions import decide, return_to_applicant
from webapp.services.cases.recalls import recall

CASES_AT_ONCE = 20
STEPS_BEFORE = 2  # of the receiving school
REASON = "居住证明看不清"
GROUND = "DATA_WRONG"

Action = Callable[[Session, Waiting], object]


def approve(session: Session, task: Waiting) -> None:
    """Approve a task that waits."""
    decide(session, task.officer, task.task_id, outcome=Outcome.APPROVE, version=task.version, opinion=REASON)


def reject(session: Session, task: Waiting) -> None:
    """Reject it, which ends the case."""
    decide(
        session,
        task.officer,
        task.task_id,
        outcome=Outcome.REJECT,
        version=task.version,
        opinion=REASON,
        code=GROUND,
    )


def send_back(session: Session, task: Waiting) -> None:
    """Return it to the family, for another proof of residence."""
    items = (PaperKind.PROOF_OF_RESIDENCE,)
    return_to_applicant(session, task.officer, task.task_id, items=items, reason=REASON, version=task.version)


def take_back(session: Session, task: Waiting) -> None:
    """Recall the approval that was given last."""
    recall(session, task.officer, task.task_id, version=task.version + 1, reason=REASON)


ACTIONS: Mapping[str, Action] = {
    "approve": approve,
    "reject": reject,
    "return": send_back,
    "recall": take_back,
}


def measure(*, rounds: int = 50, seconds: float = 0.1) -> Figures:
    """Return the milliseconds of each action, and what those beside the approval take over it."""
    with own_site() as site, prepared_roads(site, 1) as (roads, _):
        sides = {name: partial(_turn, site, roads[0], action) for name, action in ACTIONS.items()}
        taken = in_turn(sides, rounds=rounds, seconds=seconds)
    return merged(
        *(figure(f"{name}_ms", [1000 * each for each in taken[name]]) for name in ACTIONS),
        *(
            ratio(f"{name}_over_approve", taken[name], taken["approve"])
            for name in ACTIONS
            if name != "approve"
        ),
    )


def _turn(site: Site, road: Road, action: Action, seconds: float) -> float:
    """Return the seconds that one action took on average of a turn."""
    total, number = 0.0, 0
    while total < seconds:
        waiting = _at_the_county(site, road, CASES_AT_ONCE)
        if action is take_back:
            _approve_all(site, waiting)
        begin = perf_counter()
        for task in waiting:
            with site.session() as session:
                action(session, task)
        total, number = total + perf_counter() - begin, number + len(waiting)
    return total / number


def _at_the_county(site: Site, road: Road, number: int) -> Sequence[Waiting]:
    """Bring new cases to the receiving county."""
    with site.connection() as connection:
        case_ids = copy_case(connection, road, number)
        for _ in range(STEPS_BEFORE):
            _approve_all(site, waiting_tasks(connection, road, case_ids))
        return waiting_tasks(connection, road, case_ids)


def _approve_all(site: Site, waiting: Sequence[Waiting]) -> None:
    by_service = service(site)
    for task in waiting:
        by_service(task)
