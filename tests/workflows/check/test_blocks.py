"""Diagrams put together from blocks are sound; with one flow removed or led elsewhere, a case shows what is not."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.check.drawings import AGAIN, COUNTY, FILING, VOCABULARY, drawn, errors
from tests.workflows.check.replays import SHOWN_BY_A_CASE, replay
from tests.workflows.random_diagrams import Drawing
from tests.workflows.walks import go_on, named, possible
from workflows.check import check
from workflows.definition import read_definition
from workflows.engine import open_tasks, start

pytestmark = pytest.mark.slow

STEPS = [{}, COUNTY, {"skip_when": "skip"}, FILING]
LONGEST_WALK = 25


class Decided(Drawing):
    """Choices and loops follow from how a step was decided."""

    def decided(self, depth):
        """A block, and a gateway behind a step that is decided in two ways."""
        first, last = self.block(depth)
        asked, gateway = self.new("asked"), self.new("x")
        self.nodes[asked] = AGAIN
        self.ways.append(f"{last} > {asked} > {gateway}")
        return first, gateway, f"outcome('{asked}') == 'again'"

    def parallel(self, depth):
        return self.between(self.new("p"), self.new("p"), depth, ["", ""])

    def choice(self, depth):
        first, gateway, again = self.decided(depth)
        _, merge = self.between(gateway, self.new("x"), depth, [f" if {again}", " else"])
        return first, merge

    def loop(self, depth):
        first, gateway, again = self.decided(depth)
        back, on = self.new("x"), self.new("x")
        self.ways += [f"{back} > {first}", f"{gateway} > {back} if {again}", f"{gateway} > {on} else"]
        return back, on


@st.composite
def drawings(draw):
    drawing = Decided(draw, STEPS)
    return drawing.whole(), drawing.nodes


@settings(max_examples=40)
@given(drawings())
def test_what_is_put_together_from_blocks_is_sound(drawing):
    ways, nodes = drawing
    checked = check({"main.bpmn": drawn(*ways, **nodes)}, VOCABULARY)
    assert checked.publishable or checked.gave_up, [str(finding) for finding in errors(checked)]


@settings(max_examples=80)
@given(drawings(), st.data())
def test_with_a_flow_removed_or_led_elsewhere_a_case_shows_what_is_not_sound(drawing, data):
    ways, nodes = drawing
    files = {"main.bpmn": drawn(*data.draw(damaged(ways)), **nodes)}
    checked = check(files, VOCABULARY)
    for finding in errors(checked):
        assert (finding.counter_example is not None) == (finding.code in SHOWN_BY_A_CASE), str(finding)
        if finding.counter_example is not None:
            replay(finding, read_definition(files, "main"))
    if checked.publishable:
        walk(data, read_definition(files, "main"))


@st.composite
def damaged(draw, ways):
    """Remove a way, lead it to another node, or let two ways change their ends."""
    damage = draw(st.sampled_from([removed, led_elsewhere, exchanged, exchanged]))
    return damage(draw, ways)


def removed(draw, ways):
    at = draw(st.integers(0, len(ways) - 1))
    return [*ways[:at], *ways[at + 1 :]] or ["start > end"]


def led_elsewhere(draw, ways):
    at = draw(st.integers(0, len(ways) - 1))
    nodes = sorted({node for way in ways for node in ends(way)} - {"start"})
    return [*ways[:at], led_to(ways[at], draw(st.sampled_from(nodes))), *ways[at + 1 :]]


def exchanged(draw, ways):
    one, other = (draw(st.integers(0, len(ways) - 1)) for _ in range(2))
    changed = list(ways)
    changed[one], changed[other] = (
        led_to(ways[one], ends(ways[other])[1]),
        led_to(ways[other], ends(ways[one])[1]),
    )
    return changed


def ends(way):
    """Return the first and the last node of a way."""
    chain = re.split(" if | else", way)[0].split(" > ")
    return chain[0], chain[-1]


def led_to(way, node):
    """Return the way with another end."""
    chain = re.split(" if | else", way)[0]
    return chain.rpartition(" > ")[0] + f" > {node}" + way[len(chain) :]


def walk(data, definition):
    """Decide and let timers fire at random: a sound case never gets stuck, no step is open twice, and people decide."""
    facts = {
        "seats": data.draw(st.sampled_from([("学校", "县级"), ("学校",)])),
        "skip": data.draw(st.booleans()),
    }
    advance = start(definition, facts)
    log = []
    for _ in range(LONGEST_WALK):
        if advance.ended:
            assert answered(definition, log)
            return
        tasks = open_tasks(definition, advance.state)
        steps = [task.rpartition(":")[0] for task in tasks]
        assert len(set(steps)) == len(steps)
        entry = data.draw(st.sampled_from(possible(definition, advance.state)))
        advance = go_on(definition, advance.state, entry, facts)
        log.append(entry)


def answered(definition, log):
    """Whether somebody has decided after the last time that a timer took a task away."""
    taken = [at for at, (key, outcome) in enumerate(log) if outcome is None and interrupts(definition, key)]
    return not taken or any(outcome is not None for _, outcome in log[taken[-1] :])


def interrupts(definition, key):
    return definition.timers[named(key)].interrupting
