"""The words that the diagrams and tables of a transfer (转学) may use, beside those of every kind."""

from collections.abc import Iterable, Mapping
from itertools import product

from models.enums import OWN_SEATS, ChangeKind, Seat
from webapp.services.changes.fact_catalogue import CASE_OF_A_TRANSFER, SIDE, VALIDATION
from webapp.services.changes.fact_types import STRING, one_of
from webapp.services.process_check.possible import KnownPacks, all_seats, what_always_holds
from webapp.services.process_check.words import of_every_kind, of_kind, of_packs, vocabulary
from workflows.check import Asked, Fact, Vocabulary
from workflows.decisions import DecisionTable
from workflows.values import Value, ValueType

_CODE = {
    "rule": STRING,
    "owner": SIDE.types["side"],
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
    known = KnownPacks.of(tables)
    facts = CASE_OF_A_TRANSFER.types | {
        "seats": Fact(ValueType.LIST, values=all_seats()),
        "receiving_packs": known.fact,
        "releasing_packs": known.fact,
        "packs": Fact(ValueType.LIST, values=_common(known.fact)),
    }
    return vocabulary(
        [seat for seat in Seat if seat not in OWN_SEATS],
        facts,
        what_always_holds(known),
        of_packs(known) | _of_transfers(facts, processes),
        governing="transfer_governing",
    )


def _of_transfers(facts: Mapping[str, Fact], processes: Iterable[str]) -> dict[str, Asked]:
    """Return the tables that the application asks about a transfer."""
    packs, distance = facts["receiving_packs"], facts["distance"]
    both_packs = {"receiving_packs": packs, "releasing_packs": packs}
    return {
        "transfer_governing": Asked(
            both_packs | {"distance": distance},
            {"process": one_of(processes), "initiator": one_of(("receiving", "releasing", "both"))},
        ),
        "registry_number": Asked(
            both_packs | {"distance": distance},
            {"number_rule": one_of(("keep", "new"))},
            must_answer=True,
        ),
        "validation_codes": Asked(VALIDATION.types, _CODE, must_answer=True),
        **of_kind(ChangeKind.TRANSFER, packs),
        **of_every_kind(facts["packs"]),
    }


def _common(packs: Fact) -> tuple[Value, ...]:
    """Return every list of packs that two schools can both stand under."""
    lists = [one for one in packs.values if isinstance(one, tuple)]
    common = (tuple(pack for pack in one if pack in other) for one, other in product(lists, repeat=2))
    return tuple(dict.fromkeys(common))
