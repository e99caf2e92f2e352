"""What the tables of a change of the form of study (学习形式变更) read of its application, beside the record."""

from webapp.services.changes.fact_catalogue import TO_FULL_TIME
from webapp.services.changes.fact_types import BOOLEAN, ApplicationFacts, Described

FACTS = ApplicationFacts(
    {
        "same_form": Described(
            BOOLEAN, "whether the student studies in that form already", "form, enrolment; domain 3.7 SF-P1"
        ),
        "to_full_time": TO_FULL_TIME,
    },
    papers={},
)
