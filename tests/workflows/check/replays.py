"""Lets the engine show what a finding claims."""

from collections import Counter

import pytest

from workflows.check.exploring import MAX_LIMIT
from workflows.check.report import Code
from workflows.engine import CaseStuck, complete, fold, open_tasks

STUCK = {Code.NO_WAY, Code.NO_ANSWER, Code.DEADLOCK, Code.ENDLESS, Code.STUCK}
SHOWN_BY_A_CASE = STUCK | {Code.LIMIT_TOO_LONG, Code.TWICE, Code.CANNOT_FINISH}
ROUNDS = 200


def replay(finding, definition):
    """Decide as the counter-example says, and see that it is so."""
    facts = finding.classes[0].facts
    log = [(decision.task, decision.outcome) for decision in finding.counter_example]
    if finding.code in STUCK:
        if log:
            fold(definition, facts, log[:-1])
        with pytest.raises(CaseStuck) as stuck:
            fold(definition, facts, log)
        assert finding.element in str(stuck.value)
        return
    advance = fold(definition, facts, log)
    assert not advance.ended
    if finding.code is Code.NO_DEADLINE:
        assert finding.element in {task.step.id for task in advance.opened if task.due is None}
    if finding.code is Code.LIMIT_TOO_LONG:
        assert finding.element in {task.step.id for task in advance.opened if (task.due or 0) > MAX_LIMIT}
    standing = Counter(key.rpartition(":")[0] for key in open_tasks(definition, advance.state))
    if finding.code is Code.TWICE:
        assert standing[finding.element] > 1 or finding.element.startswith("p")
    if finding.code is Code.CANNOT_FINISH:
        assert standing[finding.element]
        assert not ends(definition, advance.state, facts)


def ends(definition, state, facts):
    """Whether some decisions lead to an end within many rounds, in which everything is chosen in turn."""
    for number in range(ROUNDS):
        tasks = open_tasks(definition, state)
        task = tasks[number % len(tasks)]
        outcomes = definition.steps[task.rpartition(":")[0]].outcomes
        advance = complete(definition, state, task, outcomes[number // 2 % len(outcomes)], facts)
        if advance.ended:
            return True
        state = advance.state
    return False
