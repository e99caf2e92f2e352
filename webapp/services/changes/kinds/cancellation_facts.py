"""What the tables of a cancellation (取消学籍) read of its application, beside the record."""

from models.enums import CancellationReason, HowHeard
from webapp.services.changes.fact_types import BOOLEAN, NUMBER, ApplicationFacts, Described, one_of

FACTS = ApplicationFacts(
    {
        "reason": Described(
            one_of(CancellationReason), "why the record should not be", "form; domain 3.13 (S1B 36, W76)"
        ),
        "days_from_findings_to_hearing": Described(
            NUMBER,
            "the day on which the family was heard − the day of the findings",
            "form; domain 3.13 (INT)",
            "days",
        ),
        "days_since_heard": Described(
            NUMBER, "today − the day on which the family was heard", "form; domain 3.13 (INT)", "days"
        ),
    },
    papers={
        "how_heard": Described(one_of(HowHeard), "how the family was heard", "form; domain 3.13 (INT)"),
        "certificate_is_void": Described(
            BOOLEAN, "whether a certificate was given that is void", "form; domain 3.13 (S1B 36)"
        ),
    },
)
