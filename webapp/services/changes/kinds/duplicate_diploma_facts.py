"""What the tables of a proof of graduation (毕业证明书补办) read of its application, beside the record."""

from models.enums import Newspaper
from webapp.services.changes.fact_types import NUMBER, ApplicationFacts, Described, one_of

FACTS = ApplicationFacts(
    {
        "newspaper": Described(
            one_of(Newspaper),
            "where the loss was made known: a newspaper of `county` level or above, a `lower` one, `none`",
            "form; domain 3.13; S1B 第三十七条",
        ),
        "proofs_issued": Described(
            NUMBER,
            "proofs of graduation that he was issued before",
            "record; domain 3.13 G-11; S1B 第三十七条",
        ),
    },
    papers={},
)
