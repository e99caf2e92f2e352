"""What the tables of the end of an admission (放弃、取消入学资格) read of its application, beside the record."""

from models.enums import AdmissionEndReason
from webapp.services.changes.fact_types import ApplicationFacts, Described, one_of
from webapp.services.changes.kinds.registration_facts import DAYS_PAST_RESERVATION

_REASON = Described(
    one_of(AdmissionEndReason), "why the student is not registered", "form; domain 3.8.3, 4.2"
)

FACTS = ApplicationFacts(
    {"reason": _REASON, "days_past_reservation": DAYS_PAST_RESERVATION}, papers={"reason": _REASON}
)
