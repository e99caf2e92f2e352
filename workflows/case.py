"""One case in motion: its tokens in SpiffWorkflow's tree, and what its decisions have left behind."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import TypeAlias

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.decisions import DecisionError
from workflows.definition import Definition, Step
from workflows.expressions import Expression
from workflows.specs import CaseStuck
from workflows.state import State, Tokens
from workflows.values import ExpressionError, Value

Facts: TypeAlias = Mapping[str, Value]

# Between two decisions a token passes each of the at most 500 nodes a few times; more is a circle.
_MAX_TASKS = 2_000
GOES_ROUND = "the diagram goes round in a circle that no decision ends"


class SkipReason(StrEnum):
    """Why nobody decides a step: its seat (岗位) does not exist for the case, or its skip_when holds."""

    NO_SEAT = "no_seat"
    SKIP_WHEN = "skip_when"


class Case:
    """Moves the tokens of one case; whatever stops them is a CaseStuck that names the element."""

    def __init__(self, definition: Definition, facts: Facts, state: State | None = None) -> None:
        self.open: dict[str, Task] = {}
        """The reached steps that no token has left, by task key."""
        self._definition = definition
        self._seats = _seats(facts)
        self._reached = dict(state.reached) if state else {}
        self._outcomes = dict(state.outcomes) if state else {}
        self._results = dict(state.results) if state else {}
        self._names = {**facts, **self._results}
        self._tasks_left = _MAX_TASKS
        specs = definition.specs
        self._workflow = BpmnWorkflow(
            specs[definition.key], specs, script_engine=self, deserializing=state is not None
        )
        if state is not None:
            self._restore(self._workflow, state.tokens, "")
            self._workflow.completed = state.tokens == Tokens()

    @property
    def ended(self) -> bool:
        """Whether no token is left."""
        return bool(self._workflow.completed)

    def arrivals(self) -> list[tuple[str, Step]]:
        """Run whatever nobody decides; return the steps newly reached, each with its task key."""
        while automatic := [task for task in self._all(TaskState.READY) if not task.task_spec.manual]:
            for task in automatic:
                self._run(task)
        held = {task.id for task in self.open.values()}
        return [self._arrive(task) for task in self._all(TaskState.READY) if task.id not in held]

    def skip_reason(self, step: Step) -> SkipReason | None:
        """Return why nobody decides this step, None if somebody does."""
        if step.seat not in self._seats:
            return SkipReason.NO_SEAT
        with _naming(step.id):
            skips = step.skip_when is not None and self._truth(step.skip_when, step.id)
        return SkipReason.SKIP_WHEN if skips else None

    def due(self, step: Step) -> int | None:
        """Return the working days (工作日) for this step, None for no limit."""
        with _naming(step.id):
            days = None if step.due is None else self._value(step.due, step.id)
            if days is None or (type(days) is int and days >= 0):
                return days
            raise CaseStuck(f"due yields {days!r}, which is no number of working days")

    def decide(self, key: str, step: Step, outcome: str) -> None:
        """Let the token move on from an open step with an outcome that expressions can ask for."""
        if step.id in self._definition.asked:
            self._outcomes[step.id] = outcome
        self._tasks_left = _MAX_TASKS
        self.leave(key)

    def leave(self, key: str) -> None:
        """Let the token move on from an open step that nobody decides."""
        self._run(self.open.pop(key))

    def state(self) -> State:
        """Return what is needed to go on later."""
        if not self.open and not self.ended:
            gateways = sorted({self._id(task) for task in self._all(TaskState.WAITING)})
            raise CaseStuck("the token waits for another that can never come", ", ".join(gateways))
        return State(self._tokens(self._workflow), self._reached, self._outcomes, self._results)

    def holds(self, condition: Expression, task: Task) -> bool:
        """Return whether the condition of a gateway holds (asked by its spec)."""
        return self._truth(condition, self._id(task))

    def apply_rule(self, decision: str) -> None:
        """Keep the answer of a decision table (asked by the spec of a business rule task)."""
        answer = self._definition.decisions[decision].decide(self._names)
        if answer is None:
            raise CaseStuck(f"no rule of the decision '{decision}' fits")
        self._results.update(answer)
        self._names.update(answer)

    def _restore(self, workflow: BpmnWorkflow, tokens: Tokens, path: str) -> None:
        """Hang the tokens under the root: no node of ours asks what lay between."""
        specs = workflow.spec.task_specs
        root = workflow.task_tree = Task(workflow, workflow.spec.start, state=TaskState.COMPLETED)
        for step, occurrence in tokens.open:
            self.open[f"{path}{step}:{occurrence}"] = Task(workflow, specs[step], root, TaskState.READY)
        for gateway, source in tokens.arrived:
            parent = Task(workflow, specs[source], root, TaskState.COMPLETED)
            Task(workflow, specs[gateway], parent, TaskState.WAITING)
        for call, inner in tokens.calls:
            task = Task(workflow, specs[call], root, TaskState.STARTED)
            called = self._definition.specs[specs[call].spec]
            subprocess = BpmnSubWorkflow(called, task.id, self._workflow, deserializing=True)
            subprocess.completed_event.connect(specs[call]._on_subworkflow_completed, task)
            self._workflow.subprocesses[task.id] = subprocess
            self._restore(subprocess, inner, f"{path}{call}/")

    def _tokens(self, workflow: BpmnWorkflow) -> Tokens:
        mine = ((key, task) for key, task in self.open.items() if task.workflow is workflow)
        waiting = (task for task in workflow.tasks.values() if task.state == TaskState.WAITING)
        calling = (task for task in workflow.tasks.values() if task.state == TaskState.STARTED)
        called = self._workflow.subprocesses
        return Tokens(
            open=tuple(sorted((task.task_spec.name, int(key.rpartition(":")[2])) for key, task in mine)),
            arrived=tuple(sorted((task.task_spec.name, task.parent.task_spec.name) for task in waiting)),
            calls=tuple(sorted((task.task_spec.name, self._tokens(called[task.id])) for task in calling)),
        )

    def _all(self, state: int) -> Iterator[Task]:
        # A flat scan: SpiffWorkflow's own loop walks the trees from their roots, several times a step.
        for workflow in (self._workflow, *self._workflow.subprocesses.values()):
            yield from (task for task in workflow.tasks.values() if task.state == state)

    def _arrive(self, task: Task) -> tuple[str, Step]:
        step = self._definition.steps[self._id(task)]
        self._reached[step.id] = self._reached.get(step.id, 0) + 1
        key = f"{step.id}:{self._reached[step.id]}"
        self.open[key] = task
        return key, step

    def _run(self, task: Task) -> None:
        self._tasks_left -= 1
        with _naming(self._id(task)):
            if self._tasks_left < 0:
                raise CaseStuck(GOES_ROUND)
            task.run()

    def _id(self, task: Task) -> str:
        """Return the id of the task's node behind those of the call activities that lead to it."""
        name = str(task.task_spec.name)
        if task.workflow is self._workflow:
            return name
        return f"{self._id(self._workflow.get_task_from_id(task.workflow.parent_task_id))}/{name}"

    def _truth(self, condition: Expression, element: str) -> bool:
        value = self._value(condition, element)
        if not isinstance(value, bool):
            raise CaseStuck(f"{condition.text} is neither true nor false but {value!r}")
        return value

    def _value(self, expression: Expression, element: str) -> Value:
        """Evaluate an expression of this element, for which outcome('x') is the x of its own process."""
        path = element[: element.rfind("/") + 1]
        asked = {
            step: self._outcomes[path + step] for step in expression.outcomes if path + step in self._outcomes
        }
        return expression.evaluate(self._names, asked)


def _seats(facts: Facts) -> tuple[Value, ...]:
    seats = facts.get("seats")
    if not isinstance(seats, tuple):
        raise CaseStuck("the facts do not name the seats (岗位) that exist for the case")
    return seats


@contextmanager
def _naming(element: str) -> Iterator[None]:
    """Let whatever stops the case name the element where it stops."""
    try:
        yield
    except (CaseStuck, DecisionError, ExpressionError) as error:
        raise CaseStuck(str(error), element) from error
