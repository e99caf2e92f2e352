"""What the tables of a registration (新生注册) read of its application, beside the record."""

from models.enums import OtherRoll, ProofOfHospital, RegistryState, Season
from webapp.services.changes.fact_catalogue import MONTH_AND_DAY
from webapp.services.changes.fact_types import (
    BOOLEAN,
    MAYBE_NUMBER,
    NUMBER,
    ApplicationFacts,
    Described,
    one_of,
)

DAYS_PAST_RESERVATION = Described(
    MAYBE_NUMBER,
    "days since the last one on which a reserved admission holds, 0 on that day; none if it is not reserved",
    "reservation; domain 3.8.3, 4.2",
    "days",
)

FACTS = ApplicationFacts(
    {
        "season": Described(
            one_of(Season), "when the student enters: January to May in `spring`", "form; S1B 第三条"
        ),
        "month_and_day": MONTH_AND_DAY,
        "years_since_entry": Described(
            NUMBER,
            "this year less the year of entry: 0 in the same year",
            "form, clock; domain 3.8.1",
            "years",
        ),
        "working_days_since_entry": Described(
            NUMBER,
            "working days after the day of entry, today counted",
            "form, calendar; domain 3.8.1",
            "working days",
        ),
        "other_roll": Described(
            one_of(OtherRoll), "another roll on which the student is", "form; domain 4.4 U5"
        ),
        "hospital": Described(
            one_of(ProofOfHospital),
            "who says that he can learn again: a hospital of `county` level or above, a `lower` one, `none`",
            "form; domain 3.8.3",
        ),
        "days_past_reservation": DAYS_PAST_RESERVATION,
        "outsiders_on_list": Described(
            MAYBE_NUMBER,
            "how many students of his list have their household in another city; none if he is on no list",
            "roster; domain 3.8.1",
            "students",
        ),
        "school_has_code": Described(
            BOOLEAN, "whether the school has the code of which its numbers are made", "school; domain 4.3"
        ),
    },
    papers={"state": Described(one_of(RegistryState), "学籍状态 of the record", "record; domain 3.8.3")},
)
