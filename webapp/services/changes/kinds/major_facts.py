"""What the tables of a change of major (转专业) read of its application, beside the record."""

from models.enums import MajorReason, ProofOfHospital
from webapp.services.changes.fact_types import BOOLEAN, NUMBER, ApplicationFacts, Described, one_of

_REASON = Described(one_of(MajorReason), "ground", "form; domain 3.5")

FACTS = ApplicationFacts(
    {
        "reason": _REASON,
        "hospital": Described(
            one_of(ProofOfHospital),
            "who says that he cannot learn this major: a hospital of `county` level or above, a `lower` one, `none`",
            "form; domain 3.5",
        ),
        "grade": Described(NUMBER, "the present grade", "enrolment; domain 3.5 M-01, M-02, M-03", "grade"),
        "same_major": Described(BOOLEAN, "whether the student has that major already", "form, enrolment"),
        "same_category": Described(
            BOOLEAN,
            "whether both majors are of one broad category (专业大类), the first two digits of their codes",
            "form, enrolment; domain 3.5 M-03, M-04",
        ),
        "has_direction": Described(
            BOOLEAN,
            "whether he is registered in a major, and not in a broad category as such",
            "enrolment; domain 3.5 M-04",
        ),
    },
    papers={"reason": _REASON},
)
