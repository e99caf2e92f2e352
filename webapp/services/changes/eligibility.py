"""May it start? The decision tables of both sides' rule packs are asked, and all failures come back together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from models.enums import PaperKind
from webapp.errors import Refusal
from webapp.services.changes.change import Change, Moment
from webapp.services.changes.facts import open_business
from webapp.services.changes.packs import stage_of
from workflows.decisions import DecisionTable, Hit
from workflows.values import Value

HARD_CHECKS = "hard_checks"  # asked of every kind (domain 3.0.2)
SEVERITIES = ("block", "exception", "warn")
SIDES_THAT_EXCEPT = frozenset({"own", "releasing", "both"})  # those of the present school

# A case that is looked at is itself the business in progress that these rules forbid a second of.
RULES_ABOUT_OTHER_BUSINESS = frozenset({"H1", "T-P18"})


@dataclass(frozen=True, slots=True)
class FailedRule:
    """A rule that a change breaks, as its table words it, with its legal source.

    `excepted`: the application says why it is not to stand against it, and the authority of the present school decides.
    """

    rule: str
    side: str
    severity: str
    message_zh: str
    message_en: str
    source: str
    excepted: bool = False

    @property
    def blocks(self) -> bool:
        """A warning is shown and passed; from what the law allows by exception somebody has to ask to be excepted."""
        return self.severity == "block" or (self.severity == "exception" and not self.excepted)

    @property
    def solved_by(self) -> str:
        """Who can solve it: a higher `authority`, the `present` or the `receiving` school, or the `family`."""
        if self.severity == "exception":
            return "authority"
        return {"releasing": "present", "own": "present", "receiving": "receiving"}.get(self.side, "family")


@dataclass(frozen=True, slots=True)
class WantedPaper:
    """A paper of the closed list for a change (domain 3.1.3)."""

    kind: PaperKind
    required: bool
    source: str


class NotEligible(Refusal):
    """The application cannot be made: {rules}."""

    status = 422

    def __init__(self, failed: tuple[FailedRule, ...]) -> None:
        super().__init__(rules=tuple(failure.rule for failure in failed))
        self.failed = failed


class RulesStandAgainst(NotEligible):
    """Rules stand against it: {rules}. Open the task to decide it by itself."""


def failed_rules(session: Session, change: Change, moment: Moment = "application") -> tuple[FailedRule, ...]:
    """Return every rule that a change breaks at that moment, blocking ones first.

    Where the packs of both sides hold a rule, the stricter one is told.
    """
    business = open_business(session, change.student.id)
    facts = change.rule_facts(session, moment, business)
    names = {"{case}": str(business.number) if business else "", "{school}": change.school.name}
    failures = [_failure(change, hit, names) for hit in rules_met(change, facts)]
    by_severity = sorted(failures, key=lambda failure: SEVERITIES.index(failure.severity))
    strictest = {failure.rule: failure for failure in reversed(by_severity)}
    return tuple(failure for failure in by_severity if strictest[failure.rule] is failure)


def rules_met(change: Change, facts: Mapping[str, Value]) -> list[Hit]:
    """Return the rows that a change with these facts meets: of all kinds' conditions and its own, for each side."""
    return [
        hit
        for table in tables_of(change)
        for name, side in change.sides.items()
        for hit in table.hits({**facts, "side": name, "packs": side.packs, "stage": stage_of(side.school)})
    ]


def tables_of(change: Change) -> tuple[DecisionTable, DecisionTable]:
    """Return the tables of conditions that a change is held against."""
    return change.definition.decisions[HARD_CHECKS], change.definition.decisions[f"{change.kind}_eligibility"]


def require_eligible(
    session: Session,
    change: Change,
    moment: Moment = "application",
    *,
    besides: Collection[str] = (),
) -> None:
    """Raise NotEligible with all failures if one of them blocks; the rules `besides` are not asked."""
    failed = tuple(
        failure for failure in failed_rules(session, change, moment) if failure.rule not in besides
    )
    if any(failure.blocks for failure in failed):
        raise NotEligible(failed)


def wanted_papers(change: Change) -> tuple[WantedPaper, ...]:
    """Return the closed list of papers that the packs of all sides ask for, required ones first.

    A paper that one row requires and another only allows is required.
    """
    papers: dict[str, WantedPaper] = {}
    table = change.definition.decisions[f"{change.kind}_papers"]
    for name, side in change.sides.items():
        facts: dict[str, Value] = {**change.paper_facts(), "packs": side.packs, "side": name}
        for hit in table.hits(facts):
            wanted = WantedPaper(
                PaperKind(str(hit.outputs["paper"])),
                bool(hit.outputs["required"]),
                str(hit.outputs["source"]),
            )
            if wanted.required or wanted.kind not in papers:
                papers[wanted.kind] = wanted
    return tuple(sorted(papers.values(), key=lambda paper: not paper.required))


def with_exception(session: Session, change: Change) -> Change:
    """Return a change that says whether its application asks for an exception from a rule that it breaks."""
    if not change.form.exception:
        return change
    failed = failed_rules(session, change)
    return replace(change, excepted=any(failure.excepted for failure in failed))


def _failure(change: Change, hit: Hit, names: Mapping[str, str]) -> FailedRule:
    said = {name: str(value) for name, value in hit.outputs.items()}
    for placeholder, name in names.items():
        for message in ("message_zh", "message_en"):
            said[message] = said[message].replace(placeholder, name)
    may_be = said["severity"] == "exception" and said["side"] in SIDES_THAT_EXCEPT and change.may_be_excepted
    return FailedRule(**said, excepted=may_be and bool(change.form.exception))
