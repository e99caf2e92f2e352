"""For every row of the conditions of another major or form of study a case that it catches, and one just beside it."""

from tests.workflows.shipped_tables import HENAN_VOCATIONAL, IN_FUJIAN, IN_VOCATIONAL, PACKS
from tests.workflows.suspension_rows import RECORD

LAWFUL = {
    "major": RECORD
    | {
        "kind": "major",
        "reason": "talent",
        "hospital": "none",
        "grade": 1,
        "same_major": False,
        "same_category": True,
        "has_direction": True,
    },
    "study_form": RECORD | {"kind": "study_form", "same_form": False, "to_full_time": True},
}
ACROSS, SECOND = {"same_category": False}, {"grade": 2, "semester": 2}
DIRECTION = {"reason": "direction", "has_direction": False}
ILL = {"reason": "health", "hospital": "county"}
PART_TIME = {"to_full_time": False}

# (kind, row, packs under which it is met, facts that meet it, facts just beside them)
ROWS = [
    ("major", "major_state", PACKS, {"state": "suspended"}, {"state": "enrolled"}),
    ("major", "major_same", PACKS, {"same_major": True}, {"same_major": False}),
    ("major", "major_fujian_grade", IN_FUJIAN, {"grade": 2}, {"grade": 1}),
    ("major", "major_fujian_grade", IN_FUJIAN, {"grade": 2}, DIRECTION | {"grade": 2}),
    ("major", "major_across_semester", IN_VOCATIONAL, ACROSS | {"semester": 2}, ACROSS),
    ("major", "major_across_semester", IN_VOCATIONAL, ACROSS | {"semester": 2}, {"semester": 2}),
    ("major", "major_across_grade", IN_VOCATIONAL, ACROSS | {"grade": 2}, ACROSS),
    ("major", "major_across_grade", IN_VOCATIONAL, ACROSS | {"grade": 2}, {"grade": 2}),
    ("major", "major_across_grade", IN_VOCATIONAL, ACROSS | {"grade": 2}, DIRECTION | ACROSS | {"grade": 2}),
    ("major", "major_within_semester", IN_VOCATIONAL, SECOND, {"grade": 2}),
    ("major", "major_within_semester", IN_VOCATIONAL, SECOND, SECOND | DIRECTION),
    ("major", "major_within_semester", IN_VOCATIONAL, SECOND, {"semester": 2}),
    ("major", "major_within_grade", IN_VOCATIONAL, {"grade": 3}, {"grade": 2}),
    ("major", "major_graduating", IN_VOCATIONAL, {"graduating_grade": True}, {"graduating_grade": False}),
    ("major", "major_hospital", IN_VOCATIONAL, ILL | {"hospital": "lower"}, ILL),
    ("major", "major_hospital", IN_VOCATIONAL, ILL | {"hospital": "none"}, {"hospital": "none"}),
    ("major", "major_direction_fixed", PACKS, DIRECTION | {"has_direction": True}, DIRECTION),
    ("major", "major_direction_across", PACKS, DIRECTION | ACROSS, DIRECTION),
    ("study_form", "study_form_state", PACKS, {"state": "suspended"}, {"state": "enrolled"}),
    ("study_form", "study_form_same", PACKS, {"same_form": True}, {"same_form": False}),
    ("study_form", "study_form_places_henan", [HENAN_VOCATIONAL], PART_TIME, {"to_full_time": True}),
    ("study_form", "study_form_places_henan", [HENAN_VOCATIONAL], PART_TIME, PART_TIME | {"same_form": True}),
    ("study_form", "study_form_aid", PACKS, {"to_full_time": False}, {"to_full_time": True}),
    ("study_form", "study_form_aid", PACKS, {"to_full_time": False}, {"to_full_time": False, "same_form": True}),
]  # fmt: skip
