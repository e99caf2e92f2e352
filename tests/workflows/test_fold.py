"""A case is its decisions: folded anew they give the same state, in any thread and at any length."""

from concurrent.futures import ThreadPoolExecutor

from SpiffWorkflow.util.event import Event

from tests.workflows.catalogue import ALL_SEATS, COUNTY, DEFINITIONS, SCHOOL_ONLY, log_of
from tests.workflows.diagrams import a_definition
from workflows.engine import complete, fold


def test_a_fold_tells_what_is_open_now_and_all_that_was_skipped_or_filed():
    nodes = {"b": {"blocking": "false"}, "c": COUNTY}
    definition = a_definition("start > a > b > c > d > e > end", **nodes)
    advance = fold(definition, SCHOOL_ONLY, log_of("a:1"))
    assert [task.key for task in advance.opened] == ["b:1", "d:1"]
    assert [task.key for task in advance.skipped] == ["c:1"]
    assert (advance.closed, advance.ended) == ((), False)


def test_a_recalled_decision_leaves_no_trace():
    definition = DEFINITIONS["parallel"][1]
    before = fold(definition, ALL_SEATS, log_of("b:1"))
    after = complete(definition, before.state, "a:1", "approve", ALL_SEATS)
    assert fold(definition, ALL_SEATS, log_of("b:1")).state == before.state != after.state


def test_a_long_case_keeps_a_state_as_small_as_a_short_one():
    definition = DEFINITIONS["loop"][1]
    rounds = [
        (f"{step}:{n}", outcome) for n in range(1, 51) for step, outcome in (("a", "approve"), ("b", "again"))
    ]
    after_ten = fold(definition, ALL_SEATS, rounds[:20]).state
    after_fifty = fold(definition, ALL_SEATS, rounds).state
    assert len(after_ten) == len(after_fifty) < 100


def test_a_timer_of_every_round_keeps_a_state_as_small():
    definition = DEFINITIONS["a reminder in a loop"][1]
    rounds = [entry for n in range(1, 51) for entry in log_of(f"timer:{n}! a:{n}=again")]
    after_ten = fold(definition, ALL_SEATS, rounds[:20]).state
    after_fifty = fold(definition, ALL_SEATS, rounds).state
    assert len(after_ten) == len(after_fifty) < 100


def test_a_running_case_leaves_the_definition_as_it_was():
    log = log_of("a:1 b:1 c:1=again b:2 a:2 c:2=again a:3 b:3 c:3")
    for diagram, decisions in [
        ("parallel in a loop", log),
        ("a call", log[:1]),
        ("a rule", []),
        ("a reminder before another takes over", log_of("timer_1:1! timer_2:1! c:1")),
        ("all skipped", []),
    ]:
        definition = DEFINITIONS[diagram][1]
        before = traits(definition)
        fold(definition, ALL_SEATS, decisions)
        assert traits(definition) == before


def traits(definition):
    """Return all that the specs of a definition hold, down to who listens to their events."""
    return {
        (key, name): {
            trait: vars(value).copy() if isinstance(value, Event) else repr(value)
            for trait, value in vars(task_spec).items()
        }
        for key, spec in definition.specs.items()
        for name, task_spec in spec.task_specs.items()
    }


def test_threads_share_a_definition():
    definition = DEFINITIONS["parallel in a loop"][1]
    log = log_of("a:1 b:1 c:1=again b:2 a:2 c:2=again a:3 b:3")
    expected = fold(definition, ALL_SEATS, log)
    with ThreadPoolExecutor(8) as threads:
        folds = [threads.submit(fold, definition, ALL_SEATS, log) for _ in range(200)]
    assert all(future.result() == expected for future in folds)
