"""For every row of the conditions of new students a case that it catches, and one just beside it."""

from tests.workflows.shipped_tables import IN_FUJIAN, IN_VOCATIONAL, PACKS, SHIYAN
from tests.workflows.suspension_rows import RECORD

LAWFUL = {
    "registration": RECORD
    | {
        "kind": "registration",
        "state": "admitted",
        "season": "autumn",
        "month_and_day": 1115,
        "years_since_entry": 0,
        "working_days_since_entry": 20,
        "other_roll": "none",
        "hospital": "none",
        "days_past_reservation": None,
        "outsiders_on_list": 100,
        "school_has_code": True,
    },
    "reservation": RECORD | {"kind": "reservation", "state": "admitted", "hospital": "county"},
    "admission_end": RECORD
    | {
        "kind": "admission_end",
        "state": "admitted",
        "reason": "abandoned",
        "days_past_reservation": None,
    },
}
SPRING = {"season": "spring"}
RESERVED = {"state": "reserved", "hospital": "county", "days_past_reservation": 0}
EXPIRED = {"state": "reserved", "reason": "too_late", "days_past_reservation": 1}
RECHECKED = {"state": "reserved", "reason": "recheck_failed"}

# (kind, row, packs under which it is met, facts that meet it, facts just beside them)
ROWS = [
    ("registration", "registration_state", PACKS, {"state": "enrolled"}, RESERVED),
    ("registration", "registration_year", IN_VOCATIONAL, {"years_since_entry": 1}, {"years_since_entry": 0}),
    ("registration", "registration_year", IN_VOCATIONAL, {"years_since_entry": -1}, RESERVED),
    ("registration", "registration_autumn", IN_VOCATIONAL, {"month_and_day": 1121}, {"month_and_day": 1120}),
    (
        "registration",
        "registration_autumn",
        IN_VOCATIONAL,
        {"month_and_day": 1121},
        SPRING | {"month_and_day": 420},
    ),
    (
        "registration",
        "registration_spring",
        IN_VOCATIONAL,
        SPRING | {"month_and_day": 421},
        {"month_and_day": 421},
    ),
    ("registration", "registration_spring", IN_VOCATIONAL, SPRING, SPRING | {"month_and_day": 420}),
    (
        "registration",
        "registration_autumn_shiyan",
        [SHIYAN],
        {"month_and_day": 1116},
        {"month_and_day": 1115},
    ),
    (
        "registration",
        "registration_autumn_shiyan",
        [SHIYAN],
        {"month_and_day": 1116},
        SPRING | {"month_and_day": 415},
    ),
    (
        "registration",
        "registration_autumn_shiyan",
        [SHIYAN],
        {"month_and_day": 1231},
        {"month_and_day": 1231, "years_since_entry": 1},
    ),
    (
        "registration",
        "registration_spring_shiyan",
        [SHIYAN],
        SPRING | {"month_and_day": 416},
        SPRING | {"month_and_day": 415},
    ),
    (
        "registration",
        "registration_spring_shiyan",
        [SHIYAN],
        SPRING | {"month_and_day": 416},
        {"month_and_day": 416},
    ),
    (
        "registration",
        "registration_spring_shiyan",
        [SHIYAN],
        SPRING | {"month_and_day": 416},
        SPRING | {"month_and_day": 416, "years_since_entry": 1},
    ),
    (
        "registration",
        "registration_archive",
        IN_VOCATIONAL,
        {"working_days_since_entry": 21},
        {"working_days_since_entry": 20},
    ),
    (
        "registration",
        "registration_year_fujian",
        IN_FUJIAN,
        {"years_since_entry": 1},
        {"month_and_day": 1231},
    ),
    (
        "registration",
        "registration_spring_fujian",
        IN_FUJIAN,
        SPRING | {"month_and_day": 901},
        SPRING | {"month_and_day": 831},
    ),
    ("registration", "registration_technician", PACKS, {"other_roll": "technician"}, {"other_roll": "none"}),
    (
        "registration",
        "registration_senior_high",
        PACKS,
        {"other_roll": "senior_high"},
        {"other_roll": "none"},
    ),
    ("registration", "registration_reserved_late", PACKS, RESERVED | {"days_past_reservation": 1}, RESERVED),
    ("registration", "registration_recheck", PACKS, RESERVED | {"hospital": "lower"}, RESERVED),
    ("registration", "registration_recheck", PACKS, RESERVED | {"hospital": "none"}, {"hospital": "none"}),
    (
        "registration",
        "registration_outsiders",
        [SHIYAN],
        {"outsiders_on_list": 101},
        {"outsiders_on_list": 100},
    ),
    (
        "registration",
        "registration_outsiders",
        [SHIYAN],
        {"outsiders_on_list": 101},
        {"outsiders_on_list": None},
    ),
    ("registration", "registration_code", IN_FUJIAN, {"school_has_code": False}, {"school_has_code": True}),
    ("reservation", "reservation_state", PACKS, {"state": "reserved"}, {"state": "admitted"}),
    ("reservation", "reservation_hospital", PACKS, {"hospital": "lower"}, {"hospital": "county"}),
    ("admission_end", "admission_end_state", PACKS, {"state": "enrolled"}, {"state": "reserved"}),
    ("admission_end", "admission_end_recheck", PACKS, {"reason": "recheck_failed"}, RECHECKED),
    ("admission_end", "admission_end_not_reserved", PACKS, {"reason": "too_late"}, EXPIRED),
    (
        "admission_end",
        "admission_end_too_early",
        PACKS,
        EXPIRED | {"days_past_reservation": 0},
        EXPIRED,
    ),
]
