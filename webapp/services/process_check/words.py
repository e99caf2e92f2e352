"""The words that diagrams and tables of every kind may use, for the check of a process before it is published.

What a fact means stands in `workflows/rules/README.md`; here stand the values that it can have.
"""

from collections.abc import Iterable, Mapping

from models.enums import (
    ChangeKind,
    Outcome,
    OverlayKind,
    PaperKind,
    RegistryState,
    Role,
    Seat,
    Stage,
)
from webapp.policy import DECIDING_ROLES
from webapp.services.cases.expiry import OnExpiry
from webapp.services.changes.eligibility import SEVERITIES
from workflows.check import Asked, Fact, Manner, Vocabulary
from workflows.values import ValueType

# What moves a case on; to reject and to return are actions of their own, which every step has.
DECIDING = Manner(forms=frozenset({"review"}), outcomes=frozenset({Outcome.APPROVE}))
FILING = Manner(forms=frozenset({"filing"}), outcomes=frozenset({Outcome.ACKNOWLEDGE}))

# What `hard_checks` reads.
HARD_FACTS = ("packs", "kind", "moment", "overlays", "graduating_grade", "applied_on")

ROLES = DECIDING_ROLES | {Role.COUNTERPART}

STRING, NUMBER, BOOLEAN = Fact(ValueType.STRING), Fact(ValueType.NUMBER), Fact(ValueType.BOOLEAN)
MAYBE_NUMBER = Fact(ValueType.NUMBER, unknown=True)


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


def of_packs(provinces: Iterable[str], stage: Fact, pack: Fact) -> dict[str, Asked]:
    """Return the tables that say under which packs a school stands."""
    place = {"province": one_of(provinces), "stage": stage}
    return {
        "rule_pack": Asked(place, {"pack": pack}, must_answer=True),
        "pack_lineage": Asked({"pack": pack}, {"member": pack}, must_answer=True, many=True),
    }


def of_every_kind(packs: Fact) -> dict[str, Asked]:
    """Return the tables that the application asks about a change of any kind."""
    seats = [seat for seat in Seat if seat.side]
    checked = of_record(packs) | {"packs": packs}
    hard = {name: checked[name] for name in HARD_FACTS}
    return {
        "hard_checks": Asked(hard, FAILED_RULE, many=True, placeholders=FILLED_IN),
        "rejection_reasons": Asked(
            {"seat": one_of(seats), "packs": packs}, _GROUND, must_answer=True, many=True
        ),
        "case_limits": Asked({"packs": packs}, {"case_limit": NUMBER}),
        "on_expiry": Asked({"packs": packs}, {"on_expiry": one_of(OnExpiry)}, must_answer=True),
    }


def of_record(packs: Fact) -> dict[str, Fact]:
    """Return the facts of a record that the rules of every kind read, in the order of the README of the rules."""
    in_progress = ("in_progress", *[f"in_progress_{kind}" for kind in ChangeKind])
    return {
        "packs": packs,
        "side": SIDE,
        "kind": one_of(ChangeKind),
        "moment": one_of(("application", "receiving_school")),
        "stage": one_of(Stage),
        "state": one_of(RegistryState),
        "overlays": Fact(ValueType.LIST, members=(*_words(OverlayKind), *in_progress)),
        "semesters_completed": NUMBER,
        "graduating_grade": BOOLEAN,
        "starting_grade": BOOLEAN,
        "semester": Fact(ValueType.NUMBER, (1, 2), unknown=True),
        "months_into_term": MAYBE_NUMBER,
        "working_days_into_term": MAYBE_NUMBER,
        "working_days_to_term_end": MAYBE_NUMBER,
        "applied_on": Fact(ValueType.DATE),
    }


def one_of(values: Iterable[str]) -> Fact:
    """Return a fact that is one of these words."""
    return Fact(ValueType.STRING, _words(values))


def _words(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(word) for word in values)


SIDE = Fact(ValueType.STRING, ("receiving", "releasing", "own"))
_GROUND = dict.fromkeys(("code", "rule", "reason_zh", "reason_en", "source"), STRING)
FILLED_IN = frozenset({"case", "school"})
FAILED_RULE = {
    "rule": STRING,
    "side": Fact(ValueType.STRING, ("receiving", "releasing", "own", "both")),
    "severity": Fact(ValueType.STRING, SEVERITIES),
    "message_zh": STRING,
    "message_en": STRING,
    "source": STRING,
}
PAPER = {"paper": one_of(PaperKind), "required": BOOLEAN, "source": STRING}
