"""What the tables of a transfer (转学) read of its application."""

from models.enums import TransferReason
from webapp.services.changes.fact_catalogue import DISTANCE, MONTH_AND_DAY
from webapp.services.changes.fact_types import (
    BOOLEAN,
    MAYBE_NUMBER,
    NUMBER,
    ApplicationFacts,
    Described,
    one_of,
)
from webapp.services.offices.tree import StageChange

_REASON = Described(one_of(TransferReason), "ground of the transfer", "form; domain 3.1.2 T-P9")
_STAGE_CHANGE = Described(
    one_of(StageChange),
    "between which stages: `none`: within one; `to_vocational` from general senior high, `to_general` back (普职互转); "
    "`other`",
    "schools; domain 3.0.2 H7, 3.1.4 V9",
)

FACTS = ApplicationFacts(
    {
        "grade_change": Described(
            NUMBER,
            "target grade − present grade",
            "form, enrolment; domain 3.1.2 T-P6",
            "grades",
        ),
        "schooling_years_change": Described(
            NUMBER,
            "schooling length (学制) at the receiving school − the present one",
            "form, enrolment; domain 3.1.2 T-P13",
            "years",
        ),
        "free_places": Described(
            MAYBE_NUMBER,
            "free places (空余学位) in the target grade, those reserved taken off; none if the school has "
            "published no figure",
            "school; domain 3.1.2 T-P8",
            "places",
        ),
        "reason": _REASON,
        "same_county": Described(
            BOOLEAN,
            "whether both schools lie in one county or city district",
            "divisions; domain 3.1.2 T-P10",
        ),
        "month_and_day": MONTH_AND_DAY,
        "stage_change": _STAGE_CHANGE,
        "semesters_left": Described(
            MAYBE_NUMBER,
            "semesters left of the course at the receiving school in the grade to enter, the present one included; "
            "none if no term is on record, and of who does not come from a general to a vocational school",
            "form, terms; domain 3.1.2 T-P15",
            "semesters",
        ),
        "months_to_term_end": Described(
            MAYBE_NUMBER,
            "full months until the present term closes; none in the holidays, if no term is on record, and of who does "
            "not go from a vocational to a general school",
            "terms; domain 3.1.2 T-P17",
            "months",
        ),
        "percent_to_general": Described(
            MAYBE_NUMBER,
            "share of the vocational school's intake that goes to a general school with this student, those in "
            "progress and done counted; none of others",
            "cases, enrolments; domain 3.1.2 T-P16",
            "percent",
        ),
        "distance": DISTANCE,
        "identity_check": Described(
            one_of(("same", "blank_in_name", "no_number")),
            "whether name and number can pass the comparison of the national platform; `no_number`: the record "
            "has none",
            "record; domain 3.0.2 H3",
        ),
    },
    papers={
        "reason": _REASON,
        "distance": DISTANCE,
        "stage_change": _STAGE_CHANGE,
        "agreed_elsewhere": Described(
            BOOLEAN,
            "whether the releasing school begins the transfer (V8) and lies in a province that is not served here, "
            "so that it has agreed before the family applies",
            "`transfer_governing`, deployment; domain 3.1.4 V8",
        ),
    },
)
