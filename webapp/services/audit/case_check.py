"""Is the history of one case whole, and do the rows of the case and its tasks say what it says? Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from models.enums import CaseState, EventKind, Role, Seat, TaskState
from webapp.services.audit.findings import Fault, Finding
from webapp.services.cases.beside import REACHED, Asked, asked_in, step_of
from webapp.services.cases.chain import Event, Plain, canonical, event_mac, first_link, sealed

STATE_AFTER = {
    EventKind.OPENED: CaseState.IN_REVIEW,
    EventKind.DECIDED: CaseState.IN_REVIEW,
    EventKind.RETURNED: CaseState.RETURNED,
    EventKind.RESUBMITTED: CaseState.IN_REVIEW,
    EventKind.REJECTED: CaseState.REJECTED,
    EventKind.WITHDRAWN: CaseState.WITHDRAWN,
    EventKind.REVOKED: CaseState.REVOKED,
    EventKind.TERMINATED: CaseState.TERMINATED,
    EventKind.FIRED: CaseState.IN_REVIEW,
    EventKind.RECORD_CONFLICT: CaseState.RETURNED,
    EventKind.COMPLETED: CaseState.COMPLETED,
}  # Every other kind leaves a case in the state it is in.
# What the tasks are that they close, the decisions say when they are folded.
CLOSES_OTHERS = (
    EventKind.DECIDED,
    EventKind.COMPLETED,
    EventKind.RECALLED,
    EventKind.UNASKED,
    EventKind.FIRED,
)
GIVES_ITS_TASK_BACK = (EventKind.RECALLED, EventKind.UNASKED)
WAITING = (TaskState.OPEN, TaskState.SUSPENDED)
ENDS_ITS_TASK = (
    EventKind.DECIDED,
    EventKind.SIGNED,
    EventKind.ANSWERED,
    EventKind.REJECTED,
    EventKind.ACKNOWLEDGED,
    EventKind.COMPLETED,
)


@dataclass(slots=True)
class CaseRows:
    """What the database holds of one case; `case` is None if its row is gone."""

    case_id: int
    case: Row[Any] | None = None
    events: list[Event] = field(default_factory=list)
    tasks: list[Row[Any]] = field(default_factory=list)
    papers: list[Row[Any]] = field(default_factory=list)
    returns: list[tuple[Plain, ...]] = field(default_factory=list)
    """Papers and fields ticked, codes and reason of what the case waits for."""

    @property
    def name(self) -> str:
        """The case's number where it has one."""
        return (self.case and self.case.number) or f"case {self.case_id}"


@dataclass(frozen=True, slots=True)
class _End:
    """How a task's row stands: ended, by whom and when, or not."""

    state: str
    outcome: str | None = None
    ended_at: datetime | None = None
    ended_by_id: int | None = None


@dataclass(slots=True)
class _Told:
    """What a history tells of its case and of the tasks it saw ended."""

    state: str = CaseState.DRAFT
    submitted_at: datetime | None = None
    ended_at: datetime | None = None
    seal: dict[str, Any] = field(default_factory=dict)
    process: Plain = None
    papers: Mapping[str, Plain] = field(default_factory=dict)
    asked_for: Collection[Plain] = ()
    may_add: bool = False
    returns: list[tuple[Plain, ...]] = field(default_factory=list)
    ends: dict[str, _End] = field(default_factory=dict)
    cancelled: list[_End] = field(default_factory=list)
    asked: dict[str, Asked] = field(default_factory=dict)
    """Who was asked beside the diagram, by the key of his task."""
    posts: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    """In which office and role each task was ended."""

    def hear(self, event: Event) -> None:
        """Take in the next event."""
        state = STATE_AFTER.get(event.kind, self.state)
        if event.kind == EventKind.OPENED:
            self.submitted_at, self.process = event.at, event.payload.get("process")
        if state != self.state:
            self.ended_at = None if CaseState(state).is_open else event.at
        self.state = state
        if isinstance(seal := event.payload.get("case"), Mapping):
            self.seal |= seal
        if isinstance(papers := event.payload.get("papers"), Mapping):
            self.papers = papers
        if event.kind in STATE_AFTER:
            asked_for = event.payload.get("items")
            self.asked_for = asked_for if isinstance(asked_for, list) else ()
            self.may_add = bool(event.payload.get("fields"))
            wanted = tuple(event.payload.get(what) for what in ("items", "fields", "codes", "opinion"))
            self.returns = [wanted] if state == CaseState.RETURNED else []
        self._hear_of_tasks(event)

    def _hear_of_tasks(self, event: Event) -> None:
        if event.task_key and event.outcome and event.kind in ENDS_ITS_TASK:
            self.ends[event.task_key] = _End(TaskState.DONE, event.outcome, event.at, event.actor_id)
            if event.office_id is not None:  # else another province answered
                self.posts[event.task_key] = event.office_id, event.role
        if event.task_key and event.kind in GIVES_ITS_TASK_BACK:
            self.ends.pop(event.task_key, None)
            self.posts.pop(event.task_key, None)
        if asked := asked_in(event):
            self.asked[asked.key] = asked
        if event.kind in CLOSES_OTHERS or REACHED in event.payload:
            self.cancelled.append(_End(TaskState.CANCELLED, ended_at=event.at))


def check_case(key: bytes, rows: CaseRows) -> list[Finding]:
    """Return what is wrong with one case; its rows are held against its history only if that is whole."""
    if rows.case is None:
        return [Finding(Fault.CASE_MISSING, rows.name, "it has entries or tasks, but is gone itself")]
    broken = [*_broken_links(key, rows), *_wrong_end(rows, rows.case)]
    if broken:
        return broken
    told = _Told()
    for event in rows.events:
        told.hear(event)
    return [
        *_case_differences(rows, rows.case, told),
        *_task_differences(rows, told),
        *_paper_differences(rows, told),
        *_return_differences(rows, told),
    ]


def _broken_links(key: bytes, rows: CaseRows) -> Iterator[Finding]:
    previous, expected = first_link(key, rows.case_id), 1
    for event in rows.events:
        if event.seq != expected:
            what = f"between the entries {expected - 1} and {event.seq} there are some missing"
            yield Finding(Fault.ENTRY_MISSING, rows.name, what)
        elif event.mac != event_mac(key, previous, event):
            what = f"entry {event.seq} is not what was written, or not where it was written"
            yield Finding(Fault.ENTRY_ALTERED, rows.name, what)
        previous, expected = event.mac, event.seq + 1


def _wrong_end(rows: CaseRows, case: Row[Any]) -> Iterator[Finding]:
    count = len(rows.events)
    if case.event_count != count:
        what = f"it counts {case.event_count} entries, and there are {count}"
        yield Finding(Fault.END_DIFFERS, rows.name, what)
    elif count and case.last_mac != rows.events[-1].mac:
        yield Finding(Fault.END_DIFFERS, rows.name, f"entry {count} is not the one it ends with")


def _case_differences(rows: CaseRows, case: Row[Any], told: _Told) -> Iterator[Finding]:
    differing = [
        column
        for column in ("state", "submitted_at", "ended_at")
        if getattr(case, column) != getattr(told, column)
    ]
    if rows.events:
        seal = sealed(case._asdict())
        differing += [
            column for column in seal if canonical(seal[column]) != canonical(told.seal.get(column))
        ]
        if told.process != case.process:
            differing.append("process")
    if differing:
        yield Finding(Fault.CASE_DIFFERS, rows.name, f"not as its history says: {', '.join(differing)}")


def _task_differences(rows: CaseRows, told: _Told) -> Iterator[Finding]:
    unended = [_End(TaskState.OPEN), _End(TaskState.SUSPENDED), *told.cancelled]
    if told.ended_at:
        unended.append(_End(TaskState.CANCELLED, ended_at=told.ended_at))
    for task in rows.tasks:
        stands = _End(task.state, task.outcome, task.ended_at, task.ended_by_id)
        if stands not in ([told.ends[task.key]] if task.key in told.ends else unended):
            what = f"task {task.key} is not as the history says"
            yield Finding(Fault.TASK_DIFFERS, rows.name, what)
        elif task.state not in WAITING and not _is_itself(task, told):
            what = f"task {task.key} was of another step or post, or asked otherwise, than it says"
            yield Finding(Fault.TASK_DIFFERS, rows.name, what)
    for key in told.ends.keys() - {task.key for task in rows.tasks}:
        yield Finding(Fault.TASK_DIFFERS, rows.name, f"task {key} is gone, and the history saw it ended")


def _is_itself(task: Row[Any], told: _Told) -> bool:
    """Whether a task that waits no more is of the step, the ask and the post that the history says.

    On these rests who is kept from a later step. Those of a task that waits follow from the decisions.
    """
    asked, post = told.asked.get(task.key), told.posts.get(task.key)
    if task.seat == Seat.OUTSIDE:  # what another province says is written down in another post than its own
        post = (task.seat_office_id, Role.COUNTERPART)
    why = (asked.ask, asked.origin) if asked else (None, None)
    return (
        task.step == step_of(task.key)
        and (task.ask, task.asked_from) == why
        and post in (None, (task.office_id, task.role))
    )


def _paper_differences(rows: CaseRows, told: _Told) -> Iterator[Finding]:
    if told.state == CaseState.DRAFT:  # its papers may come and go
        return
    present = {
        (paper.kind, paper.sha256)
        for paper in rows.papers
        if paper.kind not in told.asked_for and (paper.kind in told.papers or not told.may_add)
    }
    if present != {(kind, sha256) for kind, sha256 in told.papers.items() if kind not in told.asked_for}:
        yield Finding(
            Fault.PAPERS_DIFFER, rows.name, "its papers are not those that the history saw handed in"
        )


def _return_differences(rows: CaseRows, told: _Told) -> Iterator[Finding]:
    if rows.returns != told.returns:
        yield Finding(Fault.CASE_DIFFERS, rows.name, "it does not wait for what its history says")
