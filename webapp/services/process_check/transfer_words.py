"""The words that the diagrams and tables of a transfer (转学) may use, beside those of every kind."""

from collections.abc import Iterable, Mapping
from itertools import product

from models.enums import OWN_SEATS, OfficeLevel, Seat, Stage, TransferReason
from webapp.services.changes.validation_codes import CODES
from webapp.services.offices.divisions import divisions
from webapp.services.offices.tree import Distance
from webapp.services.process_check.possible import all_seats, lineages, packs_of_schools, what_always_holds
from webapp.services.process_check.words import (
    BOOLEAN,
    FAILED_RULE,
    FILLED_IN,
    MAYBE_NUMBER,
    NUMBER,
    PAPER,
    SIDE,
    STRING,
    of_every_kind,
    of_packs,
    of_record,
    one_of,
    vocabulary,
)
from workflows.check import Asked, Fact, Vocabulary
from workflows.decisions import DecisionTable
from workflows.values import Value, ValueType

_CODE = {
    "rule": STRING,
    "owner": SIDE,
    "meaning_zh": STRING,
    "meaning_en": STRING,
    "repair_zh": STRING,
    "repair_en": STRING,
    "source": STRING,
}


def transfer_words(tables: Mapping[str, DecisionTable], processes: Iterable[str]) -> Vocabulary:
    """Return the words of a transfer that can take these processes, under the rule packs that these tables know.

    Raises DecisionError, ExpressionError or KeyError for tables that do not tell their packs.
    """
    provinces = sorted({row.code[:2] for row in divisions()})
    known = lineages(tables["pack_lineage"])
    facts = _case_facts(Fact(ValueType.LIST, values=tuple(known.values())))
    return vocabulary(
        [seat for seat in Seat if seat not in OWN_SEATS],
        facts,
        what_always_holds(packs_of_schools(tables, provinces), known),
        of_packs(provinces, facts["stage"], one_of(known)) | _of_transfers(facts, processes),
        governing="transfer_governing",
    )


def _case_facts(packs: Fact) -> dict[str, Fact]:
    """Return the facts of a case: what excludes most first, so that the fewest combinations are looked at."""
    authority = one_of(OfficeLevel)
    return {
        "receiving_here": BOOLEAN,
        "releasing_here": BOOLEAN,
        "receiving_authority": authority,
        "releasing_authority": authority,
        "seats": Fact(ValueType.LIST, values=all_seats()),
        "distance": one_of(Distance),
        "stage": one_of(Stage),
        "receiving_packs": packs,
        "releasing_packs": packs,
        "packs": Fact(ValueType.LIST, values=_common(packs)),
        "process": STRING,
    }


def _of_transfers(facts: Mapping[str, Fact], processes: Iterable[str]) -> dict[str, Asked]:
    """Return the tables that the application asks about a transfer."""
    packs, distance = facts["receiving_packs"], facts["distance"]
    both_packs = {"receiving_packs": packs, "releasing_packs": packs}
    application = _application(packs)
    paper = {name: application[name] for name in ("packs", "side", "reason", "distance")}
    paper["agreed_elsewhere"] = BOOLEAN
    return {
        "transfer_governing": Asked(
            both_packs | {"distance": distance},
            {"process": one_of(processes), "initiator": one_of(("receiving", "releasing", "both"))},
        ),
        "transfer_eligibility": Asked(application, FAILED_RULE, many=True, placeholders=FILLED_IN),
        "transfer_papers": Asked(paper, PAPER, many=True),
        "registry_number": Asked(
            {"receiving_packs": packs, "distance": distance},
            {"number_rule": one_of(("keep", "new"))},
            must_answer=True,
        ),
        "validation_codes": Asked({"code": one_of(CODES)}, _CODE, must_answer=True),
        **of_every_kind(facts["packs"]),
    }


def _common(packs: Fact) -> tuple[Value, ...]:
    """Return every list of packs that two schools can both stand under."""
    lists = [one for one in packs.values if isinstance(one, tuple)]
    common = (tuple(pack for pack in one if pack in other) for one, other in product(lists, repeat=2))
    return tuple(dict.fromkeys(common))


def _application(packs: Fact) -> dict[str, Fact]:
    """Return the facts of an application for a transfer."""
    return of_record(packs) | {
        "grade_change": NUMBER,
        "schooling_years_change": NUMBER,
        "free_places": MAYBE_NUMBER,
        "reason": one_of(TransferReason),
        "same_county": BOOLEAN,
        "stage_change": BOOLEAN,
        "distance": one_of(Distance),
        "identity_check": one_of(("same", "blank_in_name", "no_number")),
    }
