"""A Process as SpiffWorkflow's specs: never changed by a running case, hence shared by all of them.

SpiffWorkflow grows a tree of all that may still happen, looks through the whole tree after every task and
hands data from task to task. Our cases need none of it: here a node makes children when its token moves on
and wakes nobody else, so what is unfinished in the tree is a token, and a state is the list of them.
"""

import logging
from collections.abc import Iterable
from typing import Protocol

from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.defaults import (
    CallActivity,
    ExclusiveGateway,
    ParallelGateway,
    UserTask,
)
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.diagram import TIMER_EVENTS, Kind, Node, Process
from workflows.expressions import Expression

# They gather what they would say about each change of state even when nobody listens.
logging.getLogger("spiff").setLevel(logging.WARNING)


class CaseStuck(Exception):  # noqa: N818
    """The case cannot go on; the message names the element (a path of ids, through calls) and why."""

    def __init__(self, why: str, element: str = "") -> None:
        super().__init__(f"{element}: {why}" if element else why)
        self.why = why
        self.element = element


class Judge(Protocol):
    """What a node asks of the case; SpiffWorkflow carries it as the script engine of the workflow."""

    def holds(self, condition: Expression, task: Task) -> bool:
        """Return whether the condition holds where the task stands."""

    def apply_rule(self, decision: str) -> None:
        """Ask the decision table and keep its answer for the rest of the case."""


class _Token(BpmnSpecMixin):  # type: ignore[misc]
    """A node whose children are made when its token moves on, and not predicted before."""

    def _predict(self, *_: object, **__: object) -> None:
        pass

    def _run_hook(self, my_task: Task) -> bool:
        my_task._sync_children(self._ways_on(my_task), TaskState.FUTURE)
        return True

    def _ways_on(self, my_task: Task) -> list[TaskSpec]:
        return list(self.outputs)

    def _on_complete(self, my_task: Task) -> None:
        for child in my_task.children:
            child.task_spec._update(child)


class _Start(_Token):
    pass


class _Step(_Token, UserTask):  # type: ignore[misc]
    pass


class _Timer(_Token):
    """Waits, as a step does, until the engine lets it go on; SpiffWorkflow's own timers read the wall clock."""

    def __init__(self, process: BpmnProcessSpec, bpmn_id: str) -> None:
        super().__init__(process, bpmn_id)
        self.manual = True


class _Rule(_Token):
    def __init__(self, process: BpmnProcessSpec, bpmn_id: str, decisions: Iterable[str]) -> None:
        super().__init__(process, bpmn_id)
        self.decisions = decisions

    def _ways_on(self, my_task: Task) -> list[TaskSpec]:
        judge: Judge = my_task.workflow.script_engine
        for decision in self.decisions:
            judge.apply_rule(decision)
        return super()._ways_on(my_task)


class _Choice(_Token, ExclusiveGateway):  # type: ignore[misc]
    def _ways_on(self, my_task: Task) -> list[TaskSpec]:
        judge: Judge = my_task.workflow.script_engine
        for condition, target in self.cond_task_specs:
            if condition is not None and judge.holds(condition, my_task):
                return [self._wf_spec.task_specs[target]]
        if self.default_task_spec is None:
            raise CaseStuck("no condition holds, and the gateway has no default flow")
        return [self._wf_spec.task_specs[self.default_task_spec]]


class _Parallel(_Token, ParallelGateway):  # type: ignore[misc]
    def _update_hook(self, my_task: Task) -> bool:
        """Move on with one token from each incoming flow; the others of the round end here.

        SpiffWorkflow's own gateway counts the tokens of an earlier round when it stands in a loop.
        """
        own = my_task.parent.task_spec.name
        others = {
            task.parent.task_spec.name: task
            for task in my_task.workflow.tasks.values()
            if task.task_spec is self and task.has_state(TaskState.WAITING)
        }
        others.pop(own, None)
        if not others.keys() | {own} >= set(self._inputs):
            my_task._set_state(TaskState.WAITING)
            return False
        for task in others.values():
            task.cancel()
        return True


class _Call(_Token, CallActivity):  # type: ignore[misc]
    pass


class _End(_Token):
    def _ways_on(self, my_task: Task) -> list[TaskSpec]:
        """Lead the last token of the process to SpiffWorkflow's End; the others just stop."""
        tasks = my_task.workflow.tasks.values()
        if any(task.has_state(TaskState.NOT_FINISHED_MASK) for task in tasks if task is not my_task):
            return []
        return [self._wf_spec.task_specs["End"]]


_PLAIN = {
    Kind.START: _Start,
    Kind.END: _End,
    Kind.STEP: _Step,
    Kind.CHOICE: _Choice,
    Kind.PARALLEL: _Parallel,
    **dict.fromkeys(TIMER_EVENTS, _Timer),
}


def compile_process(process: Process) -> BpmnProcessSpec:
    """Return the process as SpiffWorkflow runs it, each spec named by its node's id."""
    spec = BpmnProcessSpec(name=process.id)
    specs = {node.id: _compile_node(spec, node) for node in process.nodes.values()}
    spec.start.connect(next(s for s in specs.values() if isinstance(s, _Start)))
    for flow in process.flows:
        source, target = specs[flow.source], specs[flow.target]
        if flow.condition is None:
            source.connect(target)
        else:
            source.connect_if(flow.condition, target)
    return spec


def _compile_node(process: BpmnProcessSpec, node: Node) -> TaskSpec:
    match node.kind:
        case Kind.CALL:
            return _Call(process, node.id, subworkflow_spec=node.called)
        case Kind.RULE:
            return _Rule(process, node.id, decisions=node.decisions)
        case kind:
            return _PLAIN[kind](process, node.id)
