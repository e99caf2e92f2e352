"""Lets the engine show what a finding claims."""

from collections import Counter

import pytest

from tests.workflows.walks import go_on, named, possible
from workflows.check.explored import MAX_LIMIT
from workflows.check.report import Code
from workflows.engine import CaseStuck, armed_timers, fold, open_tasks

STUCK = {Code.NO_WAY, Code.NO_ANSWER, Code.DEADLOCK, Code.ENDLESS, Code.STUCK}
BY_TIMERS = {Code.TIMER_TOO_LONG, Code.TIMER_DECIDES, Code.TIMER_CIRCLE}
SHOWN_BY_A_CASE = STUCK | BY_TIMERS | {Code.LIMIT_TOO_LONG, Code.TWICE, Code.CANNOT_FINISH}
ROUNDS = 200


def replay(finding, definition):
    """Decide, and let timers fire, as the counter-example says, and see that it is so."""
    facts = finding.classes[0].facts
    log = [decision.pair for decision in finding.counter_example]
    if finding.code in STUCK:
        if log:
            fold(definition, facts, log[:-1])
        with pytest.raises(CaseStuck) as stuck:
            fold(definition, facts, log)
        assert finding.element in str(stuck.value)
        return
    advance = fold(definition, facts, log)
    assert advance.ended == (finding.code is Code.TIMER_DECIDES)
    if finding.code is Code.TIMER_DECIDES:
        assert finding.element in {named(key).rpartition("/")[2] for key, outcome in log if outcome is None}
    if finding.code is Code.TIMER_TOO_LONG:
        assert finding.element in {armed.timer.id for armed in advance.timers if armed.wait > MAX_LIMIT}
    if finding.code is Code.TIMER_CIRCLE:
        assert goes_round(definition, facts, log, finding.element)
    if finding.code is Code.NO_DEADLINE:
        assert finding.element in {task.step.id for task in advance.opened if task.due is None}
    if finding.code is Code.LIMIT_TOO_LONG:
        assert finding.element in {task.step.id for task in advance.opened if (task.due or 0) > MAX_LIMIT}
    waiting = Counter(standing(definition, advance.state))
    if finding.code is Code.TWICE:
        assert waiting[finding.element] > 1 or finding.element.startswith("p")
    if finding.code is Code.CANNOT_FINISH:
        assert waiting[finding.element]
        assert not ends(definition, advance.state, facts)


def goes_round(definition, facts, log, timer):
    """Whether the log ends with firings, the first of them of this timer, that lead back to where they began."""
    begins = [at for at, (key, _) in enumerate(log) if named(key) == timer]
    rounds = [at for at in begins if all(outcome is None for _, outcome in log[at:])]
    states = {at: fold(definition, facts, log[:at]).state for at in (*rounds, len(log))}
    waiting = {at: standing(definition, state) for at, state in states.items()}
    return any(waiting[at] == waiting[len(log)] for at in rounds)


def standing(definition, state):
    """Return the steps and timers that are waited for."""
    return [named(key) for key in (*open_tasks(definition, state), *armed_timers(definition, state))]


def ends(definition, state, facts):
    """Whether something leads to an end within many rounds, in which everything is chosen in turn."""
    for number in range(ROUNDS):
        entries = possible(definition, state)
        advance = go_on(definition, state, entries[number // 2 % len(entries)], facts)
        if advance.ended:
            return True
        state = advance.state
    return False
