"""The conditions of a transfer: for every row a case that it catches, and one just beside it that it lets pass."""

import re
from datetime import date
from decimal import Decimal

import pytest

from tests.workflows.shipped_tables import (
    BAOAN,
    CHONGQING,
    FUJIAN,
    FUZHOU,
    GUANGDONG,
    HENAN,
    HENAN_COMPULSORY,
    HUBEI,
    IN_FUJIAN,
    IN_VOCATIONAL,
    IN_ZHEJIANG,
    K12,
    NATIONAL,
    NATIONAL_2014,
    NATIONAL_2015,
    NATIONAL_2017,
    OUHAI,
    PACKS,
    SHIYAN,
    TABLES,
    WENZHOU,
    XJ_CORPS,
    lineage,
)

SPRING_TERM = {
    "semester": 2,
    "months_into_term": 1,
    "working_days_into_term": 5,
    "working_days_to_term_end": 80,
}
LAWFUL = SPRING_TERM | {
    "kind": "transfer",
    "side": "releasing",
    "moment": "application",
    "stage": "compulsory",
    "state": "enrolled",
    "overlays": (),
    "semesters_completed": 3,
    "graduating_grade": False,
    "starting_grade": False,
    "grade_change": 0,
    "schooling_years_change": 0,
    "free_places": 1,
    "reason": "household_move",
    "same_county": False,
    "month_and_day": 715,
    "stage_change": "none",
    "semesters_left": 3,
    "months_to_term_end": 1,
    "percent_to_general": None,
    "distance": "cross_city",
    "identity_check": "same",
    "applied_on": date(2017, 3, 1),
}

CONDITIONS = [*TABLES["hard_checks"].rules, *TABLES["transfer_eligibility"].rules]


def broken(pack, **facts):
    """Return the ids of the rows that a transfer under this pack meets, lawful but for these facts."""
    return {
        hit.rule_id
        for table in ("hard_checks", "transfer_eligibility")
        for hit in TABLES[table].hits(LAWFUL | {"packs": lineage(pack)} | facts)
    }


GRADUATING, FIRST_SEMESTER = {"graduating_grade": True}, {"starting_grade": True, "semester": 1}
SENIOR_HIGH, RECEIVING = {"stage": "senior_high"}, {"side": "receiving"}
APPROVING, FULL = RECEIVING | {"moment": "receiving_school"}, {"free_places": 0}
ABROAD = {"distance": "cross_province"}
INTO_HENAN = RECEIVING | ABROAD | {"semesters_completed": 0}
LATE, NO_END = {"working_days_into_term": 11}, {"working_days_to_term_end": None}
MID_TERM = LATE | {"working_days_to_term_end": 11}


def on(month, day, year=2017):
    return {"applied_on": date(year, month, day)}


TO_VOCATIONAL, TO_GENERAL = {"stage_change": "to_vocational"}, {"stage_change": "to_general"}
TRACK, OTHER_COURSE, FIVE_PERCENT = (
    {"reason": "track"},
    {"schooling_years_change": 1},
    {"percent_to_general": 5},
)
EDIT = GRADUATING | {"kind": "key_data"}
IN_GUANGDONG = (GUANGDONG, BAOAN)

# (row, packs under which it is met, facts that meet it, facts just beside them)
ROWS = [
    ("h1_in_progress", PACKS, {"overlays": ("in_progress", "on_leave")}, {"overlays": ("on_leave",)}),
    ("p18_open_transfer", PACKS, {"overlays": ("in_progress", "in_progress_transfer")}, {"overlays": ("in_progress",)}),
    ("h2_problem", PACKS, {"overlays": ("problem",)}, {"overlays": ()}),
    ("h8_verification_lock", PACKS, {"overlays": ("verification_lock",)}, {"overlays": ()}),
    ("h3_blank", PACKS, ABROAD | {"identity_check": "blank_in_name"}, {"identity_check": "blank_in_name"}),
    ("h3_blank", PACKS, ABROAD | {"identity_check": "blank_in_name"}, ABROAD),
    ("h3_no_number", K12, ABROAD | {"identity_check": "no_number"}, {"identity_check": "no_number"}),
    ("h3_no_number", K12, ABROAD | {"identity_check": "no_number"}, ABROAD),
    ("h4_2017", [NATIONAL_2017], on(7, 15), on(7, 14)),
    ("h4_2017", [NATIONAL_2017], on(8, 14), on(8, 15)),
    ("h4_2017_graduating", [NATIONAL_2017], GRADUATING | on(7, 1), GRADUATING | on(6, 30)),
    ("h4_2017_graduating", [NATIONAL_2017], GRADUATING | on(8, 14), GRADUATING | on(8, 15)),
    ("h4_2017_graduating", [NATIONAL_2017], GRADUATING | on(7, 14), on(7, 14)),
    ("h4_2014", [NATIONAL_2014], on(7, 21, 2014), on(7, 20, 2014)),
    ("h4_2014", [NATIONAL_2014], on(8, 14, 2014), on(8, 15, 2014)),
    ("h4_2015", [NATIONAL_2015], on(7, 8, 2015), on(7, 7, 2015)),
    ("h4_2015", [NATIONAL_2015], on(8, 14, 2015), on(8, 15, 2015)),
    ("h4_hubei_2016", [HUBEI], GRADUATING | on(6, 1, 2016), GRADUATING | on(5, 31, 2016)),
    ("h4_hubei_2016", [HUBEI], GRADUATING | on(8, 31, 2016), GRADUATING | on(9, 1, 2016)),
    ("h4_hubei_2016", [HUBEI], GRADUATING | on(6, 1, 2016), on(6, 1, 2016)),
    ("freeze_edit_hubei_2016", [HUBEI], EDIT | on(6, 1, 2016), EDIT | on(5, 31, 2016)),
    ("freeze_edit_hubei_2016", [HUBEI], EDIT | on(6, 1, 2017), GRADUATING | on(6, 1, 2017)),
    ("freeze_edit_hubei_2016", [HUBEI], EDIT | on(6, 1, 2016), EDIT | on(6, 1, 2016) | {"graduating_grade": False}),
    ("h7_state", PACKS, {"state": "withdrawn"}, {"state": "enrolled"}),
    ("h7_state", PACKS, {"state": "deferred"}, {"state": "suspended"}),
    ("h7_stage", PACKS, {"stage_change": "other"}, TO_VOCATIONAL),
    ("h7_stage", PACKS, {"stage_change": "other"}, TO_GENERAL),
    ("h7_track", PACKS, TRACK, TRACK | TO_VOCATIONAL),
    ("h7_track", PACKS, TRACK, TRACK | TO_GENERAL),
    ("h7_track", PACKS, TRACK | {"stage_change": "other"}, {"stage_change": "other"}),
    ("p1_fujian", IN_FUJIAN, {"semesters_completed": 0}, {"semesters_completed": 1}),
    ("p1_vocational", IN_VOCATIONAL, {"semesters_completed": 0}, {"semesters_completed": 1}),
    ("p1_henan_senior_high", [HENAN], {"semesters_completed": 0}, {"semesters_completed": 1}),
    ("p1_henan_senior_high", [HENAN], {"semesters_completed": 0}, ABROAD | {"semesters_completed": 0}),
    ("p1_henan_senior_high_from_outside", [HENAN], INTO_HENAN, INTO_HENAN | {"semesters_completed": 1}),
    ("p1_henan_senior_high_from_outside", [HENAN], INTO_HENAN, INTO_HENAN | {"side": "releasing"}),
    ("p2_fujian", IN_FUJIAN, GRADUATING, {"graduating_grade": False}),
    ("p2_vocational", IN_VOCATIONAL, GRADUATING, {"graduating_grade": False}),
    ("p2_henan_senior_high", [HENAN], GRADUATING, {"graduating_grade": False}),
    ("p2_guangdong_compulsory", IN_GUANGDONG, GRADUATING | {"semester": 2}, GRADUATING | {"semester": 1}),
    ("p2_guangdong_senior_high", IN_GUANGDONG, GRADUATING | SENIOR_HIGH | {"semester": 1}, SENIOR_HIGH),
    ("p2_guangdong_senior_high", IN_GUANGDONG, GRADUATING | SENIOR_HIGH, GRADUATING),
    ("p2_guangdong_compulsory", IN_GUANGDONG, GRADUATING, GRADUATING | SENIOR_HIGH),
    ("p3_fujian", IN_FUJIAN, {"months_into_term": 2}, {"months_into_term": 1}),
    ("p3_fujian_unknown", IN_FUJIAN, {"months_into_term": None}, {"months_into_term": 1}),
    ("p3_guangdong", IN_GUANGDONG, MID_TERM, MID_TERM | {"working_days_into_term": 10}),
    ("p3_guangdong", IN_GUANGDONG, MID_TERM, MID_TERM | {"working_days_to_term_end": 10}),
    ("p3_guangdong_holiday", IN_GUANGDONG, LATE | NO_END, {"working_days_into_term": 10} | NO_END),
    ("p3_guangdong_holiday", IN_GUANGDONG, LATE | NO_END, LATE | {"working_days_to_term_end": 10}),
    ("p3_guangdong_unknown", IN_GUANGDONG, {"working_days_into_term": None}, {"working_days_into_term": 0}),
    ("p3_xj_corps", [XJ_CORPS], MID_TERM, MID_TERM | {"working_days_into_term": 10}),
    ("p3_xj_corps", [XJ_CORPS], MID_TERM, MID_TERM | {"working_days_to_term_end": 10}),
    ("p3_xj_corps_holiday", [XJ_CORPS], LATE | NO_END, {"working_days_into_term": 10} | NO_END),
    ("p3_xj_corps_holiday", [XJ_CORPS], LATE | NO_END, LATE | {"working_days_to_term_end": 10}),
    ("p3_xj_corps_unknown", [XJ_CORPS], {"working_days_into_term": None}, {"working_days_into_term": 0}),
    ("p2_chongqing", [CHONGQING], GRADUATING, {"graduating_grade": False}),
    ("p3_chongqing", [CHONGQING], {"months_into_term": 2}, {"months_into_term": 1}),
    ("p3_chongqing_unknown", [CHONGQING], {"months_into_term": None}, {"months_into_term": 1}),
    ("p5_chongqing", [CHONGQING], {"overlays": ("sanction",)}, {"overlays": ("on_leave",)}),
    ("p6_chongqing", [CHONGQING], {"grade_change": -1}, {"grade_change": 0}),
    ("p3_henan_compulsory", [HENAN_COMPULSORY], {"months_into_term": 3}, {"months_into_term": 2}),
    ("p3_henan_compulsory", [HENAN_COMPULSORY], {"months_into_term": 3}, {"months_into_term": 3} | NO_END),
    ("p3_henan_compulsory_unknown", [HENAN_COMPULSORY], {"months_into_term": None}, {"months_into_term": 1}),
    ("p3_zhejiang", IN_ZHEJIANG, RECEIVING, {"side": "releasing"}),
    ("p3_ouhai_early", [OUHAI], RECEIVING | {"month_and_day": 709}, RECEIVING | {"month_and_day": 710}),
    ("p3_ouhai_early", [OUHAI], RECEIVING | {"month_and_day": 709}, {"month_and_day": 709}),
    ("p3_ouhai_late", [OUHAI], RECEIVING | {"month_and_day": 721}, RECEIVING | {"month_and_day": 720}),
    ("p3_ouhai_late", [OUHAI], RECEIVING | {"month_and_day": 721}, {"month_and_day": 721}),
    ("p6_ouhai", [OUHAI], {"grade_change": 1}, {"grade_change": 0}),
    ("p4_suspended", [*K12, *IN_VOCATIONAL], {"state": "suspended"}, {"state": "enrolled"}),
    ("p4_fujian", IN_FUJIAN, {"state": "suspended"}, {"state": "enrolled"}),
    ("p5_henan", [HENAN, HENAN_COMPULSORY], {"overlays": ("sanction",)}, {"overlays": ("on_leave",)}),
    ("p5_guangdong", IN_GUANGDONG, {"overlays": ("sanction",)}, {"overlays": ("on_leave",)}),
    ("p6_guangdong", IN_GUANGDONG, {"grade_change": 1}, {"grade_change": 0}),
    ("p6_henan", [HENAN, HENAN_COMPULSORY], {"grade_change": -1}, {"grade_change": 0}),
    ("p6_henan", [HENAN, HENAN_COMPULSORY], {"grade_change": 7}, {"grade_change": 0}),
    ("p6_national", K12, {"grade_change": 1}, {"grade_change": 0}),
    ("p6_national", K12, {"grade_change": -1}, {"grade_change": 0}),
    ("p7_guangdong", IN_GUANGDONG, FIRST_SEMESTER, FIRST_SEMESTER | {"semester": 2}),
    ("p7_guangdong", IN_GUANGDONG, FIRST_SEMESTER, {"semester": 1}),
    ("p7_xj_corps", [XJ_CORPS], FIRST_SEMESTER, FIRST_SEMESTER | {"semester": 2}),
    ("p7_xj_corps", [XJ_CORPS], FIRST_SEMESTER, {"semester": 1}),
    ("p8_application", K12, RECEIVING | FULL, RECEIVING | {"free_places": 1}),
    ("p8_application", K12, RECEIVING | {"free_places": -1}, {"free_places": 0}),
    ("p8_receiving_school", K12, APPROVING | FULL, APPROVING | {"free_places": 1}),
    ("p8_receiving_school", K12, APPROVING | FULL, APPROVING | {"side": "releasing"} | FULL),
    ("p9_henan", [HENAN, HENAN_COMPULSORY], {"reason": "other"}, {"reason": "special_school"}),
    ("p10_henan", [HENAN], {"same_county": True}, {"same_county": False}),
    ("p9_henan", [HENAN, HENAN_COMPULSORY], {"reason": "other"}, TO_VOCATIONAL | {"reason": "other"}),
    ("p10_henan", [HENAN], {"same_county": True}, TO_VOCATIONAL | {"same_county": True}),
    ("p13_vocational", IN_VOCATIONAL, {"schooling_years_change": -1}, {"schooling_years_change": 0}),
    ("p13_vocational", IN_VOCATIONAL, OTHER_COURSE, TO_VOCATIONAL | OTHER_COURSE),
    ("p13_vocational", IN_VOCATIONAL, OTHER_COURSE, TO_GENERAL | OTHER_COURSE),
    ("p14_shiyan", [SHIYAN], TO_VOCATIONAL, TO_VOCATIONAL | {"semesters_completed": 2}),
    ("p14_shiyan", [SHIYAN], TO_VOCATIONAL, {}),
    ("p15_between_stages", PACKS, TO_VOCATIONAL | {"semesters_left": 2}, TO_VOCATIONAL),
    ("p15_between_stages", PACKS, TO_VOCATIONAL | {"semesters_left": 2}, TO_GENERAL | {"semesters_left": 2}),
    ("p15_between_stages_unknown", PACKS, TO_VOCATIONAL | {"semesters_left": None}, TO_VOCATIONAL),
    ("p15_between_stages_unknown", PACKS, TO_VOCATIONAL | {"semesters_left": None}, {"semesters_left": None}),
    ("p16_fuzhou_year", [FUZHOU], TO_GENERAL | {"semesters_completed": 1}, TO_GENERAL | {"semesters_completed": 2}),
    ("p16_fuzhou_year", [FUZHOU], TO_GENERAL | {"semesters_completed": 1}, {"semesters_completed": 1}),
    ("p16_fuzhou_share", [FUZHOU], TO_GENERAL | {"percent_to_general": Decimal("5.1")}, TO_GENERAL | FIVE_PERCENT),
    ("p16_fuzhou_share", [FUZHOU], TO_GENERAL | {"percent_to_general": Decimal("5.1")}, TO_GENERAL),
    ("p17_wenzhou_chances", [WENZHOU], TO_GENERAL, TO_GENERAL | {"semester": 1}),
    ("p17_wenzhou_chances", [WENZHOU], TO_GENERAL, TO_GENERAL | {"starting_grade": True}),
    ("p17_wenzhou_chances", [WENZHOU], TO_GENERAL, TO_VOCATIONAL),
    ("p17_wenzhou_month", [WENZHOU], TO_GENERAL | {"months_to_term_end": 0}, TO_GENERAL | {"months_to_term_end": 1}),
    ("p17_wenzhou_month", [WENZHOU], TO_GENERAL | {"months_to_term_end": 0}, {"months_to_term_end": 0}),
    ("p17_wenzhou_holiday", [WENZHOU], TO_GENERAL | {"months_to_term_end": None}, TO_GENERAL),
    ("p17_wenzhou_holiday", [WENZHOU], TO_GENERAL | {"months_to_term_end": None}, {"months_to_term_end": None}),
    ("p17_wenzhou_county", [WENZHOU], TO_GENERAL, TO_GENERAL | {"same_county": True}),
    ("p17_wenzhou_county", [WENZHOU], TO_GENERAL, {}),
]  # fmt: skip


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("stage", ["compulsory", "senior_high", "vocational"])
@pytest.mark.parametrize("distance", ["cross_city", "cross_province"])
def test_a_lawful_transfer_breaks_no_rule(pack, stage, distance):
    facts = {"stage": stage, "distance": distance}
    assert broken(pack, **facts) == set()
    assert broken(pack, **facts, side="receiving") == ({"p3_zhejiang"} if pack in IN_ZHEJIANG else set())


@pytest.mark.parametrize(("row", "packs", "breaking", "beside"), ROWS, ids=[row[0] for row in ROWS])
def test_a_rule_is_broken_exactly_under_its_packs_and_kept_just_beside(row, packs, breaking, beside):
    assert [pack for pack in PACKS if row in broken(pack, **breaking)] == [
        pack for pack in PACKS if pack in packs
    ]
    assert not [pack for pack in packs if row in broken(pack, **beside)]


def test_t28_a_school_without_a_free_place_cannot_approve_but_may_be_applied_to():
    table = TABLES["transfer_eligibility"]
    full = LAWFUL | RECEIVING | {"packs": lineage(NATIONAL), "free_places": 0}
    at = {moment: table.hits(full | {"moment": moment}) for moment in ("application", "receiving_school")}
    told = {
        moment: [(hit.outputs["rule"], hit.outputs["severity"]) for hit in hits]
        for moment, hits in at.items()
    }
    assert told == {"application": [("T-P8", "warn")], "receiving_school": [("T-P8", "block")]}


@pytest.mark.parametrize("free", [1, None])
def test_a_school_with_a_free_place_or_without_a_published_figure_can_approve(free):
    assert broken(NATIONAL, **APPROVING, free_places=free) == set()


@pytest.mark.parametrize("facts", [row[2] for row in ROWS if not row[0].startswith("p8")])
def test_what_was_lawful_at_the_application_is_not_asked_again_when_the_school_approves(facts):
    assert not [pack for pack in PACKS if broken(pack, **facts | APPROVING)]


def test_every_row_of_the_conditions_has_its_case():
    assert {rule.id for rule in CONDITIONS} == {row[0] for row in ROWS}


def test_all_broken_rules_are_told_together():
    facts = {"overlays": ("in_progress", "problem"), "semesters_completed": 0, "months_into_term": 2}
    assert broken(FUJIAN, **facts) == {"h1_in_progress", "h2_problem", "p1_fujian", "p3_fujian"}


@pytest.mark.parametrize("rule", CONDITIONS, ids=lambda rule: rule.id)
def test_a_condition_says_in_both_languages_what_to_do_next_and_where_it_is_written(rule):
    said = {name: expression.evaluate({}) for name, expression in rule.outputs.items()}
    assert said["severity"] in {"block", "warn", "exception"}
    assert said["side"] in {"receiving", "releasing", "both"}
    assert re.search(r"请|可以", said["message_zh"])
    assert said["message_zh"].endswith("。")
    assert said["message_en"].endswith(".")
    assert said["message_zh"].format(case="甲", school="乙").count("甲") == said["message_en"].count("{case}")
    assert said["source"]
    assert "domain" in rule.annotation
