"""For every row of the conditions of a suspension and a readmission a case that it catches, and one just beside it."""

from datetime import date
from decimal import Decimal

from tests.workflows.shipped_tables import (
    HENAN,
    HENAN_COMPULSORY,
    HIGH_SHANDONG,
    IN_FUJIAN,
    IN_SHANDONG,
    IN_VOCATIONAL,
    LIAONING,
    PACKS,
    YANGZHONG,
)

RECORD = {
    "side": "own",
    "moment": "application",
    "stage": "vocational",
    "state": "enrolled",
    "overlays": (),
    "semesters_completed": 3,
    "graduating_grade": False,
    "starting_grade": False,
    "semester": 1,
    "months_into_term": 1,
    "working_days_into_term": 5,
    "working_days_to_term_end": 80,
    "applied_on": date(2016, 9, 1),
}
LAWFUL = {
    "suspension": RECORD
    | {
        "kind": "suspension",
        "reason": "illness",
        "months": 12,
        "months_in_all": 12,
        "months_in_a_row": 12,
        "days_left": 365,
        "days_after_spell": None,
        "hospital": "county",
        "rest_months": 6,
        "hours_missed": 300,
        "thirds_missed": Decimal("1.5"),
        "years_enrolled": 1,
        "age": 16,
    },
    "readmission": RECORD
    | {
        "kind": "readmission",
        "state": "suspended",
        "reason": "illness",
        "days_early": 0,
        "hospital": "county",
        "progress_proven": False,
        "years_past_course": 4,
        "grade_above_usual": 0,
        "months_into_term": 5,
    },
}
CONTAGION = {"reason": "contagion"}
SUSPENDED = {"state": "suspended", "days_after_spell": 1}
WORK_STUDY, MILITARY, LEAVE = {"reason": "work_study"}, {"reason": "military"}, {"reason": "leave"}
LONG, ALL_LONG, IN_A_ROW = {"months": 13}, {"months_in_all": 25}, {"months_in_a_row": 25}
LAST_YEAR = [HIGH_SHANDONG, LIAONING, YANGZHONG]
LAST_GRADE = {"graduating_grade": True}
LATE = {"months_into_term": 1}
A_YEAR_AT_MOST = [*IN_FUJIAN, HENAN, HENAN_COMPULSORY, *IN_SHANDONG, LIAONING, YANGZHONG]
ABOVE, HALF = {"grade_above_usual": 1}, Decimal("0.5")

# (kind, row, packs under which it is met, facts that meet it, facts just beside them)
ROWS = [
    ("suspension", "suspension_state", PACKS, {"state": "withdrawn"}, {"state": "enrolled"}),
    ("suspension", "suspension_state", PACKS, {"state": "graduated"}, SUSPENDED),
    ("suspension", "suspension_past", PACKS, {"days_left": 0}, {"days_left": 1}),
    ("suspension", "suspension_order", PACKS, {"months": 0}, {"months": 1}),
    ("suspension", "suspension_gap", PACKS, SUSPENDED | {"days_after_spell": 0}, SUSPENDED),
    ("suspension", "suspension_gap", PACKS, SUSPENDED | {"days_after_spell": 2}, {"days_after_spell": 2}),
    ("suspension", "p1_fujian_hospital", IN_FUJIAN, {"hospital": "lower"}, {"hospital": "county"}),
    ("suspension", "p1_fujian_hospital", IN_FUJIAN, {"hospital": "none"}, LEAVE | {"hospital": "none"}),
    ("suspension", "p1_fujian_hours", IN_FUJIAN, {"thirds_missed": 1}, {"thirds_missed": Decimal("1.005")}),
    ("suspension", "p1_fujian_hours", IN_FUJIAN, {"thirds_missed": HALF}, CONTAGION | {"thirds_missed": HALF}),
    ("suspension", "p1_fujian_hours_unknown", IN_FUJIAN, {"thirds_missed": None}, {"thirds_missed": 2}),
    ("suspension", "p2_fujian", IN_FUJIAN, LEAVE | {"thirds_missed": 1}, LEAVE | {"thirds_missed": Decimal("1.01")}),
    ("suspension", "p4_fujian_years", IN_FUJIAN, WORK_STUDY | {"years_enrolled": 0}, WORK_STUDY),
    ("suspension", "p4_fujian_age", IN_FUJIAN, WORK_STUDY | {"age": 15}, WORK_STUDY),
    ("suspension", "p4_vocational_years", IN_VOCATIONAL, WORK_STUDY | {"years_enrolled": 0}, WORK_STUDY),
    ("suspension", "p8_henan", [HENAN], {"rest_months": 2}, {"rest_months": 3}),
    ("suspension", "p9_shandong", IN_SHANDONG, CONTAGION | {"rest_months": 7}, CONTAGION),
    ("suspension", "p10_yangzhong", [YANGZHONG], {"hours_missed": 209}, {"hours_missed": 210}),
    ("suspension", "p11_graduating", LAST_YEAR, LAST_GRADE, LAST_GRADE | {"semester": 2}),
    ("suspension", "p11_last_semester", LAST_YEAR, LAST_GRADE | {"semester": 2}, LAST_GRADE),
    ("suspension", "p11_henan", [HENAN], LAST_GRADE, {"graduating_grade": False}),
    ("suspension", "spell_a_year", A_YEAR_AT_MOST, LONG, LONG | MILITARY),
    ("suspension", "spell_a_year", A_YEAR_AT_MOST, LONG, {"months": 12}),
    ("suspension", "spell_not_a_year", [YANGZHONG], {"months": 11}, {"months": 12}),
    ("suspension", "in_all_fujian", IN_FUJIAN, {"months_in_all": 49}, {"months_in_all": 48}),
    ("suspension", "in_all_two_years", [HENAN_COMPULSORY, LIAONING], ALL_LONG, {"months_in_all": 24}),
    ("suspension", "in_all_vocational", IN_VOCATIONAL, IN_A_ROW, IN_A_ROW | MILITARY),
    ("suspension", "in_all_vocational", IN_VOCATIONAL, IN_A_ROW, ALL_LONG | {"months_in_a_row": 24}),
    ("suspension", "in_all_shandong", [HIGH_SHANDONG], ALL_LONG, {"months_in_all": 24}),
    ("suspension", "renewal_shandong", IN_SHANDONG, SUSPENDED | {"hospital": "lower"}, SUSPENDED),
    ("suspension", "renewal_shandong", IN_SHANDONG, SUSPENDED | {"hospital": "none"}, {"hospital": "none"}),
    ("readmission", "readmission_withdrawn", PACKS, {"state": "withdrawn"}, {"state": "suspended"}),
    ("readmission", "readmission_state", PACKS, {"state": "enrolled"}, {"state": "suspended"}),
    ("readmission", "readmission_hospital", PACKS, {"hospital": "lower"}, {"hospital": "county"}),
    ("readmission", "readmission_hospital", PACKS, {"hospital": "none"}, MILITARY | {"hospital": "none"}),
    ("readmission", "readmission_early_yangzhong", [YANGZHONG], {"days_early": 1}, {"days_early": 0}),
    ("readmission", "readmission_early", IN_FUJIAN, {"days_early": 1}, {"days_early": 0}),
    ("readmission", "readmission_late_fujian", IN_FUJIAN, LATE, LATE | {"days_early": 1}),
    ("readmission", "readmission_late_fujian", IN_FUJIAN, {"months_into_term": 4}, {"months_into_term": 5}),
    ("readmission", "readmission_late_fujian", IN_FUJIAN, LATE, {"months_into_term": 0}),
    ("readmission", "readmission_study_years", IN_FUJIAN, {"years_past_course": 5}, {"years_past_course": 4}),
    ("readmission", "readmission_grade_above", IN_FUJIAN, ABOVE, ABOVE | {"progress_proven": True}),
    ("readmission", "readmission_grade", PACKS, {"grade_above_usual": 2}, ABOVE),
    ("readmission", "readmission_grade", PACKS, {"grade_above_usual": -1}, {"grade_above_usual": 0}),
]  # fmt: skip
