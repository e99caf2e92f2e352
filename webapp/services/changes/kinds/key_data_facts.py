"""What the tables of a correction of key data (关键信息变更) read of its application, beside the record."""

from models.enums import RecordField
from webapp.services.changes.fact_types import BOOLEAN, NUMBER, ApplicationFacts, Described, one_of, words
from webapp.services.registry.identity import FAULTS
from workflows.check import Fact
from workflows.values import ValueType

_FIELDS = Described(
    Fact(ValueType.LIST, members=words(RecordField)), "what is to be another", "form; domain 3.6"
)

FACTS = ApplicationFacts(
    {
        "fields": _FIELDS,
        "all_key": Described(
            BOOLEAN, "whether all of it is key data, by `key_fields`", "form; domain 3.6 K-07, K-08"
        ),
        "same_as_before": Described(
            BOOLEAN, "whether some of it stands in the record already", "form, record; domain 3.6 KD-P3"
        ),
        "identity_faults": Described(
            Fact(ValueType.LIST, members=tuple(dict.fromkeys([*FAULTS.values(), "duplicate"]))),
            "what is wrong with the identity number as it would be, beside birth date and sex as they would be: its "
            "`form`, `check_character` or `region`, `birth_date` or `sex` that do not fit it; `duplicate`: another "
            "record has it; nothing where none of the three is to be another",
            "form, record; domain 3.6 KD-P4, KD-P5, N-10, N-11",
        ),
        "identity_change": Described(
            one_of(("none", "last_four", "others")),
            "which characters of the identity number are to be others: `none`, the `last_four` alone, or `others` too",
            "form, record; domain 3.6 K-01",
        ),
        "school_year": Described(
            NUMBER,
            "which school year since his entry it is, from September: 1 is the first",
            "enrolment; domain 3.6 K-03",
        ),
    },
    papers={"fields": _FIELDS},
)
