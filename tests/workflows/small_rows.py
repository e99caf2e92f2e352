"""For every row of the conditions of a proof of graduation and a placement a case it catches."""

from decimal import Decimal

from tests.workflows.shipped_tables import PACKS
from tests.workflows.suspension_rows import RECORD

LAWFUL = {
    "duplicate_diploma": RECORD
    | {"kind": "duplicate_diploma", "state": "graduated", "newspaper": "county", "proofs_issued": 0},
    "placement": RECORD
    | {"kind": "placement", "days_ahead": 15, "months": 6, "months_in_all": 12, "thirds_of_plan": 2},
}
LEFT = {"state": "graduated"}
NEARLY = Decimal("1.99")

# (kind, row, packs under which it is met, facts that meet it, facts just beside them)
ROWS = [
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
