"""The words that the diagrams and tables of a change at one school (一方异动) may use, beside those of every kind."""

from collections.abc import Iterable, Mapping

from models.enums import (
    OWN_SEATS,
    ChangeKind,
    OfficeLevel,
    ProofOfHospital,
    Stage,
    SuspensionReason,
    WithdrawalReason,
)
from webapp.services.offices.divisions import divisions
from webapp.services.process_check.possible import (
    all_own_seats,
    lineages,
    packs_of_schools,
    what_holds_at_a_school,
)
from webapp.services.process_check.words import (
    BOOLEAN,
    FAILED_RULE,
    FILLED_IN,
    MAYBE_NUMBER,
    NUMBER,
    PAPER,
    STRING,
    of_every_kind,
    of_packs,
    of_record,
    one_of,
    vocabulary,
)
from workflows.check import Asked, Fact, Vocabulary
from workflows.decisions import DecisionTable
from workflows.values import ValueType

MAYBE_SUSPENDED_FOR = Fact(ValueType.STRING, tuple(reason.value for reason in SuspensionReason), unknown=True)

# What the conditions of each kind read beside the record.
APPLICATIONS: Mapping[ChangeKind, Mapping[str, Fact]] = {
    ChangeKind.SUSPENSION: {
        "reason": one_of(SuspensionReason),
        "months": NUMBER,
        "months_in_all": NUMBER,
        "days_left": NUMBER,
        "days_after_spell": MAYBE_NUMBER,
        "hospital": one_of(ProofOfHospital),
        "rest_months": MAYBE_NUMBER,
        "hours_missed": MAYBE_NUMBER,
        "thirds_missed": MAYBE_NUMBER,
        "years_enrolled": NUMBER,
        "age": NUMBER,
    },
    ChangeKind.READMISSION: {
        "reason": MAYBE_SUSPENDED_FOR,
        "days_early": MAYBE_NUMBER,
        "hospital": one_of(ProofOfHospital),
        "progress_proven": BOOLEAN,
        "grade_above_usual": NUMBER,
    },
    ChangeKind.WITHDRAWAL: {
        "reason": one_of(WithdrawalReason),
        "hospital": one_of(ProofOfHospital),
        "months_past_spell": MAYBE_NUMBER,
        "months_in_a_row": MAYBE_NUMBER,
        "days_since_told": MAYBE_NUMBER,
        "years_past_course": NUMBER,
        "truant_hours": MAYBE_NUMBER,
        "days_absent": MAYBE_NUMBER,
        "months_absent": MAYBE_NUMBER,
    },
}

# What `change_initiators` reads and answers.
REASON = Fact(
    ValueType.STRING,
    tuple(word.value for reasons in (SuspensionReason, WithdrawalReason) for word in reasons),
    unknown=True,
)
BEGUN_BY = {"begun_by": one_of(("family", "school", "either"))}

# What their lists of papers read of it.
OF_PAPERS = ("packs", "side", "reason")


def one_sided_words(tables: Mapping[str, DecisionTable], processes: Iterable[str]) -> Vocabulary:
    """Return the words of a change at one school that can take these processes, under the packs that these tables know.

    Raises DecisionError, ExpressionError or KeyError for tables that do not tell their packs.
    """
    provinces = sorted({row.code[:2] for row in divisions()})
    known = lineages(tables["pack_lineage"])
    facts = _case_facts(Fact(ValueType.LIST, values=tuple(known.values())))
    return vocabulary(
        OWN_SEATS,
        facts,
        what_holds_at_a_school(packs_of_schools(tables, provinces), known),
        of_packs(provinces, facts["stage"], one_of(known)) | _of_changes(facts, processes),
        governing="change_governing",
    )


def _case_facts(packs: Fact) -> dict[str, Fact]:
    return {
        "kind": one_of(APPLICATIONS),
        "authority": one_of(OfficeLevel),
        "seats": Fact(ValueType.LIST, values=all_own_seats()),
        "stage": one_of(Stage),
        "graduating_grade": BOOLEAN,
        "packs": packs,
        "process": STRING,
        "certificate": BOOLEAN,
    }


def _of_changes(facts: Mapping[str, Fact], processes: Iterable[str]) -> dict[str, Asked]:
    """Return the tables that the application asks about a change at one school."""
    packs = facts["packs"]
    governed = {"process": one_of(processes)}
    of_kind = {"kind": facts["kind"]}
    asked = {
        "change_governing": Asked(of_kind | {"packs": packs}, governed),
        "change_initiators": Asked(of_kind | {"reason": REASON}, BEGUN_BY, must_answer=True),
    }
    asked["withdrawal_certificate"] = Asked(
        {"packs": packs, "semesters_passed": MAYBE_NUMBER}, {"certificate": BOOLEAN}, must_answer=True
    )
    for kind, own in APPLICATIONS.items():
        application = {**of_record(packs), **own}
        asked[f"{kind}_eligibility"] = Asked(application, FAILED_RULE, many=True, placeholders=FILLED_IN)
        of_papers = {name: application[name] for name in OF_PAPERS}
        asked[f"{kind}_papers"] = Asked(of_papers, PAPER, many=True)
    return asked | of_every_kind(packs)
