"""Is every word of the diagram one that there is: seats, roles, forms, outcomes, facts; is nothing left out?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from workflows.cells import ColumnType
from workflows.check.naming import ids, names
from workflows.check.order import check_order
from workflows.check.reading import Sources
from workflows.check.report import Code, Finding, Severity
from workflows.check.usage import misuses
from workflows.check.vocabulary import Fact, Vocabulary
from workflows.diagram import Kind, Process
from workflows.expressions import Expression
from workflows.refusals import did_you_mean
from workflows.steps import Step
from workflows.timers import Timer
from workflows.values import Value, ValueType

COLUMN_TYPES: Mapping[ColumnType, ValueType] = {
    ColumnType.STRING: ValueType.STRING,
    ColumnType.NUMBER: ValueType.NUMBER,
    ColumnType.INTEGER: ValueType.NUMBER,
    ColumnType.BOOLEAN: ValueType.BOOLEAN,
    ColumnType.DATE: ValueType.DATE,
}


def check_words(sources: Sources, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield what is wrong with the words of a diagram."""
    facts = {**vocabulary.facts, **results(sources, vocabulary.facts)}
    yield from names(sources)
    yield from ids(sources)
    yield from _seats(sources, vocabulary.seats)
    for step in sources.definition.steps.values():
        yield from _step(sources, step, vocabulary)
        yield from _unfounded(sources, "step", step)
    for timer in sources.definition.timers.values():
        yield from _unfounded(sources, "timer", timer)
    for path, process in sources.scopes.items():
        yield from _expressions(sources, path, process, facts)
    yield from _outcomes_alike(sources)
    yield from check_order(sources)


def rules_asked(sources: Sources) -> list[str]:
    """Return the ids of the decision tables that the diagram asks, in its order."""
    asked = (ref for node in sources.nodes.values() for ref in node.decisions)
    return list(dict.fromkeys(asked))


def results(sources: Sources, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return what the tables that the diagram asks can answer, by output name."""
    answers: dict[str, Fact] = {}
    for table in (sources.definition.decisions[ref] for ref in rules_asked(sources)):
        for column in table.outputs:
            cells = [rule.outputs[column.name] for rule in table.rules]
            said = [_said(cell, {**facts, **answers}) for cell in cells]
            words = frozenset().union(*said) if all(said) else frozenset()
            answers[column.name] = Fact(COLUMN_TYPES[column.type], tuple(words))
    return answers


def _said(cell: Expression, facts: Mapping[str, Fact]) -> frozenset[Value]:
    """Return the values that an output can have; empty: any."""
    if not cell.names:
        return frozenset({cell.evaluate({})})
    known = facts.get(cell.text)
    return known.words if known else frozenset()


def _step(sources: Sources, step: Step, vocabulary: Vocabulary) -> Iterator[Finding]:
    for said in _unknown("role", step.roles, vocabulary.roles):
        yield sources.find(Code.ROLE_UNKNOWN, step.id, said)
    for code, said in _manner(step, vocabulary):
        yield sources.find(code, step.id, said)
    for said in _own_outcomes(step, vocabulary):
        yield sources.find(Code.OUTCOME_UNKNOWN, step.id, said)
    if step.due is None:
        yield sources.find(Code.NO_DEADLINE, step.id, "the step has no time limit (due)")


def _unfounded(sources: Sources, what: str, one: Step | Timer) -> Iterator[Finding]:
    if not one.documentation.strip():
        unfounded = sources.find(Code.NO_SOURCE, one.id, f"the {what} does not say why it is there")
        yield replace(unfounded, severity=Severity.WARNING)


def _unknown(what: str, words: Iterable[str], known: frozenset[str]) -> Iterator[str]:
    return (f"there is no {what} '{word}'{did_you_mean(word, known)}" for word in words if word not in known)


def _seats(sources: Sources, seats: frozenset[str]) -> Iterator[Finding]:
    """Look at the lanes themselves: one may hold nothing but calls and gateways, which have no seat."""
    for lane in sources.lanes:
        for said in _unknown("seat", [lane.name], seats):
            yield Finding(Code.SEAT_UNKNOWN, lane.place.source, lane.place.line, lane.place.element, said)


def _manner(step: Step, vocabulary: Vocabulary) -> Iterator[tuple[Code, str]]:
    """Yield what does not go with whether somebody decides the step or is only told of it."""
    mine, other = vocabulary.deciding.naming(step.named), vocabulary.filing
    why = "which is for a filing (blocking is false)"
    if not step.blocking:
        mine, other, why = other, mine, "which is for a step that somebody decides (blocking is true)"
    for code, what, words, fit, misfit in (
        (Code.FORM_UNKNOWN, "form", [step.form], mine.forms, other.forms),
        (Code.OUTCOME_UNKNOWN, "outcome", step.outcomes, mine.outcomes, other.outcomes),
    ):
        yield from ((code, said) for said in _unknown(what, words, fit | misfit))
        for word in words:
            if word in misfit - fit:
                yield Code.FILING_UNCLEAR, f"the step has the {what} '{word}', {why}"


def _own_outcomes(step: Step, vocabulary: Vocabulary) -> Iterator[str]:
    for word in step.named:
        if word in vocabulary.actions:
            yield f"'{word}' means something in every step; give this outcome another id"


def _expressions(
    sources: Sources, path: str, process: Process, facts: Mapping[str, Fact]
) -> Iterator[Finding]:
    steps, timers = sources.definition.steps, sources.definition.timers
    mine = [node for node in process.nodes.values() if node.kind is Kind.STEP]
    outcomes = {node.id: steps[path + node.id].outcomes for node in mine}
    for flow in process.flows:
        if flow.condition is not None:
            for code, said in misuses(flow.condition, ValueType.BOOLEAN, facts, outcomes):
                place = flow.place
                yield Finding(code, place.source, place.line, place.element, said)
    for node in process.nodes.values():
        for expression, wanted in _of_node(path + node.id, steps, timers):
            for code, said in misuses(expression, wanted, facts, outcomes):
                yield sources.find(code, path + node.id, said)


def _of_node(
    name: str, steps: Mapping[str, Step], timers: Mapping[str, Timer]
) -> Iterator[tuple[Expression, ValueType]]:
    """Yield the expressions of a step or a timer, each with what it is to yield."""
    if step := steps.get(name):
        wanted = ((step.due, ValueType.NUMBER), (step.skip_when, ValueType.BOOLEAN))
        yield from ((expression, kind) for expression, kind in wanted if expression is not None)
    elif (timer := timers.get(name)) and timer.expression is not None:
        yield timer.expression, ValueType.DATE if timer.until_day else ValueType.NUMBER


def _outcomes_alike(sources: Sources) -> Iterator[Finding]:
    for step in sources.definition.steps.values():
        if len(step.outcomes) > 1 and step.id not in sources.definition.asked:
            said = f"{' and '.join(step.outcomes)} lead the same way, for nothing asks which was chosen"
            yield sources.find(Code.OUTCOMES_ALIKE, step.id, said)
