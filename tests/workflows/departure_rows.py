"""For every row of the conditions of a withdrawal and a departure a case that it catches, and one just beside it."""

from tests.workflows.shipped_tables import HENAN_VOCATIONAL, IN_FUJIAN, IN_SHANDONG, IN_VOCATIONAL, PACKS
from tests.workflows.suspension_rows import RECORD

LAWFUL = {
    "withdrawal": RECORD
    | {
        "kind": "withdrawal",
        "reason": "voluntary",
        "hospital": "none",
        "months_past_spell": None,
        "months_in_a_row": None,
        "days_since_told": None,
        "years_past_course": 0,
        "truant_hours": None,
        "days_absent": None,
        "months_absent": None,
    },
    "departure": RECORD | {"kind": "departure", "reason": "abroad", "has_destination": True},
}
NOWHERE = {"has_destination": False}
ILL = {"reason": "illness", "hospital": "county"}
EXPIRED = {
    "reason": "suspension_expired",
    "months_past_spell": 2,
    "months_in_a_row": 12,
    "days_since_told": 15,
}
TOO_LONG = {"reason": "suspended_too_long", "months_past_spell": 1, "months_in_a_row": 24}
YEARS = {"reason": "study_years", "years_past_course": 5}
TRUANT = {"reason": "truancy", "truant_hours": 90}
AWAY = {"reason": "absence", "days_absent": 100, "months_absent": 4}
HIGH, COMPULSORY = {"stage": "senior_high"}, {"stage": "compulsory"}

BUT_SHANDONG = [pack for pack in PACKS if pack not in IN_SHANDONG]
ELSEWHERE = [pack for pack in PACKS if pack not in (*IN_FUJIAN, *IN_SHANDONG, *IN_VOCATIONAL)]
BUT_FUJIAN = [pack for pack in PACKS if pack not in IN_FUJIAN]
NOT_IN_ROW = [*IN_FUJIAN, *ELSEWHERE]

# (kind, row, packs under which it is met, facts that meet it, facts just beside them)
ROWS = [
    ("withdrawal", "withdrawal_state", PACKS, {"state": "graduated"}, {"state": "suspended"}),
    ("withdrawal", "w_p9_compulsory", BUT_SHANDONG, COMPULSORY, HIGH),
    ("withdrawal", "w_p9_shandong", IN_SHANDONG, COMPULSORY, COMPULSORY | ILL),
    ("withdrawal", "w_p9_shandong_illness", IN_SHANDONG, COMPULSORY | ILL, COMPULSORY),
    ("withdrawal", "w_p3_hospital", PACKS, ILL | {"hospital": "lower"}, ILL),
    ("withdrawal", "w_p1_running", PACKS, EXPIRED | {"months_past_spell": None}, EXPIRED),
    ("withdrawal", "w_p1_not_told", PACKS, EXPIRED | {"days_since_told": None}, EXPIRED),
    ("withdrawal", "w_p1_fujian", IN_FUJIAN, EXPIRED | {"days_since_told": 0}, EXPIRED | {"days_since_told": 1}),
    ("withdrawal", "w_p1_vocational", IN_VOCATIONAL, EXPIRED | {"days_since_told": 14}, EXPIRED),
    ("withdrawal", "w_p1_shandong", IN_SHANDONG, EXPIRED | HIGH | {"months_past_spell": 1}, EXPIRED | HIGH),
    ("withdrawal", "w_p1_no_rule", ELSEWHERE, EXPIRED, {}),
    ("withdrawal", "w_p2_fujian", IN_FUJIAN, YEARS | {"years_past_course": 4}, YEARS),
    ("withdrawal", "w_p2_no_rule", BUT_FUJIAN, YEARS, {}),
    ("withdrawal", "w_p4_running", PACKS, TOO_LONG | {"months_in_a_row": None}, TOO_LONG),
    ("withdrawal", "w_p4_two_years", [*IN_SHANDONG, *IN_VOCATIONAL], TOO_LONG | {"months_in_a_row": 23}, TOO_LONG),
    ("withdrawal", "w_p4_no_rule", NOT_IN_ROW, TOO_LONG, {}),
    ("withdrawal", "w_p5_vocational", IN_VOCATIONAL, TRUANT | {"truant_hours": 89}, TRUANT),
    ("withdrawal", "w_p5_unknown", IN_VOCATIONAL, TRUANT | {"truant_hours": None}, TRUANT),
    ("withdrawal", "w_p5_no_rule", [*IN_SHANDONG, *NOT_IN_ROW], TRUANT, {}),
    ("withdrawal", "w_p6_since", PACKS, AWAY | {"days_absent": None, "months_absent": None}, AWAY),
    ("withdrawal", "w_p6_vocational", IN_VOCATIONAL, AWAY | {"days_absent": 14}, AWAY | {"days_absent": 15}),
    ("withdrawal", "w_p6_henan", [HENAN_VOCATIONAL], AWAY | {"months_absent": 3}, AWAY),
    ("withdrawal", "w_p6_shandong", IN_SHANDONG, AWAY | HIGH | {"months_absent": 1}, AWAY | HIGH),
    ("withdrawal", "w_p6_no_rule", NOT_IN_ROW, AWAY, {}),
    ("departure", "departure_state", PACKS, {"state": "graduated"}, {"state": "suspended"}),
    ("departure", "departure_destination", PACKS, NOWHERE, {"has_destination": True}),
    ("departure", "departure_destination", PACKS, NOWHERE | {"reason": "other"}, NOWHERE | {"reason": "missing"}),
    ("departure", "departure_destination", PACKS, NOWHERE, NOWHERE | {"reason": "deceased"}),
]  # fmt: skip
