"""The words that the diagrams and tables of a change at one school (一方异动) may use, beside those of every kind."""

from collections.abc import Iterable, Mapping

from models.enums import OWN_SEATS, NumberKind, RecordField
from webapp.services.changes.fact_catalogue import CASE_AT_ONE_SCHOOL, ONE_SIDED
from webapp.services.changes.fact_types import BOOLEAN, NUMBER, one_of
from webapp.services.changes.kind_facts import CERTIFICATE, INITIATION
from webapp.services.process_check.possible import KnownPacks, all_own_seats, what_holds_at_a_school
from webapp.services.process_check.words import of_every_kind, of_kind, of_packs, vocabulary
from workflows.check import Asked, Fact, Vocabulary
from workflows.decisions import DecisionTable
from workflows.values import ValueType


def one_sided_words(tables: Mapping[str, DecisionTable], processes: Iterable[str]) -> Vocabulary:
    """Return the words of a change at one school that can take these processes, under the packs that these tables know.

    Raises DecisionError, ExpressionError or KeyError for tables that do not tell their packs.
    """
    known = KnownPacks.of(tables)
    seats = Fact(ValueType.LIST, values=all_own_seats())
    facts = CASE_AT_ONE_SCHOOL.types | {"seats": seats, "packs": known.fact}
    return vocabulary(
        OWN_SEATS,
        facts,
        what_holds_at_a_school(known),
        of_packs(known) | _of_changes(facts, processes),
        governing="change_governing",
    )


def _of_changes(facts: Mapping[str, Fact], processes: Iterable[str]) -> dict[str, Asked]:
    """Return the tables that the application asks about a change at one school."""
    packs = facts["packs"]
    governed = {"process": one_of(processes)}
    initiated = {"begun_by": one_of(("family", "school", "either"))}
    asked = {
        "change_governing": Asked({"kind": facts["kind"], "packs": packs}, governed),
        "change_initiators": Asked(INITIATION.types, initiated, must_answer=True),
        "withdrawal_certificate": Asked(
            CERTIFICATE.types | {"packs": packs}, {"certificate": BOOLEAN}, must_answer=True
        ),
    }
    number = {"number_kind": one_of((NumberKind.FORMAL, NumberKind.FUJIAN_VOCATIONAL))}
    asked["new_student_number"] = Asked({"packs": packs}, number, must_answer=True)
    report = {"report_days": NUMBER, "report_limit": NUMBER}
    asked["placement_report"] = Asked({"packs": packs}, report, must_answer=True)
    asked["key_fields"] = Asked({"packs": packs}, {"field": one_of(RecordField)}, must_answer=True, many=True)
    for kind in ONE_SIDED:
        asked |= of_kind(kind, packs)
    return asked | of_every_kind(packs)
