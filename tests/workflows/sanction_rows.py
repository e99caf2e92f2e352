"""For every row of the conditions of an expulsion and a cancellation a case that it catches, and one just beside it."""

from tests.workflows.shipped_tables import IN_FUJIAN, PACKS
from tests.workflows.suspension_rows import RECORD

LAWFUL = {
    "expulsion": RECORD
    | {
        "kind": "expulsion",
        "age": 17,
        "how_heard": "meeting",
        "guardian_present": True,
        "days_from_hearing_to_decision": 0,
        "days_from_decision_to_service": 0,
        "days_since_served": 22,
        "working_days_since_served": 16,
        "told_of_appeal": True,
        "appeal": "none",
        "days_from_service_to_reexamination": None,
        "days_since_reexamined": None,
    },
    "cancellation": RECORD
    | {
        "kind": "cancellation",
        "reason": "irregular_entry",
        "days_from_findings_to_hearing": 0,
        "days_since_heard": 0,
    },
}
UPHELD = {"appeal": "upheld", "days_from_service_to_reexamination": 0, "days_since_reexamined": 0}
JUST_SERVED = {"working_days_since_served": 1}
ALONE = {"guardian_present": False}
IN_COMPULSORY = {"stage": "compulsory"}

# (kind, row, packs under which it is met, facts that meet it, facts just beside them)
ROWS = [
    ("expulsion", "expulsion_state", PACKS, {"state": "suspended"}, {"state": "enrolled"}),
    ("expulsion", "expulsion_compulsory", PACKS, IN_COMPULSORY, {"stage": "senior_high"}),
    ("expulsion", "expulsion_not_heard", PACKS, {"how_heard": "waived"}, {"how_heard": "written"}),
    ("expulsion", "expulsion_heard_after", PACKS, {"days_from_hearing_to_decision": -1}, {}),
    ("expulsion", "expulsion_minor_alone", PACKS, ALONE, ALONE | {"age": 18}),
    ("expulsion", "expulsion_guardian_fujian", IN_FUJIAN, ALONE | {"age": 18}, ALONE | {"age": 17}),
    ("expulsion", "expulsion_served_before", PACKS, {"days_from_decision_to_service": -1}, {}),
    ("expulsion", "expulsion_not_served", PACKS, {"days_since_served": -1}, {"days_since_served": 0}),
    ("expulsion", "expulsion_not_told", PACKS, {"told_of_appeal": False}, {}),
    ("expulsion", "expulsion_window", PACKS, {"working_days_since_served": 15}, {}),
    ("expulsion", "expulsion_window", PACKS, JUST_SERVED, JUST_SERVED | UPHELD),
    ("expulsion", "expulsion_undecided", PACKS, {"appeal": "undecided"}, UPHELD),
    ("expulsion", "expulsion_overturned", PACKS, UPHELD | {"appeal": "overturned"}, UPHELD),
    ("expulsion", "expulsion_reexamined_when", PACKS, {"appeal": "upheld"}, UPHELD),
    ("expulsion", "expulsion_reexamined_early", PACKS, UPHELD | {"days_from_service_to_reexamination": -1}, UPHELD),
    ("expulsion", "expulsion_reexamined_later", PACKS, UPHELD | {"days_since_reexamined": -1}, UPHELD),
    ("cancellation", "cancellation_state", PACKS, {"state": "graduated"}, {"state": "suspended"}),
    ("cancellation", "cancellation_compulsory", PACKS, IN_COMPULSORY, IN_COMPULSORY | {"reason": "double_registry"}),
    ("cancellation", "cancellation_heard_before", PACKS, {"days_from_findings_to_hearing": -1}, {}),
    ("cancellation", "cancellation_not_heard", PACKS, {"days_since_heard": -1}, {}),
]  # fmt: skip
