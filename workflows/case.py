"""One case in motion: its tokens in SpiffWorkflow's tree, and what it knows."""

from collections.abc import Mapping
from typing import NamedTuple

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.definition import Definition, Step, Timer
from workflows.expressions import Expression
from workflows.knowledge import Facts, Knowledge, Naming
from workflows.signatures import base_of, number_of
from workflows.specs import CaseStuck
from workflows.state import State, Tokens

# Between two decisions a token passes each of the at most 500 nodes a few times; more is a circle.
_MAX_TASKS = 2_000
GOES_ROUND = "the diagram goes round in a circle that no decision ends"


class Gone(NamedTuple):
    """The tasks that are closed, and the timers that were disarmed before they could fire."""

    closed: tuple[str, ...]
    disarmed: tuple[str, ...] = ()


class Case:
    """Moves the tokens of one case; whatever stops them is a CaseStuck that names the element."""

    def __init__(
        self,
        definition: Definition,
        facts: Facts,
        state: State | None = None,
        *,
        reached: Mapping[str, int] | None = None,
    ) -> None:
        self.open: dict[str, Task] = {}
        """The reached steps that no token has left, by key."""
        self.armed: dict[str, Task] = {}
        """The timers that have not fired yet, by timer key."""
        self.known = Knowledge(
            definition, facts, state.outcomes if state else {}, state.results if state else {}
        )
        self._definition = definition
        self._reached = dict((state.reached if state else reached) or {})
        self._signed = dict(state.signed) if state else {}
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

    def arrivals(self) -> list[tuple[str, Step | Timer]]:
        """Run whatever waits for nothing; return the steps and timer events newly reached, each with its key."""
        ready = self._all(TaskState.READY)
        while automatic := [task for task in ready if not task.task_spec.manual]:
            for task in automatic:
                self._run(task)
            ready = self._all(TaskState.READY)
        held = {task.id for task in (*self.open.values(), *self.armed.values())}
        return [self._arrive(task) for task in ready if task.id not in held]

    def arm(self, key: str) -> list[tuple[str, Timer]]:
        """Start the timers at the edge of an open step; return them, each with its key."""
        task, attached = self.open[key], self._attached(key)
        for timer_key, timer in attached:
            spec = task.workflow.spec.task_specs[timer.id.rpartition("/")[2]]
            self.armed[timer_key] = Task(task.workflow, spec, task.parent, TaskState.READY)
        return attached

    def tasks(self, base: str) -> tuple[str, ...]:
        """Return the keys of the tasks that wait at a step, none if it is not open."""
        if base not in self.open:
            return ()
        return self._definition.steps[base.rpartition(":")[0]].tasks(base, self._signed.get(base, ()))

    def decide(self, key: str, step: Step, outcome: str) -> Gone:
        """Note a decision; if no signature is missing any more, the token moves on from its step."""
        base = base_of(key)
        before, signed = self.tasks(base), (*self._signed.get(base, ()), number_of(key))
        if step.mode.awaited(len(step.roles), signed):
            self._signed[base] = tuple(sorted(signed))
            return Gone((key,))
        return Gone(before, self.settle(base, step, outcome))

    def settle(self, base: str, step: Step, outcome: str) -> tuple[str, ...]:
        """Let the token move on from an open step, by an outcome that expressions can ask for.

        Returns the timers that this disarms.
        """
        self.known.learn_outcome(step.id, outcome)
        self._tasks_left = _MAX_TASKS
        disarmed = self._disarm(base)
        self._signed.pop(base, None)
        self.leave(base)
        return disarmed

    def fire(self, key: str) -> Gone:
        """Let a token move on from a timer; an interrupting one takes that of its step."""
        name, _, occurrence = key.rpartition(":")
        timer, task = self._definition.timers[name], self.armed.pop(key)
        gone = Gone(())
        if timer.interrupting:
            taken = f"{timer.step}:{occurrence}"
            gone = Gone(self.tasks(taken), self._disarm(taken))
            self._signed.pop(taken, None)
            self.open.pop(taken).cancel()
        self._tasks_left = _MAX_TASKS
        self._run(task)
        return gone

    def leave(self, key: str) -> None:
        """Let the token move on from an open step that nobody decides."""
        self._run(self.open.pop(key))

    def state(self) -> State:
        """Return what is needed to go on later."""
        if not self.open and not self.armed and not self.ended:
            gateways = sorted({self._id(task) for task in self._all(TaskState.WAITING)})
            raise CaseStuck("the token waits for another that can never come", ", ".join(gateways))
        known = self.known
        return State(self._tokens(self._workflow), self._reached, known.outcomes, known.results, self._signed)

    def holds(self, condition: Expression, task: Task) -> bool:
        """Return whether the condition of a gateway holds (asked by its spec)."""
        return self.known.truth(condition, self._id(task))

    def apply_rule(self, decision: str) -> None:
        """Keep the answer of a decision table (asked by the spec of a business rule task)."""
        self.known.apply_rule(decision)

    def _restore(self, workflow: BpmnWorkflow, tokens: Tokens, path: str) -> None:
        """Hang the tokens under the root: no node of ours asks what lay between."""
        specs = workflow.spec.task_specs
        root = workflow.task_tree = Task(workflow, workflow.spec.start, state=TaskState.COMPLETED)
        for step, occurrence in tokens.open:
            self.open[f"{path}{step}:{occurrence}"] = Task(workflow, specs[step], root, TaskState.READY)
        for timer, occurrence in tokens.armed:
            self.armed[f"{path}{timer}:{occurrence}"] = Task(workflow, specs[timer], root, TaskState.READY)
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
        waiting = (task for task in workflow.tasks.values() if task.state == TaskState.WAITING)
        calling = (task for task in workflow.tasks.values() if task.state == TaskState.STARTED)
        called = self._workflow.subprocesses
        return Tokens(
            open=_held(self.open, workflow),
            arrived=tuple(sorted((task.task_spec.name, task.parent.task_spec.name) for task in waiting)),
            calls=tuple(sorted((task.task_spec.name, self._tokens(called[task.id])) for task in calling)),
            armed=_held(self.armed, workflow),
        )

    def _all(self, state: int) -> list[Task]:
        # A flat scan: SpiffWorkflow's own loop walks the trees from their roots, several times a step.
        running = (self._workflow, *self._workflow.subprocesses.values())
        return [task for workflow in running for task in workflow.tasks.values() if task.state == state]

    def _arrive(self, task: Task) -> tuple[str, Step | Timer]:
        name = self._id(task)
        self._reached[name] = self._reached.get(name, 0) + 1
        key = f"{name}:{self._reached[name]}"
        if step := self._definition.steps.get(name):
            self.open[key] = task
            return key, step
        self.armed[key] = task
        return key, self._definition.timers[name]

    def _attached(self, key: str) -> list[tuple[str, Timer]]:
        """Return the timers at the edge of a step, each with its key: it shares the occurrence of the step's."""
        step, _, occurrence = key.rpartition(":")
        return [(f"{timer.id}:{occurrence}", timer) for timer in self._definition.attached.get(step, ())]

    def _disarm(self, key: str) -> tuple[str, ...]:
        """Stop the timers at the edge of a step that is about to close; return their keys."""
        if not self.armed:
            return ()
        keys = tuple(timer_key for timer_key, _ in self._attached(key) if timer_key in self.armed)
        for timer_key in keys:
            self.armed.pop(timer_key).cancel()
        return keys

    def _run(self, task: Task) -> None:
        self._tasks_left -= 1
        with Naming(self._id(task)):
            if self._tasks_left < 0:
                raise CaseStuck(GOES_ROUND)
            task.run()

    def _id(self, task: Task) -> str:
        """Return the id of the task's node behind those of the call activities that lead to it."""
        name = str(task.task_spec.name)
        if task.workflow is self._workflow:
            return name
        return f"{self._id(self._workflow.get_task_from_id(task.workflow.parent_task_id))}/{name}"


def _held(tasks: Mapping[str, Task], workflow: BpmnWorkflow) -> tuple[tuple[str, int], ...]:
    """Return the tasks of one process, by node id and occurrence."""
    if not tasks:
        return ()
    mine = ((key, task) for key, task in tasks.items() if task.workflow is workflow)
    return tuple(sorted((task.task_spec.name, int(key.rpartition(":")[2])) for key, task in mine))
