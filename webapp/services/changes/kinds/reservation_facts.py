"""What the tables of a reserved admission (保留入学资格) read of its application, beside the record."""

from models.enums import ProofOfHospital
from webapp.services.changes.fact_types import ApplicationFacts, Described, one_of

FACTS = ApplicationFacts(
    {
        "hospital": Described(
            one_of(ProofOfHospital),
            "who says that he cannot enter yet: a hospital of `county` level or above, a `lower` one, `none`",
            "form; domain 3.8.3",
        ),
    },
    papers={},
)
