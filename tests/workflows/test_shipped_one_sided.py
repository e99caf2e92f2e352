"""The conditions of changes at one school: for every row a case that it catches, and one just beside it."""

import re
from datetime import date
from decimal import Decimal

import pytest

from tests.workflows.shipped_tables import (
    FUJIAN,
    HENAN,
    HENAN_COMPULSORY,
    HEZE,
    K12,
    LIAONING,
    PACKS,
    SHANDONG,
    TABLES,
    VOCATIONAL,
    YANGZHONG,
    lineage,
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
        "grade_above_usual": 0,
        "months_into_term": 5,
    },
}
CONTAGION = {"reason": "contagion"}
SUSPENDED = {"state": "suspended", "days_after_spell": 1}
WORK_STUDY, MILITARY, LEAVE = {"reason": "work_study"}, {"reason": "military"}, {"reason": "leave"}
LONG, ALL_LONG = {"months": 13}, {"months_in_all": 25}
LAST_GRADE = {"graduating_grade": True}
LATE = {"months_into_term": 1}
A_YEAR_AT_MOST = [FUJIAN, HENAN, HENAN_COMPULSORY, SHANDONG, LIAONING, YANGZHONG]
ABOVE, HALF = {"grade_above_usual": 1}, Decimal("0.5")

# (kind, row, packs under which it is met, facts that meet it, facts just beside them)
ROWS = [
    ("suspension", "suspension_state", PACKS, {"state": "withdrawn"}, {"state": "enrolled"}),
    ("suspension", "suspension_state", PACKS, {"state": "graduated"}, SUSPENDED),
    ("suspension", "suspension_past", PACKS, {"days_left": 0}, {"days_left": 1}),
    ("suspension", "suspension_order", PACKS, {"months": 0}, {"months": 1}),
    ("suspension", "suspension_gap", PACKS, SUSPENDED | {"days_after_spell": 0}, SUSPENDED),
    ("suspension", "suspension_gap", PACKS, SUSPENDED | {"days_after_spell": 2}, {"days_after_spell": 2}),
    ("suspension", "p1_fujian_hospital", [FUJIAN], {"hospital": "lower"}, {"hospital": "county"}),
    ("suspension", "p1_fujian_hospital", [FUJIAN], {"hospital": "none"}, LEAVE | {"hospital": "none"}),
    ("suspension", "p1_fujian_hours", [FUJIAN], {"thirds_missed": 1}, {"thirds_missed": Decimal("1.005")}),
    ("suspension", "p1_fujian_hours", [FUJIAN], {"thirds_missed": HALF}, CONTAGION | {"thirds_missed": HALF}),
    ("suspension", "p1_fujian_hours_unknown", [FUJIAN], {"thirds_missed": None}, {"thirds_missed": 2}),
    ("suspension", "p2_fujian", [FUJIAN], LEAVE | {"thirds_missed": 1}, LEAVE | {"thirds_missed": Decimal("1.01")}),
    ("suspension", "p4_fujian_years", [FUJIAN], WORK_STUDY | {"years_enrolled": 0}, WORK_STUDY),
    ("suspension", "p4_fujian_age", [FUJIAN], WORK_STUDY | {"age": 15}, WORK_STUDY),
    ("suspension", "p4_vocational_years", [VOCATIONAL, HEZE], WORK_STUDY | {"years_enrolled": 0}, WORK_STUDY),
    ("suspension", "p8_henan", [HENAN], {"rest_months": 2}, {"rest_months": 3}),
    ("suspension", "p9_shandong", [SHANDONG], CONTAGION | {"rest_months": 7}, CONTAGION),
    ("suspension", "p10_yangzhong", [YANGZHONG], {"hours_missed": 209}, {"hours_missed": 210}),
    ("suspension", "p11_graduating", [SHANDONG, LIAONING, YANGZHONG], LAST_GRADE, LAST_GRADE | {"semester": 2}),
    ("suspension", "p11_last_semester", [SHANDONG, LIAONING, YANGZHONG], LAST_GRADE | {"semester": 2}, LAST_GRADE),
    ("suspension", "p11_henan", [HENAN], LAST_GRADE, {"graduating_grade": False}),
    ("suspension", "spell_a_year", A_YEAR_AT_MOST, LONG, LONG | MILITARY),
    ("suspension", "spell_a_year", A_YEAR_AT_MOST, LONG, {"months": 12}),
    ("suspension", "spell_not_a_year", [YANGZHONG], {"months": 11}, {"months": 12}),
    ("suspension", "in_all_fujian", [FUJIAN], {"months_in_all": 49}, {"months_in_all": 48}),
    ("suspension", "in_all_two_years", [HENAN_COMPULSORY, LIAONING], ALL_LONG, {"months_in_all": 24}),
    ("suspension", "in_all_vocational", [VOCATIONAL, HEZE], ALL_LONG, ALL_LONG | MILITARY),
    ("suspension", "in_all_vocational", [VOCATIONAL, HEZE], ALL_LONG, {"months_in_all": 24}),
    ("suspension", "in_all_shandong", [SHANDONG], ALL_LONG, {"months_in_all": 24}),
    ("suspension", "renewal_shandong", [SHANDONG], SUSPENDED | {"hospital": "lower"}, SUSPENDED),
    ("suspension", "renewal_shandong", [SHANDONG], SUSPENDED | {"hospital": "none"}, {"hospital": "none"}),
    ("readmission", "readmission_withdrawn", PACKS, {"state": "withdrawn"}, {"state": "suspended"}),
    ("readmission", "readmission_state", PACKS, {"state": "enrolled"}, {"state": "suspended"}),
    ("readmission", "readmission_hospital", PACKS, {"hospital": "lower"}, {"hospital": "county"}),
    ("readmission", "readmission_hospital", PACKS, {"hospital": "none"}, MILITARY | {"hospital": "none"}),
    ("readmission", "readmission_early_yangzhong", [YANGZHONG], {"days_early": 1}, {"days_early": 0}),
    ("readmission", "readmission_early", [FUJIAN], {"days_early": 1}, {"days_early": 0}),
    ("readmission", "readmission_late_fujian", [FUJIAN], LATE, LATE | {"days_early": 1}),
    ("readmission", "readmission_late_fujian", [FUJIAN], {"months_into_term": 4}, {"months_into_term": 5}),
    ("readmission", "readmission_late_fujian", [FUJIAN], LATE, {"months_into_term": 0}),
    ("readmission", "readmission_grade_above", [FUJIAN], ABOVE, ABOVE | {"progress_proven": True}),
    ("readmission", "readmission_grade", PACKS, {"grade_above_usual": 2}, ABOVE),
    ("readmission", "readmission_grade", PACKS, {"grade_above_usual": -1}, {"grade_above_usual": 0}),
]  # fmt: skip
CONDITIONS = [rule for kind in LAWFUL for rule in TABLES[f"{kind}_eligibility"].rules]


def broken(kind, pack, **facts):
    """Return the ids of the rows that a change of this kind meets under this pack, lawful but for these facts."""
    asked = LAWFUL[kind] | {"packs": lineage(pack)} | facts
    tables = (TABLES["hard_checks"], TABLES[f"{kind}_eligibility"])
    return {hit.rule_id for table in tables for hit in table.hits(asked)}


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("kind", LAWFUL)
def test_a_lawful_change_breaks_no_rule(kind, pack):
    assert broken(kind, pack) == set()


@pytest.mark.parametrize(("kind", "row", "packs", "breaking", "beside"), ROWS, ids=[row[1] for row in ROWS])
def test_a_rule_is_broken_exactly_under_its_packs_and_kept_just_beside(kind, row, packs, breaking, beside):
    assert {pack for pack in PACKS if row in broken(kind, pack, **breaking)} == set(packs)
    assert not [pack for pack in packs if row in broken(kind, pack, **beside)]


def test_every_row_of_the_conditions_has_its_case():
    assert {rule.id for rule in CONDITIONS} == {row[1] for row in ROWS}


@pytest.mark.parametrize("rule", CONDITIONS, ids=lambda rule: rule.id)
def test_a_condition_says_in_both_languages_what_to_do_next_and_where_it_is_written(rule):
    said = {name: expression.evaluate({}) for name, expression in rule.outputs.items()}
    assert said["severity"] in {"block", "warn", "exception"}
    assert said["side"] == "own"
    assert re.search(r"请|可以", said["message_zh"])
    assert said["message_zh"].endswith("。")
    assert said["message_en"].endswith(".")
    assert said["message_zh"].count("{school}") == said["message_en"].count("{school}")
    assert said["source"]
    assert "domain" in rule.annotation


SUSPENSION_PAPERS = {
    "illness": ({"diagnosis"}, {"medical_record", "medical_bill"}),
    "contagion": ({"diagnosis"}, {"medical_record", "medical_bill"}),
    "work_study": ({"work_study_agreement"}, set()),
    "military": ({"enlistment_notice"}, set()),
    "abroad": ({"passport_and_visa"}, set()),
    "sentence": ({"court_paper"}, set()),
    "leave": (set(), {"other_proof"}),
    "other": (set(), {"other_proof"}),
}
READMISSION_PAPERS = {
    reason: (
        {"health_certificate"} if reason in ("illness", "contagion") else set(),
        {"suspension_certificate"},
    )
    for reason in SUSPENSION_PAPERS
}


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(
    ("kind", "papers"), [("suspension", SUSPENSION_PAPERS), ("readmission", READMISSION_PAPERS)]
)
def test_each_ground_has_its_closed_list_of_papers(kind, papers, pack):
    for reason, wanted in papers.items():
        hits = TABLES[f"{kind}_papers"].hits({"packs": lineage(pack), "side": "own", "reason": reason})
        listed = {
            want: {hit.outputs["paper"] for hit in hits if hit.outputs["required"] is want}
            for want in (True, False)
        }
        assert (listed[True], listed[False]) == wanted


def levels(kind, pack, *, graduating=False):
    facts = {"kind": kind, "packs": lineage(pack), "graduating_grade": graduating}
    answer = TABLES["change_levels"].decide(facts)
    return answer["up_to"], answer["filing"]


@pytest.mark.parametrize("pack", PACKS)
def test_who_decides_on_a_suspension_and_who_is_told(pack):
    """Domain 3.2, steps."""
    told = {HEZE: ("province", "none"), HENAN: ("none", "authority")}
    told |= dict.fromkeys((FUJIAN, VOCATIONAL), ("none", "authority"))
    assert levels("suspension", pack) == told.get(pack, ("authority", "none"))
    graduating = {HENAN: ("authority", "none")}.get(pack, levels("suspension", pack))
    assert levels("suspension", pack, graduating=True) == graduating


@pytest.mark.parametrize("pack", PACKS)
def test_the_school_decides_on_a_readmission_and_its_authority_is_told(pack):
    """Domain 3.3."""
    assert levels("readmission", pack) == ("none", "authority")


@pytest.mark.parametrize("pack", [pack for pack in PACKS if pack in K12])
def test_no_pack_governs_a_kind_by_two_diagrams(pack):
    for kind in LAWFUL:
        chosen = TABLES["change_governing"].decide({"kind": kind, "packs": lineage(pack)})
        assert chosen == {"process": kind}
