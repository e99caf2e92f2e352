"""Can every case be finished, whatever its facts and whatever is decided? Asked of the real engine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from workflows.case import GOES_ROUND
from workflows.check.budget import Budget
from workflows.check.classes import TooManyCasesError, classes
from workflows.check.explored import MAX_LIMIT, Explored, Log
from workflows.check.exploring import explore
from workflows.check.flows import Flows
from workflows.check.reading import Sources
from workflows.check.report import CaseClass, Code, Finding, Severity
from workflows.check.stead import Stead
from workflows.check.vocabulary import Vocabulary
from workflows.decisions import DecisionError
from workflows.diagram import Kind
from workflows.specs import CaseStuck

CLASSES_TOLD = 5

_STUCK_AT = {Kind.CHOICE: Code.NO_WAY, Kind.RULE: Code.NO_ANSWER, Kind.PARALLEL: Code.DEADLOCK}


@dataclass(slots=True)
class Soundness:
    """What exploring has brought to light."""

    findings: list[Finding]
    states: int = 0
    gave_up: bool = False


@dataclass(slots=True)
class _Defect:
    """One defect, in all the classes that show it; the shortest log is told."""

    code: Code
    path: str
    message: str
    log: Log
    shown: CaseClass
    classes: list[CaseClass] = field(default_factory=list)


def check_soundness(sources: Sources, vocabulary: Vocabulary) -> Soundness:
    """Explore the cases of every class of facts until all is known or the budget is used up."""
    main = sources.definition.key
    try:
        kinds = classes(sources, vocabulary)
    except TooManyCasesError as error:
        return Soundness([_of_process(sources, Code.GAVE_UP, str(error))], gave_up=True)
    except DecisionError as error:
        return Soundness([_of_process(sources, Code.STUCK, str(error))])
    if not kinds:
        message = f"'{vocabulary.governing}' chooses the process '{main}' for no case"
        return Soundness([_of_process(sources, Code.NEVER_STARTS, message)])
    return _Explorer(sources, kinds).soundness()


def _of_process(sources: Sources, code: Code, message: str) -> Finding:
    place = sources.scopes[""].place
    return Finding(code, place.source, place.line, place.element, message)


class _Explorer:
    def __init__(self, sources: Sources, kinds: list[CaseClass]) -> None:
        self.sources = sources
        self.kinds = kinds
        self.defects: dict[tuple[Code, str, str], _Defect] = {}
        self.opened: set[str] = set()
        self.flows = Flows(sources)

    def soundness(self) -> Soundness:
        budget, stead = Budget(), Stead(self.sources)
        for kind in self.kinds:
            explored = explore(self.sources, stead, kind.facts, budget)
            self.learn(kind, explored)
            if explored.gave_up:
                looked = f"{budget.states:,} were looked at, of {len(self.kinds)} classes of cases"
                message = f"the states are too many: {looked}"
                gave_up = _of_process(self.sources, Code.GAVE_UP, message)
                return Soundness([*self.told(), gave_up], budget.states, gave_up=True)
        # What lies behind a defect is not known yet.
        dead = () if self.defects else (*self.dead_steps(), *self.dead_flows())
        return Soundness([*self.told(), *dead], budget.states)

    def learn(self, kind: CaseClass, explored: Explored) -> None:
        self.opened |= explored.opened
        self.flows.see(explored.memories.values(), explored.timely)
        for stuck, log in explored.stuck:
            path = stuck.element.partition(", ")[0]
            self.add(kind, self.code_of(stuck, path), path, stuck.why, log)
        shown = [
            (Code.NO_DEADLINE, "the step opens without a time limit", self.with_due(explored.unlimited)),
            (Code.LIMIT_TOO_LONG, f"the limit is more than {MAX_LIMIT} working days", explored.overlong),
            (Code.TIMER_TOO_LONG, f"it waits for more than {MAX_LIMIT} working days", explored.overslept),
            (Code.TIMER_DECIDES, "it takes the step away, and nobody answers for it", explored.unanswered),
            (Code.TIMER_DECIDES, "it ends a case in which nobody has decided anything", explored.unasked),
            (Code.TIMER_CIRCLE, "timers lead round in a circle that no decision ends", explored.circles),
            (Code.TWICE, "two tokens stand here at once", explored.twice),
            (Code.CANNOT_FINISH, "no decisions lead to an end from here", explored.unfinished),
        ]
        for code, message, logs in shown:
            for path, log in logs.items():
                self.add(kind, code, path, message, log)

    def with_due(self, logs: Mapping[str, Log]) -> dict[str, Log]:
        """Leave out the steps that say nothing of a limit, which needs no case to be seen."""
        steps = self.sources.definition.steps
        return {path: log for path, log in logs.items() if steps[path].due is not None}

    def add(self, kind: CaseClass, code: Code, path: str, message: str, log: Log) -> None:
        new = _Defect(code, path, message, log, kind)
        known = self.defects.setdefault((code, path, message), new)
        if kind not in known.classes:
            known.classes.append(kind)
        if len(log) < len(known.log):
            known.log, known.shown = log, kind

    def code_of(self, stuck: CaseStuck, path: str) -> Code:
        if stuck.why == GOES_ROUND:
            return Code.ENDLESS
        if stuck.__cause__ is not None and not isinstance(stuck.__cause__, CaseStuck):
            return Code.STUCK  # an expression or a table could not be judged
        node = self.sources.nodes.get(path)
        return _STUCK_AT.get(node.kind, Code.STUCK) if node else Code.STUCK

    def told(self) -> Iterator[Finding]:
        for defect in self.defects.values():
            others = [kind for kind in defect.classes if kind is not defect.shown]
            finding = self.finding(defect.code, defect.path, self.message(defect))
            told = (defect.shown, *others)[:CLASSES_TOLD]
            yield replace(finding, counter_example=defect.log, classes=told)

    def message(self, defect: _Defect) -> str:
        return f"{defect.message} (in {len(defect.classes)} of {len(self.kinds)} classes of cases)"

    def finding(self, code: Code, path: str, message: str) -> Finding:
        if path in self.sources.nodes:
            return self.sources.find(code, path, message)
        return _of_process(self.sources, code, message)

    def dead_steps(self) -> Iterator[Finding]:
        for path in self.sources.definition.steps:
            if path not in self.opened:
                yield self.finding(Code.DEAD_STEP, path, "the step is open in no case")

    def dead_flows(self) -> Iterator[Finding]:
        for flow in self.flows.dead():
            place = flow.place
            finding = Finding(
                Code.DEAD_FLOW, place.source, place.line, place.element, "no case takes this flow"
            )
            yield replace(finding, severity=Severity.WARNING)
