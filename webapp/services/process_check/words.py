"""The words that the diagrams and tables of a transfer may use, for the check of a process before it is published.

What a fact means stands in `workflows/rules/README.md`; here stand the values that it can have.
"""

from collections.abc import Iterable, Mapping
from itertools import product

from models.enums import (
    ChangeKind,
    OfficeLevel,
    Outcome,
    OverlayKind,
    PaperKind,
    RegistryState,
    Role,
    Seat,
    Stage,
    TransferReason,
)
from webapp.policy import DECIDING_ROLES
from webapp.services.cases.expiry import OnExpiry
from webapp.services.changes.eligibility import SEVERITIES
from webapp.services.changes.validation_codes import CODES
from webapp.services.offices.divisions import divisions
from webapp.services.offices.tree import Distance
from webapp.services.process_check.possible import all_seats, lineages, packs_of_schools, what_always_holds
from workflows.check import Asked, Fact, Manner, Vocabulary
from workflows.decisions import DecisionTable
from workflows.values import Value, ValueType

# What moves a case on; to reject and to return are actions of their own, which every step has.
DECIDING = Manner(forms=frozenset({"review"}), outcomes=frozenset({Outcome.APPROVE}))
FILING = Manner(forms=frozenset({"filing"}), outcomes=frozenset({Outcome.ACKNOWLEDGE}))

# What `hard_checks` reads.
HARD_FACTS = ("packs", "kind", "moment", "overlays", "graduating_grade", "applied_on")

ROLES = DECIDING_ROLES | {Role.COUNTERPART}

_STRING, _NUMBER, _BOOLEAN = Fact(ValueType.STRING), Fact(ValueType.NUMBER), Fact(ValueType.BOOLEAN)
_MAYBE_NUMBER = Fact(ValueType.NUMBER, unknown=True)


def transfer_words(tables: Mapping[str, DecisionTable], processes: Iterable[str]) -> Vocabulary:
    """Return the words of a transfer that can take these processes, under the rule packs that these tables know.

    Raises DecisionError, ExpressionError or KeyError for tables that do not tell their packs.
    """
    provinces = sorted({row.code[:2] for row in divisions()})
    known = lineages(tables["pack_lineage"])
    facts = _case_facts(Fact(ValueType.LIST, values=tuple(known.values())))
    return Vocabulary(
        seats=frozenset(Seat),
        roles=ROLES,
        deciding=DECIDING,
        filing=FILING,
        actions=frozenset(Outcome),
        facts=facts,
        possible=what_always_holds(packs_of_schools(tables, provinces), known),
        asked=_of_packs(provinces, facts["stage"], _one_of(known)) | _of_transfers(facts, processes),
        governing="transfer_governing",
    )


def _case_facts(packs: Fact) -> dict[str, Fact]:
    """Return the facts of a case: what excludes most first, so that the fewest combinations are looked at."""
    authority = _one_of(OfficeLevel)
    return {
        "receiving_here": _BOOLEAN,
        "releasing_here": _BOOLEAN,
        "receiving_authority": authority,
        "releasing_authority": authority,
        "seats": Fact(ValueType.LIST, values=all_seats()),
        "distance": _one_of(Distance),
        "stage": _one_of(Stage),
        "receiving_packs": packs,
        "releasing_packs": packs,
        "packs": Fact(ValueType.LIST, values=_common(packs)),
        "process": _STRING,
    }


def _of_packs(provinces: Iterable[str], stage: Fact, pack: Fact) -> dict[str, Asked]:
    """Return the tables that say under which packs a school stands."""
    place = {"province": _one_of(provinces), "stage": stage}
    return {
        "rule_pack": Asked(place, {"pack": pack}, must_answer=True),
        "pack_lineage": Asked({"pack": pack}, {"member": pack}, must_answer=True, many=True),
    }


def _of_transfers(facts: Mapping[str, Fact], processes: Iterable[str]) -> dict[str, Asked]:
    """Return the tables that the application asks about a transfer."""
    packs, distance = facts["receiving_packs"], facts["distance"]
    both_packs = {"receiving_packs": packs, "releasing_packs": packs}
    application = _application(packs)
    paper = {name: application[name] for name in ("packs", "side", "reason", "distance")}
    paper["agreed_elsewhere"] = _BOOLEAN
    return {
        "transfer_governing": Asked(
            both_packs | {"distance": distance},
            {"process": _one_of(processes), "initiator": _one_of(("receiving", "releasing", "both"))},
        ),
        "transfer_eligibility": Asked(application, _FAILED_RULE, many=True, placeholders=_FILLED_IN),
        "transfer_papers": Asked(paper, _PAPER, many=True),
        "registry_number": Asked(
            {"receiving_packs": packs, "distance": distance},
            {"number_rule": _one_of(("keep", "new"))},
            must_answer=True,
        ),
        "validation_codes": Asked({"code": _one_of(CODES)}, _CODE, must_answer=True),
        **_of_every_kind(facts["packs"]),
    }


def _of_every_kind(packs: Fact) -> dict[str, Asked]:
    """Return the tables that the application asks about a change of any kind."""
    seats = [seat for seat in Seat if seat.side]
    checked = _of_record(packs) | {"packs": packs}
    hard = {name: checked[name] for name in HARD_FACTS}
    return {
        "hard_checks": Asked(hard, _FAILED_RULE, many=True, placeholders=_FILLED_IN),
        "rejection_reasons": Asked(
            {"seat": _one_of(seats), "packs": packs}, _GROUND, must_answer=True, many=True
        ),
        "case_limits": Asked({"packs": packs}, {"case_limit": _NUMBER}),
        "on_expiry": Asked({"packs": packs}, {"on_expiry": _one_of(OnExpiry)}, must_answer=True),
    }


def _common(packs: Fact) -> tuple[Value, ...]:
    """Return every list of packs that two schools can both stand under."""
    lists = [one for one in packs.values if isinstance(one, tuple)]
    common = (tuple(pack for pack in one if pack in other) for one, other in product(lists, repeat=2))
    return tuple(dict.fromkeys(common))


def _of_record(packs: Fact) -> dict[str, Fact]:
    """Return the facts of a record that the rules of every kind read, in the order of the README of the rules."""
    in_progress = ("in_progress", *[f"in_progress_{kind}" for kind in ChangeKind])
    return {
        "packs": packs,
        "side": _SIDE,
        "kind": _one_of(ChangeKind),
        "moment": _one_of(("application", "receiving_school")),
        "stage": _one_of(Stage),
        "state": _one_of(RegistryState),
        "overlays": Fact(ValueType.LIST, members=(*_words(OverlayKind), *in_progress)),
        "semesters_completed": _NUMBER,
        "graduating_grade": _BOOLEAN,
        "starting_grade": _BOOLEAN,
        "semester": Fact(ValueType.NUMBER, (1, 2), unknown=True),
        "months_into_term": _MAYBE_NUMBER,
        "working_days_into_term": _MAYBE_NUMBER,
        "working_days_to_term_end": _MAYBE_NUMBER,
        "applied_on": Fact(ValueType.DATE),
    }


def _application(packs: Fact) -> dict[str, Fact]:
    """Return the facts of an application for a transfer."""
    return _of_record(packs) | {
        "grade_change": _NUMBER,
        "schooling_years_change": _NUMBER,
        "free_places": _MAYBE_NUMBER,
        "reason": _one_of(TransferReason),
        "same_county": _BOOLEAN,
        "stage_change": _BOOLEAN,
        "distance": _one_of(Distance),
        "identity_check": _one_of(("same", "blank_in_name", "no_number")),
    }


def _one_of(words: Iterable[str]) -> Fact:
    return Fact(ValueType.STRING, _words(words))


def _words(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(word) for word in words)


_SIDE = Fact(ValueType.STRING, ("receiving", "releasing", "own"))
_CODE = {
    "rule": _STRING,
    "owner": _SIDE,
    "meaning_zh": _STRING,
    "meaning_en": _STRING,
    "repair_zh": _STRING,
    "repair_en": _STRING,
    "source": _STRING,
}
_GROUND = dict.fromkeys(("code", "rule", "reason_zh", "reason_en", "source"), _STRING)
_FILLED_IN = frozenset({"case", "school"})
_FAILED_RULE = {
    "rule": _STRING,
    "side": Fact(ValueType.STRING, ("receiving", "releasing", "own", "both")),
    "severity": Fact(ValueType.STRING, SEVERITIES),
    "message_zh": _STRING,
    "message_en": _STRING,
    "source": _STRING,
}
_PAPER = {"paper": _one_of(PaperKind), "required": _BOOLEAN, "source": _STRING}
