"""For every row of the conditions of a skipped grade a case that it catches, and one just beside it."""

from tests.workflows.shipped_tables import IN_FUJIAN, PACKS
from tests.workflows.suspension_rows import RECORD

LAWFUL = {
    "skip_grade": RECORD
    | {"kind": "skip_grade", "grades_up": 1, "years_ahead": 1, "semesters_not_passed": 0},
}

# (kind, row, packs under which it is met, facts that meet it, facts just beside them)
ROWS = [
    ("skip_grade", "skip_state", PACKS, {"state": "suspended"}, {"state": "enrolled"}),
    ("skip_grade", "skip_last", PACKS, {"graduating_grade": True}, {"graduating_grade": False}),
    ("skip_grade", "skip_one", PACKS, {"grades_up": 2}, {"grades_up": 1}),
    ("skip_grade", "skip_one", PACKS, {"grades_up": 0}, {"grades_up": 0, "graduating_grade": True}),
    ("skip_grade", "skip_early_fujian", IN_FUJIAN, {"years_ahead": 2}, {"years_ahead": 1}),
    (
        "skip_grade",
        "skip_credits_fujian",
        IN_FUJIAN,
        {"semesters_not_passed": 1},
        {"semesters_not_passed": 0},
    ),
    (
        "skip_grade",
        "skip_credits_fujian_unknown",
        IN_FUJIAN,
        {"semesters_not_passed": None},
        {"semesters_not_passed": 1},
    ),
]
