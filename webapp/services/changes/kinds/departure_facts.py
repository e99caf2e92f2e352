"""What the tables of a departure (离校) read of its application, beside the record."""

from models.enums import DepartureReason
from webapp.services.changes.fact_types import BOOLEAN, ApplicationFacts, Described, one_of

_REASON = Described(one_of(DepartureReason), "why the student leaves", "form; domain 3.13")

FACTS = ApplicationFacts(
    {
        "reason": _REASON,
        "has_destination": Described(BOOLEAN, "whether it is said where he goes", "form; domain 3.13 (INT)"),
    },
    papers={"reason": _REASON},
)
