"""The shipped tables: which pack, whose diagram, which papers; and what every table must keep."""

import re
from importlib.resources import files
from itertools import product

import pytest

from models.enums import OverlayKind, PaperKind, RegistryState, Stage, TransferReason
from tests.workflows.shipped_tables import (
    BAOAN,
    CHONGQING,
    FUJIAN,
    FULL_CHAIN,
    FUZHOU,
    GUANGDONG,
    HENAN,
    HENAN_COMPULSORY,
    HENAN_VOCATIONAL,
    HIGH_SHANDONG,
    IN_FUJIAN,
    IN_VOCATIONAL,
    IN_ZHEJIANG,
    K12,
    NATIONAL,
    NATIONAL_2017,
    OUHAI,
    PACKS,
    SHANDONG,
    SICHUAN,
    TABLES,
    VOCATIONAL,
    WENZHOU,
    XJ_CORPS,
    ZHEJIANG,
    lineage,
)
from webapp.services.cases.expiry import OnExpiry
from webapp.services.offices.tree import Distance, StageChange
from workflows.decisions import HitPolicy


@pytest.mark.parametrize(
    ("province", "stage", "pack"),
    [
        ("41", "senior_high", HENAN),
        ("41", "compulsory", HENAN_COMPULSORY),
        ("41", "vocational", HENAN_VOCATIONAL),
        ("44", "compulsory", GUANGDONG),
        ("44", "senior_high", GUANGDONG),
        ("44", "vocational", VOCATIONAL),
        ("51", "compulsory", SICHUAN),
        ("51", "senior_high", SICHUAN),
        ("51", "vocational", VOCATIONAL),
        ("35", "vocational", FUJIAN),
        ("35", "senior_high", NATIONAL),
        ("42", "vocational", VOCATIONAL),
        ("50", "compulsory", CHONGQING),
        ("50", "senior_high", NATIONAL),
        ("33", "compulsory", ZHEJIANG),
        ("33", "senior_high", ZHEJIANG),
        ("33", "vocational", VOCATIONAL),
        ("37", "compulsory", SHANDONG),
        ("37", "senior_high", HIGH_SHANDONG),
    ],
)
def test_a_school_stands_under_the_pack_of_its_region_and_stage(province, stage, pack):
    assert TABLES["rule_pack"].decide({"province": province, "stage": stage}) == {"pack": pack}


@pytest.mark.parametrize(
    ("pack", "packs"),
    [
        (HENAN, (HENAN, NATIONAL)),
        (HENAN_COMPULSORY, (HENAN_COMPULSORY, NATIONAL)),
        (GUANGDONG, (GUANGDONG, NATIONAL)),
        (BAOAN, (BAOAN, GUANGDONG, NATIONAL)),
        (SICHUAN, (SICHUAN, NATIONAL)),
        (FULL_CHAIN, (FULL_CHAIN, NATIONAL)),
        (XJ_CORPS, (XJ_CORPS, NATIONAL)),
        (NATIONAL_2017, (NATIONAL_2017, NATIONAL)),
        (NATIONAL, (NATIONAL,)),
        (CHONGQING, (CHONGQING, NATIONAL)),
        (ZHEJIANG, (ZHEJIANG, NATIONAL)),
        (OUHAI, (OUHAI, ZHEJIANG, NATIONAL)),
        (HIGH_SHANDONG, (HIGH_SHANDONG, SHANDONG, NATIONAL)),
        (VOCATIONAL, (VOCATIONAL,)),
        (FUJIAN, (FUJIAN,)),
        (FUZHOU, (FUZHOU, FUJIAN)),
        (WENZHOU, (WENZHOU, VOCATIONAL)),
        ("k12-nowhere", ()),
    ],
)
def test_a_pack_inherits_the_national_one_of_its_stage_and_comes_first(pack, packs):
    assert lineage(pack) == packs


@pytest.mark.parametrize(("receiving", "releasing"), [*product(PACKS, PACKS)])
def test_only_between_two_schools_of_baoan_the_law_states_a_total(receiving, releasing):
    stated = {"case_limit": 30} if receiving == releasing == BAOAN else None
    assert TABLES["case_limits"].decide(both_packs(receiving, releasing)) == stated


@pytest.mark.parametrize(("receiving", "releasing"), [*product(PACKS, PACKS)])
def test_no_pack_has_time_decide_anything(receiving, releasing):
    answer = TABLES["on_expiry"].decide(both_packs(receiving, releasing))
    assert answer == {"on_expiry": OnExpiry.ESCALATE_ONLY}


def both_packs(receiving, releasing):
    return {"packs": tuple(pack for pack in lineage(receiving) if pack in lineage(releasing))}


GOVERNING = {
    (NATIONAL, NATIONAL): ("transfer", "receiving"),
    (FUJIAN, FUJIAN): ("transfer_both_agree", "both"),
    (VOCATIONAL, VOCATIONAL): ("transfer_releasing_first", "releasing"),
    (FUJIAN, VOCATIONAL): ("transfer_releasing_first", "releasing"),
    (VOCATIONAL, FUJIAN): ("transfer_releasing_first", "releasing"),
    **{
        pair: ("transfer_between_stages", "releasing")
        for vocational in (VOCATIONAL, FUJIAN)
        for pair in ((NATIONAL, vocational), (vocational, NATIONAL))
    },
}


def governing(receiving, releasing, distance):
    packs = {"receiving_packs": lineage(receiving), "releasing_packs": lineage(releasing)}
    chosen = TABLES["transfer_governing"].decide(packs | {"distance": distance})
    return chosen and (chosen["process"], chosen["initiator"])


@pytest.mark.parametrize("distance", ["same_authority", "same_county", "same_city", "cross_city"])
@pytest.mark.parametrize(("receiving", "releasing"), list(product(PACKS, PACKS)))
def test_two_packs_have_one_governing_diagram_in_a_province(receiving, releasing, distance):
    roots = (lineage(receiving)[-1], lineage(releasing)[-1])
    assert governing(receiving, releasing, distance) == GOVERNING.get(roots)


BETWEEN_PROVINCES = {
    (NATIONAL, NATIONAL): ("cross_province_transfer", "receiving"),
    (FUJIAN, VOCATIONAL): ("cross_province_both_agree", "both"),
    (VOCATIONAL, FUJIAN): ("cross_province_both_agree", "both"),
    (VOCATIONAL, VOCATIONAL): ("cross_province_releasing_first", "releasing"),
}


@pytest.mark.parametrize(("receiving", "releasing"), list(product(PACKS, PACKS)))
def test_between_two_provinces_fujians_diagram_governs_wherever_one_school_is_vocational_there(
    receiving, releasing
):
    roots = (lineage(receiving)[-1], lineage(releasing)[-1])
    assert governing(receiving, releasing, "cross_province") == BETWEEN_PROVINCES.get(roots)


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("distance", ["same_city", "cross_city", "cross_province"])
def test_only_a_fujian_vocational_school_gives_a_pupil_from_another_province_a_new_number(pack, distance):
    of_a_vocational_school = {"releasing_packs": lineage(VOCATIONAL), "distance": distance}
    answer = TABLES["registry_number"].decide({"receiving_packs": lineage(pack)} | of_a_vocational_school)
    new = pack in IN_FUJIAN and distance == "cross_province"
    assert answer == {"number_rule": "new" if new else "keep"}


@pytest.mark.parametrize("pack", PACKS)
def test_only_a_fujian_vocational_school_gives_a_pupil_of_a_general_school_a_new_number(pack):
    of_a_general_school = {"releasing_packs": lineage(HENAN), "distance": "same_city"}
    answer = TABLES["registry_number"].decide({"receiving_packs": lineage(pack)} | of_a_general_school)
    assert answer == {"number_rule": "new" if pack in IN_FUJIAN else "keep"}


@pytest.mark.parametrize(
    ("code", "rule", "owner"),
    [("2001", "H3", "receiving"), ("2002", "H1", "releasing"), ("2003", "H2", "releasing")],
)
def test_a_code_of_the_national_platform_says_what_it_means_and_who_can_repair_it(code, rule, owner):
    answer = TABLES["validation_codes"].decide({"code": code})
    assert (answer["rule"], answer["owner"]) == (rule, owner)
    assert ("转入学校" if owner == "receiving" else "转出学校") in answer["repair_zh"]
    assert f"the {owner} school" in answer["repair_en"]
    assert f"（错误代码 {code}）" in answer["source"]


@pytest.mark.parametrize(
    ("table", "row"), [("hard_checks", "h1_in_progress"), ("transfer_eligibility", "p18_open_transfer")]
)
def test_open_business_that_the_family_can_withdraw_is_no_matter_of_the_present_school_alone(table, row):
    sides = {rule.id: rule.outputs["side"].evaluate({}) for rule in TABLES[table].rules}
    assert sides[row] == "both"


def test_a_code_that_nobody_knows_has_no_explanation():
    assert TABLES["validation_codes"].decide({"code": "2004"}) is None


@pytest.mark.parametrize(
    ("pack", "reason", "required", "optional"),
    [
        (
            NATIONAL,
            "household_move",
            ["proof_of_residence"],
            ["household_register", "basic_information_sheet"],
        ),
        (NATIONAL, "migrant_residence", ["proof_of_residence"], ["basic_information_sheet"]),
        (HENAN, "parent_job_move", ["job_move_proof"], ["basic_information_sheet"]),
        (NATIONAL, "parent_abroad_or_military", ["other_proof"], ["basic_information_sheet"]),
        (NATIONAL, "special_school", ["other_proof"], ["basic_information_sheet"]),
        (GUANGDONG, "other", ["transfer_form", "other_proof"], ["basic_information_sheet"]),
        (OUHAI, "migrant_residence", ["transfer_form", "proof_of_residence"], []),
        (ZHEJIANG, "migrant_residence", ["transfer_form", "proof_of_residence"], []),
        (VOCATIONAL, "household_move", ["proof_of_residence"], ["household_register"]),
        (VOCATIONAL, "track", ["transfer_form"], []),
        (HENAN, "track", ["transfer_form"], ["basic_information_sheet"]),
        (FUJIAN, "household_move", ["transfer_form"], []),
        (FUJIAN, "other", ["transfer_form"], []),
    ],
)
def test_the_list_of_papers_is_closed_by_pack_and_ground(pack, reason, required, optional):
    hits = papers(pack, reason)
    assert [hit.outputs["paper"] for hit in hits if hit.outputs["required"]] == required
    assert [hit.outputs["paper"] for hit in hits if not hit.outputs["required"]] == optional


@pytest.mark.parametrize("stage_change", StageChange)
@pytest.mark.parametrize("pack", PACKS)
def test_only_who_leaves_a_vocational_school_of_fuzhou_for_a_general_one_proves_his_scores(
    pack, stage_change
):
    hits = papers(pack, "track", "releasing", stage_change=stage_change)
    wanted = (pack, stage_change) == (FUZHOU, StageChange.TO_GENERAL)
    assert ("entrance_scores" in [hit.outputs["paper"] for hit in hits]) == wanted


def papers(
    pack,
    reason,
    side="receiving",
    distance="cross_city",
    *,
    agreed_elsewhere=False,
    stage_change=StageChange.NONE,
):
    facts = {"packs": lineage(pack), "reason": reason, "side": side, "distance": distance}
    facts["stage_change"] = stage_change.value
    facts["agreed_elsewhere"] = agreed_elsewhere
    return TABLES["transfer_papers"].hits(facts)


@pytest.mark.parametrize("side", ["receiving", "releasing"])
@pytest.mark.parametrize("pack", PACKS)
def test_only_a_henan_senior_high_school_asks_for_more_papers_across_provinces(pack, side):
    near, far = (
        [hit.rule_id for hit in papers(pack, "other", side, distance)]
        for distance in ("cross_city", "cross_province")
    )
    more = {"receiving": ["henan_in_consent", "henan_in_household"]}
    more["releasing"] = ["henan_out_consent", "henan_out_household"]
    if pack in IN_ZHEJIANG:  # there the information sheet takes the place of the application
        near = [row.replace("form_zhejiang", "information_sheet_zhejiang") for row in near]
    assert sorted(far) == sorted(near + (more[side] if pack == HENAN else []))


@pytest.mark.parametrize("side", ["receiving", "releasing"])
@pytest.mark.parametrize("agreed_elsewhere", [True, False])
@pytest.mark.parametrize("pack", PACKS)
def test_only_what_a_school_elsewhere_agreed_to_before_is_proved_by_its_paper(pack, agreed_elsewhere, side):
    """V8, asked of the receiving side alone: domain 3.1.4."""
    hits = papers(pack, "other", side, "cross_province", agreed_elsewhere=agreed_elsewhere)
    asked = [hit.outputs["required"] for hit in hits if hit.outputs["paper"] == "release_agreement"]
    is_asked = pack in IN_VOCATIONAL and agreed_elsewhere and side == "receiving"
    assert asked == ([True] if is_asked else [])


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("reason", TransferReason)
def test_every_ground_is_proved_by_at_least_one_paper(pack, reason):
    assert any(hit.outputs["required"] for hit in papers(pack, reason.value))


def literals(table, fact):
    columns = [index for index, column in enumerate(TABLES[table].inputs) if column.expression.text == fact]
    cells = [rule.cells[index] for rule in TABLES[table].rules for index in columns if index in rule.cells]
    return {literal for cell in cells for literal in cell.literals}


@pytest.mark.parametrize(
    ("table", "fact", "values"),
    [
        ("transfer_eligibility", "state", set(RegistryState)),
        (
            "transfer_eligibility",
            "overlays",
            {*OverlayKind, "sanction", "in_progress", "in_progress_transfer"},
        ),
        ("transfer_eligibility", "packs", set(PACKS)),
        ("transfer_eligibility", "reason", set(TransferReason)),
        ("transfer_papers", "reason", set(TransferReason)),
        ("transfer_papers", "packs", set(PACKS)),
        ("transfer_papers", "stage_change", set(StageChange)),
        ("transfer_eligibility", "stage_change", set(StageChange)),
        ("transfer_papers", "distance", set(Distance)),
        ("transfer_eligibility", "distance", set(Distance)),
        ("transfer_governing", "distance", set(Distance)),
        ("transfer_levels", "distance", set(Distance)),
        ("transfer_levels", "stage", set(Stage)),
        ("cross_province_receiving", "stage", set(Stage)),
        ("cross_province_receiving", "receiving_packs", set(K12)),
        ("cross_province_releasing", "releasing_packs", set(K12)),
        ("rule_pack", "stage", set(Stage)),
    ],
)
def test_a_table_asks_only_for_values_that_a_fact_can_have(table, fact, values):
    assert literals(table, fact) <= values


def test_papers_are_of_the_kinds_that_can_be_handed_in():
    said = {rule.outputs["paper"].evaluate({}) for rule in TABLES["transfer_papers"].rules}
    assert said <= set(PaperKind)


@pytest.mark.parametrize(
    "table", [table for table in TABLES.values() if table.hit_policy is HitPolicy.UNIQUE]
)
def test_no_two_rows_of_a_unique_table_fit_one_case(table):
    assert list(table.overlaps()) == []


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_row_names_its_source(table):
    assert not [rule.id for rule in table.rules if not rule.annotation]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_fact_that_a_table_reads_is_documented(table):
    page = files("workflows").joinpath("rules/FACTS.md").read_text(encoding="utf-8")
    documented = re.findall(r"`([a-z_]+)`", page)
    assert table.names <= set(documented)
