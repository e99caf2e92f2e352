"""What can come next in a case, be it a decision or the firing of a timer, and how the engine takes it."""

from workflows.engine import armed_timers, complete, fire, open_tasks


def possible(definition, state):
    """Return every entry that can come next in the log."""
    tasks = [(key, definition.steps[named(key)]) for key in open_tasks(definition, state)]
    decisions = [(key, outcome) for key, step in tasks for outcome in step.outcomes]
    return decisions + [(key, None) for key in armed_timers(definition, state)]


def go_on(definition, state, entry, facts):
    """Return what an entry of the log brings about."""
    key, outcome = entry
    if outcome is None:
        return fire(definition, state, key, facts)
    return complete(definition, state, key, outcome, facts)


def named(key):
    """Return the step or the timer that has this key."""
    return key.rpartition(":")[0]
