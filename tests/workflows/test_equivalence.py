"""On random walks the stepped bytes, the fold of the decisions and SpiffWorkflow by itself agree."""

import re

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from tests.workflows.catalogue import DEFINITIONS
from tests.workflows.diagrams import SEAT
from tests.workflows.random_diagrams import random_processes
from tests.workflows.stock import StockCase, StockParser, parse
from tests.workflows.walks import go_on, possible
from workflows.bpmn import read_process
from workflows.definition import read_definition
from workflows.engine import CaseStuck, armed_timers, fold, open_tasks, start
from workflows.state import load_state

pytestmark = pytest.mark.slow

LONGEST_WALK = 12


@pytest.mark.parametrize("name", DEFINITIONS)
def test_bytes_fold_and_spiffworkflow_agree_on_every_walk(name):
    files, definition = DEFINITIONS[name]
    specs = parse(files, definition.key)

    @settings(max_examples=25)
    @given(st.data())
    def walks(data):
        walk(data, files, definition, specs)

    walks()


@settings(max_examples=60)
@given(random_processes(), st.data())
def test_bytes_fold_and_spiffworkflow_agree_on_diagrams_that_nobody_drew(process, data):
    files = {"main.bpmn": process}
    walk(data, files, read_definition(files, "main"), parse(files, "main"))


def test_spiffworkflow_by_itself_joins_too_early_in_a_second_round():
    """As long as this holds, `specs` needs a parallel gateway of its own, and `stock` one that forgets."""
    files, definition = DEFINITIONS["parallel in a loop"]
    facts = {"seats": (SEAT,), "skip": False}
    log = [("a:1", "approve"), ("b:1", "approve"), ("c:1", "again"), ("b:2", "approve")]
    stock = StockCase(definition, parse(files, "main", StockParser), facts)
    for decision in log:
        stock.go_on(*decision)
    assert set(stock.open) == {"a:2", "c:2"}
    assert open_tasks(definition, fold(definition, facts, log).state) == ("a:2",)


def walk(data, files, definition, specs):
    """Decide open steps and let timers fire at random in all three ways at once."""
    facts = data.draw(facts_of(files, definition))
    try:
        advance = start(definition, facts)
    except CaseStuck:
        reject()
    stock = StockCase(definition, specs, facts)
    assert_agreement(definition, advance, stock)
    log = []
    while not advance.ended and len(log) < LONGEST_WALK:
        log.append(data.draw(st.sampled_from(possible(definition, advance.state))))
        advance = go_on(definition, advance.state, log[-1], facts)
        stock.round_trip()
        stock.go_on(*log[-1])
        assert_agreement(definition, advance, stock)
        assert fold(definition, facts, log).state == advance.state


def assert_agreement(definition, advance, stock):
    state = load_state(advance.state, definition.fingerprint)
    assert set(open_tasks(definition, advance.state)) == set(stock.open)
    assert set(armed_timers(definition, advance.state)) == set(stock.armed)
    assert advance.ended == stock.ended
    assert state.results == stock.results
    assert state.reached == stock.reached


@st.composite
def facts_of(draw, files, definition):
    """Draw facts that the rules of the diagrams can judge: those of one rule of each table, and any other name."""
    processes = [read_process(data, name) for name, data in files.items() if name.endswith(".bpmn")]
    nodes = [node for process in processes for node in process.nodes.values()]
    refs = sorted({ref for node in nodes for ref in node.decisions})
    tables = [definition.decisions[ref] for ref in refs]
    conditions = [flow.condition for process in processes for flow in process.flows]
    asked = [e for step in definition.steps.values() for e in (step.skip_when, step.due)] + conditions
    answers = [e for table in tables for rule in table.rules for e in rule.outputs.values()]
    names = set().union(*(e.names for e in asked if e), *(table.names for table in tables))
    names -= {output.name for table in tables for output in table.outputs}
    told = [*answers, *(e for e in asked if e)]
    facts = {name: draw(value_of(name, told)) for name in sorted(names)}
    for table in draw(st.permutations(tables)):
        facts |= draw(facts_for_a_rule(table))
    seats = sorted({step.seat for step in definition.steps.values()})
    missing = draw(st.sets(st.sampled_from(seats), max_size=2))
    return facts | {"seats": tuple(seat for seat in seats if seat not in missing)}


def value_of(name, expressions):
    """Draw one of the words that the expressions compare the fact with, or else a boolean."""
    words = {word for one in expressions for word in re.findall(rf"\b{name} [!=]= '(\w+)'", one.text)}
    return st.sampled_from(sorted(words)) if words else st.booleans()


@st.composite
def facts_for_a_rule(draw, table):
    """Draw what one rule of the table asks for, from the words in its own cells or else in the same column."""
    rule = draw(st.sampled_from(table.rules))
    facts = {}
    for column, asked in enumerate(table.inputs):
        cells = [other.cells[column] for other in table.rules if column in other.cells]
        chosen = [rule.cells[column]] if column in rule.cells else cells
        words = [literal for cell in chosen for literal in cell.literals]
        if words:
            facts[asked.expression.text] = draw(st.sampled_from(words))
    return facts
