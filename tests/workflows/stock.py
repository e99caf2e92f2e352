"""The same cases run by SpiffWorkflow alone: its parser, specs, loop and serializer, none of ours.

Skips, filings and rules are no BPMN, so they are done from outside, as an application would that had no engine.
Its timers read the wall clock, so that each is read as an event that waits to be told.
"""

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.task_spec import ParallelGatewayConverter
from SpiffWorkflow.bpmn.specs.defaults import ManualTask, ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins import BoundaryEventMixin, IntermediateCatchEventMixin
from SpiffWorkflow.util.task import TaskState

from workflows.expressions import compile_expression


class ForgettingGateway(ParallelGateway):
    """Forgets the tokens it has joined; SpiffWorkflow's own counts them again in the next round of a loop."""

    def _run_hook(self, my_task):
        super()._run_hook(my_task)
        for task in list(my_task.workflow.tasks.values()):
            if task.task_spec is self and task is not my_task and not my_task.is_descendant_of(task):
                my_task.workflow._remove_task(task.id)
        return True


class RuleParser(TaskParser):
    """Reads a business rule task as a manual one that knows its tables."""

    def parse_extensions(self, node=None):
        return {"decisions": self.node.xpath(".//*[local-name()='decision']/@ref")[0].split()}


class StockParser(BpmnParser):
    """Reads what our diagrams may hold."""

    OVERRIDE_PARSER_CLASSES = {full_tag("businessRuleTask"): (RuleParser, ManualTask)}  # noqa: RUF012


class ForgettingParser(StockParser):
    """Reads parallel gateways as those that forget."""

    OVERRIDE_PARSER_CLASSES = StockParser.OVERRIDE_PARSER_CLASSES | {
        full_tag("parallelGateway"): (GatewayParser, ForgettingGateway)
    }


SERIALIZER = BpmnWorkflowSerializer(
    BpmnWorkflowSerializer.configure(DEFAULT_CONFIG | {ForgettingGateway: ParallelGatewayConverter})
)


def parse(files, process, parser_class=ForgettingParser):
    """Return SpiffWorkflow's own specs of a process and of those it calls."""
    parser = parser_class()
    for name, data in files.items():
        if name.endswith(".bpmn"):
            parser.add_bpmn_xml(_without_clock(etree.fromstring(data)), name)
    return parser.get_spec(process), parser.get_subprocess_specs(process)


def _without_clock(diagram):
    for timer in diagram.iter(full_tag("timerEventDefinition")):
        timer.clear()
        timer.tag = full_tag("messageEventDefinition")
    return diagram


class StockCase:
    """A case of a definition in SpiffWorkflow's hands."""

    def __init__(self, definition, specs, facts):
        self.definition = definition
        self.facts = dict(facts)
        self.results = {}
        self.outcomes = {}
        self.keys = {}
        self.reached = {}
        self.workflow = BpmnWorkflow(*specs, script_engine=self)
        self._settle()

    @property
    def ended(self):
        return self.workflow.is_completed()

    @property
    def open(self):
        """The open tasks by key."""
        return {self.keys[task.id]: task for task in self._manual()}

    @property
    def armed(self):
        """The events that wait, by timer key."""
        return {
            self._timer_key(task): task
            for task in self.workflow.get_tasks(state=TaskState.WAITING)
            if _waits(task)
        }

    def go_on(self, key, outcome):
        """Decide a task or, without an outcome, let a timer fire."""
        if outcome is None:
            task = self.armed[key]
            task._set_internal_data(event_fired=True)
            task.task_spec._update(task)
        else:
            task = self.open[key]
            self.outcomes[key.rpartition(":")[0]] = outcome
            task.run()
        self._settle()

    def round_trip(self):
        """Go through SpiffWorkflow's serializer and come back."""
        self.workflow = SERIALIZER.deserialize_json(SERIALIZER.serialize_json(self.workflow))
        self.workflow.script_engine = self

    def evaluate(self, task, text, **_):
        """Answer a condition; SpiffWorkflow asks."""
        return self._value(compile_expression(text.strip()), self._path(task))

    def _value(self, expression, path):
        outcomes = {step: self.outcomes.get(path + step) for step in expression.outcomes}
        asked = {step: outcome for step, outcome in outcomes.items() if outcome is not None}
        return expression.evaluate(self.facts | self.results, asked)

    def _path(self, task):
        path = ""
        while task.workflow is not self.workflow:
            task = self.workflow.get_task_from_id(task.workflow.parent_task_id)
            path = f"{task.task_spec.name}/{path}"
        return path

    def _manual(self):
        return [task for task in self.workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]

    def _settle(self):
        self.workflow.do_engine_steps()
        while passing := [task for task in self._manual() if task.id not in self.keys and self._passes(task)]:
            for task in passing:
                task.run()
            self.workflow.do_engine_steps()
        for task in self.workflow.get_tasks(state=TaskState.WAITING):
            if isinstance(task.task_spec, IntermediateCatchEventMixin) and task.id not in self.keys:
                self._reach(task)

    def _reach(self, task):
        name = self._path(task) + task.task_spec.name
        self.reached[name] = self.reached.get(name, 0) + 1
        self.keys[task.id] = f"{name}:{self.reached[name]}"

    def _timer_key(self, task):
        """Return the key of an event: one at the edge of a step has the occurrence of that."""
        if task.id in self.keys:
            return self.keys[task.id]
        (step,) = (self.keys[sibling.id] for sibling in task.parent.children if sibling.id in self.keys)
        return f"{self._path(task)}{task.task_spec.name}:{step.rpartition(':')[2]}"

    def _passes(self, task):
        """Give the task its key and tell whether nobody decides it."""
        name = self._path(task) + task.task_spec.name
        step = self.definition.steps.get(name)
        if step is None:
            for ref in task.task_spec.extensions["decisions"]:
                self.results |= self.definition.decisions[ref].decide(self.facts | self.results)
            return True
        self._reach(task)
        skipped = step.seat not in self.facts["seats"] or (
            step.skip_when is not None and self._value(step.skip_when, self._path(task))
        )
        return skipped or not step.blocking


def _waits(task):
    return isinstance(task.task_spec, BoundaryEventMixin | IntermediateCatchEventMixin)
