"""What a check tells: findings, each with its place, its remedy and, where a case shows it, that case."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflows.values import Value


class Severity(StrEnum):
    """An error forbids to publish; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Code(StrEnum):
    """What is wrong; `remedy` says what to do about it."""

    remedy: str

    def __new__(cls, code: str, remedy: str) -> "Code":
        """Keep the remedy beside the word."""
        self = str.__new__(cls, code)
        self._value_ = code
        self.remedy = remedy
        return self

    # Reading.
    UNREADABLE = (
        "unreadable",
        "Save the file anew as UTF-8 XML from the editor, without DOCTYPE and within the limits.",
    )
    DIAGRAM = "diagram", "Change the element as the message says; docs/processes.md lists what may be drawn."
    EXPRESSION = "expression", "Write the expression in the language of docs/processes.md."
    TABLE = "table", "Change the row or column as the message says."
    # Words.
    SEAT_UNKNOWN = "seat_unknown", "Name the lane by a seat (岗位) that exists."
    ROLE_UNKNOWN = "role_unknown", "Give the step a role that exists."
    FORM_UNKNOWN = "form_unknown", "Give the step a form that exists."
    OUTCOME_UNKNOWN = (
        "outcome_unknown",
        "Offer only outcomes that an officer can choose, or name your own in xj:outcome.",
    )
    FILING_UNCLEAR = (
        "filing_unclear",
        'Let form, outcomes, bulk and blocking agree: a filing (备案) has blocking="false", a decision has not.',
    )
    NO_NAME = (
        "no_name",
        "Give it a name of 1 to 100 visible characters, as it is to be read in inbox and picture.",
    )
    ID_TOO_LONG = (
        "id_too_long",
        "Give shorter ids to the element and to the call activities that lead to it: at most 100 characters in all.",
    )
    NO_DEADLINE = (
        "no_deadline",
        "Give the step a time limit in working days (due) that is known in every case.",
    )
    LIMIT_TOO_LONG = "limit_too_long", "Give the step a limit of at most 250 working days (工作日)."
    TIMER_TOO_LONG = "timer_too_long", "Let the timer wait at most 250 working days (工作日)."
    NOT_EARLIER = (
        "not_earlier",
        "Let separate_from name a step that comes before, or let both steps name each other.",
    )
    NAME_UNKNOWN = "name_unknown", "Name a fact of the case or an output of a table that the diagram asks."
    TYPE_WRONG = "type_wrong", "Compare and compute only values of the same type."
    VALUE_UNKNOWN = "value_unknown", "Compare with a value that can occur."
    OUTCOMES_ALIKE = (
        "outcomes_alike",
        "Ask for the outcome with outcome('…') at a gateway behind the step, or offer one only.",
    )
    # Tables.
    TABLE_MISSING = "table_missing", "Add the decision; the application asks it."
    OUTPUT_MISSING = "output_missing", "Add the column; the application reads it."
    GAP = "gap", "Add a row for these values."
    UNREACHABLE = "unreachable", "Move the row before those that answer in its place, or remove it."
    NO_SOURCE = (
        "no_source",
        "Write the regulation or the reason into the documentation (step, timer) or description (row).",
    )
    NOT_TRANSLATED = "not_translated", "Write the message in both languages, Chinese and English."
    PLACEHOLDER_UNKNOWN = "placeholder_unknown", "Write only placeholders that the application fills in here."
    # Soundness.
    NEVER_STARTS = "never_starts", "Let the governing table choose the process for some case."
    NO_WAY = "no_way", "Give the gateway a default flow or a condition for this case."
    NO_ANSWER = "no_answer", "Add a row for this case to the table."
    DEADLOCK = "deadlock", "Join only branches that were split by a parallel gateway, all of them."
    ENDLESS = (
        "endless",
        "Put a step into the circle or let it end; do not split branches without joining them.",
    )
    STUCK = "stuck", "Ask only for what is known at this point of the diagram in every case."
    TWICE = "twice", "Join parallel branches with a parallel gateway before they go on as one."
    TIMER_DECIDES = (
        "timer_decides",
        "Lead the timer to a step that somebody decides in place of the one that it takes away.",
    )
    TIMER_CIRCLE = (
        "timer_circle",
        "Put a step that somebody decides into the circle; no timer repeats itself.",
    )
    CANNOT_FINISH = "cannot_finish", "Lead a way out of the circle to an end event."
    DEAD_STEP = "dead_step", "Lead a way to the step that some case takes, or remove it."
    NOT_DECIDED = "not_decided", "Ask for the outcome of a step that comes before."
    DEAD_FLOW = (
        "dead_flow",
        "Change the conditions or the timers so that some case takes the flow, or remove it.",
    )
    GAVE_UP = "gave_up", "Make it smaller: fewer parallel branches, fewer facts, fewer rows."
    # Routing.
    NO_OFFICES = "no_offices", "Load the divisions and bureaus: xueji setup."
    ROLE_NOT_IN_OFFICE = "role_not_in_office", "Give the step a role that this kind of office has."
    SAME_PERSON = "same_person", "Give them different roles, or roles that several may hold."
    AUTHORITY_LEFT_OUT = (
        "authority_left_out",
        "Give the bureau that runs the school a step that decides (主管部门核办), as the other side's has.",
    )
    OUTSIDE_UNKNOWN = (
        "outside_unknown",
        "Call the step at 外省 by one of the ids that messages answer: see the documentation of the exchange.",
    )
    OUTSIDE_NOT_ASKED = (
        "outside_not_asked",
        "Let the case pass a step at which the other province is asked before it waits for its decision.",
    )
    NOBODY_DECIDES = "nobody_decides", "Let at least one office decide every case."


@dataclass(frozen=True, slots=True)
class CaseClass:
    """Cases that go the same way: a name for them, and the facts of one of them."""

    name: str
    facts: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Decision:
    """One step of a counter-example; with the key of a timer and no outcome it is that timer that fires."""

    task: str
    outcome: str | None

    @property
    def pair(self) -> tuple[str, str | None]:
        """Return it as an entry of the log that the engine folds."""
        return self.task, self.outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where it stands, and what to do.

    With a counter-example, `engine.fold` of these pairs with the facts of the first class shows it.
    """

    code: Code
    file: str
    line: int | None
    element: str | None
    message: str
    counter_example: tuple[Decision, ...] | None = None
    classes: tuple[CaseClass, ...] = ()
    severity: Severity = Severity.ERROR

    @property
    def remedy(self) -> str:
        """Return what to do."""
        return self.code.remedy

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line is not None else self.file
        where = f"{place} {self.element}" if self.element else place
        return f"{self.severity} {self.code} {where}: {self.message}. {self.remedy}"


@dataclass(frozen=True, slots=True)
class Report:
    """All findings on one process; `states` were explored, not to the end if it `gave_up`."""

    process: str | None
    findings: tuple[Finding, ...]
    states: int = 0
    gave_up: bool = False

    @property
    def publishable(self) -> bool:
        """Whether nothing forbids to publish the process."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)
