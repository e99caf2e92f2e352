"""CPU of the engine for one decision, beside the same decision by SpiffWorkflow's own loop and serializer.

The diagram is as large as a transfer (11 steps, two sides in parallel) and can lead back to its first step, so that
a case becomes as long as one likes. Rounds of both sides alternate.
"""

import statistics
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from time import process_time_ns
from typing import NamedTuple

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from workflows.definition import Definition, read_definition
from workflows.engine import Facts, complete, open_tasks, start
from workflows.expressions import compile_expression
from workflows.values import Value

DIAGRAM = Path(__file__).with_name("cpu.bpmn")
STEPS = 11
EARLY, LATE = 5, 5 + 9 * STEPS  # the same step, nine times round later


class Decided(NamedTuple):
    """A decision about to be made, and how long it took."""

    state: bytes
    key: str
    outcome: str
    spent: int


def measure(rounds: int = 100) -> Mapping[str, float]:
    """Return milliseconds of CPU per decision on both sides, their ratio, bytes of a state, late against early."""
    definition = read_definition({DIAGRAM.name: DIAGRAM.read_bytes()}, "cpu")
    seats = tuple({step.seat: None for step in definition.steps.values()})
    facts: Facts = {"seats": seats, "step_limit": 10, "distance": "cross_city", "same_city": False}
    specs = _stock_specs()
    ours: list[int] = []
    stock: list[int] = []
    for _ in range(rounds):
        ours += [decided.spent for decided in islice(_decide(definition, facts), STEPS)]
        stock += _decide_with_stock(specs, facts)
    long_case = list(islice(_decide(definition, facts), LATE))
    return {
        "step_ms": statistics.median(ours) / 1e6,
        "step_ms_p95": statistics.quantiles(ours, n=20)[-1] / 1e6,
        "stock_step_ms": statistics.median(stock) / 1e6,
        "stock_over_step": statistics.median(stock) / statistics.median(ours),
        "state_bytes": max(len(decided.state) for decided in long_case),
        "step_104_over_step_5": _late_over_early(definition, facts, long_case, rounds * STEPS),
    }


def _decide(definition: Definition, facts: Facts) -> Iterator[Decided]:
    """Go round and round, one decision after the other."""
    state = start(definition, facts).state
    while True:
        key = open_tasks(definition, state)[0]
        outcome = definition.steps[key.rpartition(":")[0]].outcomes[-1]
        begin = process_time_ns()
        advance = complete(definition, state, key, outcome, facts)
        yield Decided(state, key, outcome, process_time_ns() - begin)
        state = advance.state


def _late_over_early(definition: Definition, facts: Facts, long_case: list[Decided], repeats: int) -> float:
    spent: dict[int, list[int]] = {EARLY: [], LATE: []}
    for _ in range(repeats):
        for number, times in spent.items():
            state, key, outcome, _ = long_case[number - 1]
            begin = process_time_ns()
            complete(definition, state, key, outcome, facts)
            times.append(process_time_ns() - begin)
    return statistics.median(spent[LATE]) / statistics.median(spent[EARLY])


class _Conditions:
    """Answers SpiffWorkflow's gateways with our expressions; nobody asks for another round."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def evaluate(self, _task: object, text: str, **_: object) -> Value:
        return compile_expression(text).evaluate(self.facts)


def _stock_specs() -> tuple[object, object]:
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(DIAGRAM.read_bytes()))
    return parser.get_spec("cpu"), parser.get_subprocess_specs("cpu")


def _decide_with_stock(specs: tuple[object, object], facts: Facts) -> list[int]:
    """Decide one round with SpiffWorkflow alone; return the nanoseconds of each decision."""
    serializer = BpmnWorkflowSerializer()
    workflow = BpmnWorkflow(*specs, script_engine=_Conditions(facts))
    workflow.do_engine_steps()
    state = serializer.serialize_json(workflow)
    spent = []
    for _ in range(STEPS):
        begin = process_time_ns()
        workflow = serializer.deserialize_json(state)
        workflow.script_engine = _Conditions(facts)
        workflow.get_next_task(state=TaskState.READY).run()
        workflow.do_engine_steps()
        state = serializer.serialize_json(workflow)
        spent.append(process_time_ns() - begin)
    return spent
