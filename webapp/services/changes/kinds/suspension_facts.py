"""What the tables of a suspension (休学) read of its application, beside the record."""

from models.enums import ProofOfHospital, SuspensionReason
from webapp.services.changes.fact_types import MAYBE_NUMBER, NUMBER, ApplicationFacts, Described, one_of

_REASON = Described(one_of(SuspensionReason), "ground of the suspension", "form; domain 3.2")

FACTS = ApplicationFacts(
    {
        "reason": _REASON,
        "months": Described(
            NUMBER,
            "length of this spell: the smallest n such that it ends before its first day + n months",
            "form; domain 3.2 SU-SPELL",
            "months",
        ),
        "months_in_all": Described(
            NUMBER,
            "the spells on record and this one, without military service, which is not counted (INT, SU-09)",
            "form, record; domain 3.2 SU-CUM",
            "months",
        ),
        "months_in_a_row": Described(
            NUMBER,
            "this spell and those on record before it that nothing lies between, without military service",
            "form, record; domain 3.2, 3.4 W-P4",
            "months",
        ),
        "days_left": Described(NUMBER, "last day of the spell − today", "form; domain 3.2 SU-DATES", "days"),
        "days_after_spell": Described(
            MAYBE_NUMBER,
            "first day − last day of the spell that the student is in; none if he is in none",
            "form, record; domain 3.2 SU-RENEWAL",
            "days",
        ),
        "hospital": Described(
            one_of(ProofOfHospital),
            "whose diagnosis there is: of a hospital of `county` level or above, a `lower` one's, `none`",
            "form; domain 3.2 SU-P1",
        ),
        "rest_months": Described(
            MAYBE_NUMBER,
            "rest that the hospital advises; none if not stated",
            "form; domain 3.2 SU-P8, SU-P9",
            "months",
        ),
        "hours_missed": Described(
            MAYBE_NUMBER,
            "class hours missed this term; none if not stated",
            "form; domain 3.2 SU-P10",
            "class hours",
        ),
        "thirds_missed": Described(
            MAYBE_NUMBER,
            "the same in thirds of the term's class hours: more than 1 is more than a third; none where one of "
            "both is not known",
            "form, terms; domain 3.2 SU-P1, SU-P2",
            "thirds",
        ),
        "years_enrolled": Described(
            NUMBER,
            "full years from entry to the first day",
            "form, enrolment; domain 3.2 SU-P4",
            "years",
        ),
        "age": Described(NUMBER, "age on the first day", "form, record; domain 3.2 SU-P4", "years"),
    },
    papers={"reason": _REASON},
)
