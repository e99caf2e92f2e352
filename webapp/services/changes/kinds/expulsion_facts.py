"""What the tables of an expulsion (开除学籍) read of its application, beside the record."""

from models.enums import Appeal, HowHeard
from webapp.services.changes.fact_types import (
    BOOLEAN,
    MAYBE_NUMBER,
    NUMBER,
    ApplicationFacts,
    Described,
    one_of,
)

_AGE = Described(
    NUMBER,
    "full years from the day of birth to the day on which the student was heard",
    "record, form; domain 3.13 (S1B 28)",
    "years",
)
_APPEAL = Described(
    one_of(Appeal),
    "what has come of an appeal: `none` was made; the school has `undecided` it, `upheld` its decision or "
    "`overturned` it",
    "form; domain 3.13 (S1B 28)",
)

FACTS = ApplicationFacts(
    {
        "age": _AGE,
        "how_heard": Described(
            one_of(HowHeard), "how student and guardian were heard", "form; domain 3.13 (S1B 28)"
        ),
        "guardian_present": Described(
            BOOLEAN, "whether a guardian was there when the student was heard", "form; domain 3.13 (S1B 28)"
        ),
        "days_from_hearing_to_decision": Described(
            NUMBER,
            "the day of the decision − the day on which they were heard",
            "form; domain 3.13 (S1B 28)",
            "days",
        ),
        "days_from_decision_to_service": Described(
            NUMBER,
            "the day on which the decision was served − the day of the decision",
            "form; domain 3.13 (INT)",
            "days",
        ),
        "days_since_served": Described(
            NUMBER,
            "today − the day on which the decision was served",
            "form; domain 3.13 (INT)",
            "days",
        ),
        "working_days_since_served": Described(
            NUMBER,
            "working days after the day on which the decision was served, up to and with today",
            "form, calendar; domain 3.0.3, 3.13",
            "工作日",
        ),
        "told_of_appeal": Described(
            BOOLEAN,
            "whether they were told, as the decision was served, that they may appeal",
            "form; domain 3.13 (S1B 28)",
        ),
        "appeal": _APPEAL,
        "days_from_service_to_reexamination": Described(
            MAYBE_NUMBER,
            "the day on which the school re-examined it − the day on which the decision was served; none if not stated",
            "form; domain 3.13 (S1B 28)",
            "days",
        ),
        "days_since_reexamined": Described(
            MAYBE_NUMBER,
            "today − the day on which the school re-examined it; none if not stated",
            "form; domain 3.13 (S1B 28)",
            "days",
        ),
    },
    papers={"age": _AGE, "appeal": _APPEAL},
)
