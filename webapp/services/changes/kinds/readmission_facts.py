"""What the tables of a readmission (复学) read of its application, beside the record."""

from models.enums import ProofOfHospital, SuspensionReason
from webapp.services.changes.fact_types import (
    BOOLEAN,
    MAYBE_NUMBER,
    NUMBER,
    ApplicationFacts,
    Described,
    one_of,
)

_REASON = Described(
    one_of(SuspensionReason, unknown=True),
    "ground of the spell that the student is in; none if he is in none",
    "record; domain 3.3",
)

FACTS = ApplicationFacts(
    {
        "reason": _REASON,
        "days_early": Described(
            MAYBE_NUMBER,
            "how long before the end of the spell he is back: 0 on the day after its last; none if he is in none",
            "form, record; domain 3.3 RE-EARLY, RE-P3",
            "days",
        ),
        "hospital": Described(
            one_of(ProofOfHospital),
            "who says that he is well: a hospital of `county` level or above, a `lower` one, `none`",
            "form; domain 3.3 RE-P4",
        ),
        "progress_proven": Described(
            BOOLEAN,
            "whether the school recognises that he has kept up by his own study",
            "form; domain 3.3 RE-GRADE",
        ),
        "years_past_course": Described(
            NUMBER,
            "started years from the entry to the day of the return, suspensions included, − those of the course",
            "form, enrolment; domain 3.3 RE-P6, 3.4 W-P2",
            "years",
        ),
        "grade_above_usual": Described(
            NUMBER,
            "grade applied for − the usual one: that below the one his former class has come to, but no lower "
            "than his own",
            "form, record; domain 3.3 RE-GRADE",
            "grades",
        ),
    },
    papers={"reason": _REASON},
)
