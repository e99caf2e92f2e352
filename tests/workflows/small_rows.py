"""For every row of the conditions of a skipped grade, a proof of graduation and a placement a case it catches."""

from decimal import Decimal

from tests.workflows.shipped_tables import FUJIAN, PACKS
from tests.workflows.suspension_rows import RECORD

LAWFUL = {
    "skip_grade": RECORD
    | {"kind": "skip_grade", "grades_up": 1, "years_gained": 1, "semesters_not_passed": 0},
    "duplicate_diploma": RECORD
    | {"kind": "duplicate_diploma", "state": "graduated", "newspaper": "county", "proofs_issued": 0},
    "placement": RECORD
    | {"kind": "placement", "days_ahead": 15, "months": 6, "months_in_all": 12, "thirds_of_plan": 2},
}
LEFT = {"state": "graduated"}
NEARLY = Decimal("1.99")

# (kind, row, packs under which it is met, facts that meet it, facts just beside them)
ROWS = [
    ("skip_grade", "skip_grade_state", PACKS, LEFT, {"state": "enrolled"}),
    ("skip_grade", "skip_grade_one", PACKS, {"grades_up": 2}, {"grades_up": 1}),
    ("skip_grade", "skip_grade_one", PACKS, {"grades_up": 0}, {"grades_up": 1}),
    ("skip_grade", "skip_grade_last", PACKS, {"graduating_grade": True}, {"graduating_grade": False}),
    ("skip_grade", "skip_grade_fujian_credits", [FUJIAN], {"semesters_not_passed": 1}, {"semesters_not_passed": 0}),
    ("skip_grade", "skip_grade_fujian_unknown", [FUJIAN], {"semesters_not_passed": None}, {"semesters_not_passed": 0}),
    ("skip_grade", "skip_grade_fujian_years", [FUJIAN], {"years_gained": 2}, {"years_gained": 1}),
    ("duplicate_diploma", "duplicate_diploma_state", PACKS, {"state": "enrolled"}, LEFT),
    ("duplicate_diploma", "duplicate_diploma_state", PACKS, {"state": "completed"}, LEFT),
    ("duplicate_diploma", "duplicate_diploma_newspaper", PACKS, {"newspaper": "lower"}, {"newspaper": "county"}),
    ("duplicate_diploma", "duplicate_diploma_newspaper", PACKS, {"newspaper": "none"}, {"newspaper": "county"}),
    ("duplicate_diploma", "duplicate_diploma_once", PACKS, {"proofs_issued": 1}, {"proofs_issued": 0}),
    ("placement", "placement_state", PACKS, {"state": "suspended"}, {"state": "enrolled"}),
    ("placement", "placement_order", PACKS, {"months": 0}, {"months": 1}),
    ("placement", "placement_notice", PACKS, {"days_ahead": 14}, {"days_ahead": 15}),
    ("placement", "placement_year", PACKS, {"months_in_all": 13}, {"months_in_all": 12}),
    ("placement", "placement_plan", PACKS, {"thirds_of_plan": NEARLY}, {"thirds_of_plan": 2}),
    ("placement", "placement_plan_unknown", PACKS, {"thirds_of_plan": None}, {"thirds_of_plan": 0}),
]  # fmt: skip
