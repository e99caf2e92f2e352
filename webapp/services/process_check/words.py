"""The words that diagrams and tables of every kind may use, for the check of a process before it is published.

What facts there are stands in `services.changes.kind_facts`; here, what of them depends on the packs that tables know.
"""

from collections.abc import Iterable, Mapping

from models.enums import ChangeKind, Outcome, PaperKind, Role, Seat
from webapp.policy import DECIDING_ROLES
from webapp.services.cases.expiry import OnExpiry
from webapp.services.changes.change import EXCEPTION
from webapp.services.changes.eligibility import SEVERITIES
from webapp.services.changes.fact_catalogue import RECORD, REJECTION, SCHOOL, SIDE
from webapp.services.changes.fact_types import BOOLEAN, NUMBER, STRING, one_of
from webapp.services.changes.kind_facts import conditions_of, papers_of
from webapp.services.process_check.possible import KnownPacks
from workflows.check import Asked, Fact, Manner, Vocabulary

# What moves a case on; to reject and to return are actions of their own, which every step has.
DECIDING = Manner(forms=frozenset({"review", EXCEPTION}), outcomes=frozenset({Outcome.APPROVE}))
FILING = Manner(forms=frozenset({"filing"}), outcomes=frozenset({Outcome.ACKNOWLEDGE}))

# What `hard_checks` reads.
HARD_FACTS = ("packs", "kind", "moment", "overlays", "graduating_grade", "applied_on")

ROLES = DECIDING_ROLES | {Role.COUNTERPART}

FILLED_IN = frozenset({"case", "school"})
FAILED_RULE = {
    "rule": STRING,
    "side": one_of(("receiving", "releasing", "own", "both")),
    "severity": one_of(SEVERITIES),
    "message_zh": STRING,
    "message_en": STRING,
    "source": STRING,
}
PAPER = {"paper": one_of(PaperKind), "required": BOOLEAN, "source": STRING}
_GROUND = dict.fromkeys(("code", "rule", "reason_zh", "reason_en", "source"), STRING)


def vocabulary(
    seats: Iterable[Seat],
    facts: Mapping[str, Fact],
    possible: Iterable[str],
    asked: Mapping[str, Asked],
    governing: str,
) -> Vocabulary:
    """Return the words of a process whose cases have these seats and facts, and about which these tables are asked."""
    return Vocabulary(
        seats=frozenset(seats),
        roles=ROLES,
        deciding=DECIDING,
        filing=FILING,
        actions=frozenset(Outcome),
        facts=facts,
        possible=tuple(possible),
        asked=asked,
        governing=governing,
    )


def of_packs(known: KnownPacks) -> dict[str, Asked]:
    """Return the tables that say under which packs a school stands."""
    pack = one_of(known.lineages)
    place = {"province": one_of(known.provinces), "stage": SCHOOL.types["stage"]}
    return {
        "rule_pack": Asked(place, {"pack": pack}, must_answer=True),
        "pack_lineage": Asked({"pack": pack}, {"member": pack}, must_answer=True, many=True),
    }


def of_every_kind(packs: Fact) -> dict[str, Asked]:
    """Return the tables that the application asks about a change of any kind."""
    checked = RECORD.types | SIDE.types | {"packs": packs}
    hard = {name: checked[name] for name in HARD_FACTS}
    return {
        "hard_checks": Asked(hard, FAILED_RULE, many=True, placeholders=FILLED_IN),
        "rejection_reasons": Asked(REJECTION.types | {"packs": packs}, _GROUND, must_answer=True, many=True),
        "case_limits": Asked({"packs": packs}, {"case_limit": NUMBER}),
        "on_expiry": Asked({"packs": packs}, {"on_expiry": one_of(OnExpiry)}, must_answer=True),
    }


def of_kind(kind: ChangeKind, packs: Fact) -> dict[str, Asked]:
    """Return the tables that a kind has of its own: its conditions and its papers."""
    application = {**SIDE.types, "packs": packs, **RECORD.types, **conditions_of(kind).types}
    paper = {"packs": packs, "side": SIDE.types["side"], **papers_of(kind).types}
    return {
        f"{kind}_eligibility": Asked(application, FAILED_RULE, many=True, placeholders=FILLED_IN),
        f"{kind}_papers": Asked(paper, PAPER, many=True),
    }
