"""What the tables of a withdrawal (退学) read of its application, beside the record."""

from models.enums import ProofOfHospital, WithdrawalReason
from webapp.services.changes.fact_types import MAYBE_NUMBER, NUMBER, ApplicationFacts, Described, one_of

_REASON = Described(one_of(WithdrawalReason), "ground", "form; domain 3.4")
_OVER = "none if he is in no suspension, or it is not over"

FACTS = ApplicationFacts(
    {
        "reason": _REASON,
        "hospital": Described(
            one_of(ProofOfHospital),
            "who says that he is too ill to go on: a hospital of `county` level or above, a `lower` one, `none`",
            "form; domain 3.4 W-P3",
        ),
        "months_past_spell": Described(
            MAYBE_NUMBER,
            f"the smallest n such that today ≤ the last day of his suspension + n months; {_OVER}",
            "record; domain 3.4 W-P1''",
            "months",
        ),
        "months_in_a_row": Described(
            MAYBE_NUMBER,
            f"length of that suspension and of those before it without a day between them; {_OVER}",
            "record; domain 3.4 W-P4",
            "months",
        ),
        "days_since_told": Described(
            MAYBE_NUMBER,
            "today − the later of that last day and the day on which the family was told that he has to return; none "
            f"if it was not told, and {_OVER}",
            "record; domain 3.4 W-P1, W-P1'",
            "days",
        ),
        "years_past_course": Described(
            NUMBER,
            "the smallest n such that today ≤ the day of entry + n years, − the years of schooling (学制); suspensions "
            "included",
            "enrolment; domain 3.4 W-P2",
            "years",
        ),
        "truant_hours": Described(
            MAYBE_NUMBER,
            "missed without leave in the present term; none if the school has entered none",
            "semester record; domain 3.4 W-P5",
            "class hours",
        ),
        "days_absent": Described(
            MAYBE_NUMBER,
            "today − the day since when he is away without leave; none if not stated",
            "form; domain 3.4 W-P6",
            "days",
        ),
        "months_absent": Described(
            MAYBE_NUMBER,
            "the smallest n such that today ≤ that day + n months; none if not stated",
            "form; domain 3.4 W-P6",
            "months",
        ),
    },
    papers={"reason": _REASON},
)
