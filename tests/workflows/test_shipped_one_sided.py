"""The conditions of changes at one school: for every row a case that it catches, and one just beside it."""

import re

import pytest

from tests.workflows import (
    admission_rows,
    departure_rows,
    grade_rows,
    key_data_rows,
    sanction_rows,
    small_rows,
    study_rows,
    suspension_rows,
)
from tests.workflows.shipped_tables import (
    FUJIAN,
    FULL_CHAIN,
    HENAN,
    HEZE,
    HIGHER,
    HUBEI,
    IN_FUJIAN,
    IN_VOCATIONAL,
    K12,
    PACKS,
    SHIYAN,
    TABLES,
    VOCATIONAL,
    lineage,
)

KINDS = (
    suspension_rows,
    departure_rows,
    key_data_rows,
    study_rows,
    admission_rows,
    sanction_rows,
    grade_rows,
    small_rows,
)
LAWFUL = {kind: facts for rows in KINDS for kind, facts in rows.LAWFUL.items()}
ROWS = [row for rows in KINDS for row in rows.ROWS]
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
    assert said["side"] in {"own", "both"}  # the school solves it, or the family too
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


WITHDRAWAL_PAPERS = {
    "voluntary": ({"withdrawal_application"}, {"identity_card", "household_register", "registry_card"}),
    "illness": (
        {"withdrawal_application", "diagnosis"},
        {"identity_card", "household_register", "registry_card"},
    ),
    "suspension_expired": ({"notification_evidence"}, {"registry_card"}),
    "suspended_too_long": (set(), {"registry_card"}),
    "study_years": (set(), {"registry_card"}),
    "truancy": ({"attendance_record"}, {"registry_card"}),
    "absence": ({"attendance_record"}, {"registry_card"}),
}
DEPARTURE_PAPERS = {
    "abroad": ({"passport_and_visa"}, set()),
    "missing": ({"police_certificate"}, set()),
    "deceased": ({"death_certificate"}, set()),
    "other": ({"other_proof"}, set()),
}
ADMISSION_END_PAPERS = {
    "abandoned": ({"school_statement"}, set()),
    "irregular": ({"school_statement"}, set()),
    "recheck_failed": ({"diagnosis"}, set()),
    "too_late": (set(), {"notification_evidence"}),
}
# Where a kind is not governed everywhere.
GOVERNED = {
    "major": (*IN_FUJIAN, *IN_VOCATIONAL),
    "study_form": (*IN_FUJIAN, *IN_VOCATIONAL),
    "duplicate_diploma": IN_FUJIAN,
    "placement": (SHIYAN,),
}
PAPERS = {
    "admission_end": ADMISSION_END_PAPERS,
    "departure": DEPARTURE_PAPERS,
    "suspension": SUSPENSION_PAPERS,
    "readmission": READMISSION_PAPERS,
    "withdrawal": WITHDRAWAL_PAPERS,
}


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(("kind", "papers"), PAPERS.items())
def test_each_ground_has_its_closed_list_of_papers(kind, papers, pack):
    for reason, wanted in papers.items():
        hits = TABLES[f"{kind}_papers"].hits({"packs": lineage(pack), "side": "own", "reason": reason})
        listed = {
            want: {hit.outputs["paper"] for hit in hits if hit.outputs["required"] is want}
            for want in (True, False)
        }
        assert (listed[True], listed[False]) == wanted


@pytest.mark.parametrize("pack", PACKS)
def test_a_correction_needs_the_household_register_and_for_name_or_number_the_police(pack):
    for field in ("name", "identity_number", "sex", "native_place"):
        hits = TABLES["key_data_papers"].hits({"packs": lineage(pack), "side": "own", "fields": (field,)})
        required = {hit.outputs["paper"] for hit in hits if hit.outputs["required"]}
        police = {"police_certificate"} if field in ("name", "identity_number") else set()
        assert required == {"household_register"} | police
        assert len(hits) == len(required) + 2


@pytest.mark.parametrize("pack", PACKS)
def test_what_is_key_data_depends_on_the_place(pack):
    more = {HUBEI: {"native_place"}, HIGHER: {"ethnicity", "native_place"}, FULL_CHAIN: {"political_status"}}
    found = {hit.outputs["field"] for hit in TABLES["key_fields"].hits({"packs": lineage(pack)})}
    assert found == {"name", "sex", "birth_date", "identity_number"} | more.get(pack, set())


@pytest.mark.parametrize("pack", PACKS)
def test_the_authority_decides_on_a_departure(pack):
    assert levels("departure", pack) == ("authority", "none")


@pytest.mark.parametrize("pack", PACKS)
def test_the_authority_decides_on_an_expulsion_and_of_a_cancellation_the_province_is_told(pack):
    assert levels("expulsion", pack) == ("authority", "none")
    assert levels("cancellation", pack) == ("authority", "province")


DUE_PROCESS = {"sanction_decision", "hearing_record", "service_receipt"}


@pytest.mark.parametrize(
    ("age", "appeal", "more"),
    [
        (18, "none", set()),
        (17, "none", {"guardian_presence"}),
        (18, "upheld", {"reexamination"}),
        (17, "upheld", {"guardian_presence", "reexamination"}),
        (18, "undecided", set()),
    ],
)
def test_an_expulsion_has_its_closed_list_of_papers(age, appeal, more):
    for pack in PACKS:
        hits = TABLES["expulsion_papers"].hits({"packs": lineage(pack), "age": age, "appeal": appeal})
        assert {hit.outputs["paper"] for hit in hits} == DUE_PROCESS | more
        assert all(hit.outputs["required"] for hit in hits)


@pytest.mark.parametrize(
    ("how_heard", "is_void", "papers"),
    [
        ("meeting", False, {"investigation_findings": True, "hearing_record": True}),
        ("waived", False, {"investigation_findings": True, "notification_evidence": True}),
        (
            "written",
            True,
            {"investigation_findings": True, "hearing_record": True, "certificate_recovery": False},
        ),
    ],
)
def test_a_cancellation_has_its_closed_list_of_papers(how_heard, is_void, papers):
    hits = TABLES["cancellation_papers"].hits({"how_heard": how_heard, "certificate_is_void": is_void})
    assert {hit.outputs["paper"]: hit.outputs["required"] for hit in hits} == papers


@pytest.mark.parametrize("pack", PACKS)
def test_who_decides_on_a_correction(pack):
    """Domain 3.6: the authority; for higher education the province."""
    assert levels("key_data", pack) == ("province" if pack == HIGHER else "authority", "none")


@pytest.mark.parametrize("pack", PACKS)
def test_a_health_certificate_is_needed_of_who_was_reserved_alone(pack):
    for state, required in (("reserved", {"health_certificate"}), ("admitted", set())):
        hits = TABLES["registration_papers"].hits({"packs": lineage(pack), "side": "own", "state": state})
        assert {hit.outputs["paper"] for hit in hits if hit.outputs["required"]} == required
        assert {hit.outputs["paper"] for hit in hits} == required | {"admission_notice"}
    reserved = TABLES["reservation_papers"].hits({"packs": lineage(pack), "side": "own"})
    assert {hit.outputs["paper"]: hit.outputs["required"] for hit in reserved} == {
        "diagnosis": True,
        "admission_notice": False,
    }


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("authority", ["county", "city", "province"])
@pytest.mark.parametrize("five_year", [False, True])
def test_who_registers_new_students(pack, authority, five_year):
    """Domain 3.8.1: the authority; in Shiyan the city's own line; in Fujian the province for five-year courses."""
    general = {"up_to": "authority", "principal": False, "line": False}
    told = {(one, True): general | {"up_to": "province"} for one in IN_FUJIAN}
    if authority != "province":
        told |= {
            (SHIYAN, years): {"up_to": "none", "principal": True, "line": True} for years in (False, True)
        }
    facts = {"packs": lineage(pack), "authority": authority, "five_year": five_year}
    assert TABLES["registration_levels"].decide(facts) == told.get((pack, five_year), general)


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("kind", ["reservation", "admission_end", "skip_grade"])
def test_the_authority_decides_on_admissions_and_skipped_grades(kind, pack):
    assert levels(kind, pack) == ("authority", "none")


@pytest.mark.parametrize("pack", PACKS)
def test_to_skip_a_grade_one_applies_and_proves_what_one_has_learnt(pack):
    hits = TABLES["skip_grade_papers"].hits({"packs": lineage(pack), "side": "own"})
    assert {hit.outputs["paper"]: hit.outputs["required"] for hit in hits} == {
        "skip_grade_application": True,
        "study_results": True,
    }


@pytest.mark.parametrize("pack", PACKS)
def test_a_new_student_gets_a_national_number_but_in_fujians_vocational_schools(pack):
    given = TABLES["new_student_number"].decide({"packs": lineage(pack)})
    assert given == {"number_kind": "F" if pack in IN_FUJIAN else "G"}


OF_THE_PUPIL = ("graduating_grade", "to_full_time", "without_number", "unnatural_death")


def levels(kind, pack, *true):
    facts = {"kind": kind, "packs": lineage(pack)} | {fact: fact in true for fact in OF_THE_PUPIL}
    answer = TABLES["change_levels"].decide(facts)
    return answer["up_to"], answer["filing"]


@pytest.mark.parametrize("pack", PACKS)
def test_who_decides_on_a_suspension_and_who_is_told(pack):
    """Domain 3.2, steps."""
    told = {HEZE: ("province", "none"), HENAN: ("none", "authority")}
    told = dict.fromkeys((*IN_FUJIAN, *IN_VOCATIONAL), ("none", "authority")) | told
    assert levels("suspension", pack) == told.get(pack, ("authority", "none"))
    graduating = {HENAN: ("authority", "none")}.get(pack, levels("suspension", pack))
    assert levels("suspension", pack, "graduating_grade") == graduating


@pytest.mark.parametrize("pack", PACKS)
def test_the_school_decides_on_a_readmission_and_its_authority_is_told(pack):
    """Domain 3.3: vocational schools tell the city too, but in Fujian."""
    told = ("none", "city" if pack in IN_VOCATIONAL else "authority")
    assert levels("readmission", pack) == told


@pytest.mark.parametrize("pack", PACKS)
def test_the_province_is_told_of_an_unnatural_death(pack):
    """Domain 3.13 (W34)."""
    assert levels("departure", pack) == ("authority", "none")
    assert levels("departure", pack, "unnatural_death") == ("authority", "province")
    assert levels("cancellation", pack, "unnatural_death") == levels("cancellation", pack)


@pytest.mark.parametrize("pack", PACKS)
def test_the_province_decides_on_key_data_of_a_pupil_without_an_identity_number(pack):
    """Domain 3.6 (W47, W50)."""
    usual = levels("key_data", pack)
    assert usual == ("province" if pack == HIGHER else "authority", "none")
    assert levels("key_data", pack, "without_number") == (("province", "none") if pack in K12 else usual)


@pytest.mark.parametrize("pack", PACKS)
def test_who_decides_on_a_withdrawal_and_who_is_told(pack):
    """Domain 3.4: vocational schools decide; a senior high school's goes to the city."""
    told = dict.fromkeys(IN_FUJIAN, ("none", "authority")) | dict.fromkeys(IN_VOCATIONAL, ("none", "city"))
    assert levels("withdrawal", pack) == told.get(pack, ("city", "none"))


@pytest.mark.parametrize("pack", PACKS)
def test_who_decides_on_a_skipped_grade_a_proof_and_a_placement(pack):
    """Domain 3.13: the authority seals and issues; a placement goes to the city."""
    assert levels("skip_grade", pack) == ("authority", "none")
    assert levels("duplicate_diploma", pack) == ("authority", "none")
    assert levels("placement", pack) == ("city", "none")


@pytest.mark.parametrize("pack", PACKS)
def test_the_lists_of_papers_without_a_ground(pack):
    """Domain 3.13; S1B 第三十四条, 第三十七条; S1A 6."""
    found = {
        kind: {
            hit.outputs["paper"]: hit.outputs["required"]
            for hit in TABLES[f"{kind}_papers"].hits({"packs": lineage(pack), "side": "own"})
        }
        for kind in small_rows.LAWFUL
    }
    assert found == {
        "duplicate_diploma": dict.fromkeys(("loss_notice", "proof_form", "blue_photos"), True),
        "placement": {"placement_application": True, "placement_agreement": False},
    }


@pytest.mark.parametrize("pack", PACKS)
def test_the_report_on_a_placement_is_due_a_week_after_it(pack):
    report = TABLES["placement_report"].decide({"packs": lineage(pack)})
    assert report == {"report_days": 7, "report_limit": 250}


@pytest.mark.parametrize(
    ("kind", "reason", "begun_by"),
    [
        ("withdrawal", "voluntary", "family"),
        ("withdrawal", "illness", "family"),
        ("withdrawal", "suspension_expired", "school"),
        ("withdrawal", "absence", "school"),
        ("departure", "missing", "school"),
        ("departure", "deceased", "school"),
        ("departure", "abroad", "either"),
        ("expulsion", None, "school"),
        ("cancellation", "double_registry", "school"),
        ("suspension", "illness", "either"),
        ("readmission", None, "either"),
        ("registration", None, "school"),
        ("reservation", None, "either"),
        ("admission_end", "abandoned", "either"),
        ("admission_end", "recheck_failed", "school"),
        ("admission_end", "too_late", "school"),
        ("admission_end", "irregular", "school"),
        ("duplicate_diploma", None, "either"),
        ("placement", None, "school"),
    ],
)
def test_who_begins_a_change(kind, reason, begun_by):
    assert TABLES["change_initiators"].decide({"kind": kind, "reason": reason}) == {"begun_by": begun_by}


@pytest.mark.parametrize(
    ("pack", "passed", "given"),
    [(FUJIAN, 2, True), (FUJIAN, 1, False), (FUJIAN, None, False), (VOCATIONAL, 4, False)],
)
def test_whoever_has_passed_a_year_in_fujian_is_given_a_certificate(pack, passed, given):
    facts = {"packs": lineage(pack), "semesters_passed": passed}
    assert TABLES["withdrawal_certificate"].decide(facts) == {"certificate": given}


@pytest.mark.parametrize("pack", PACKS)
def test_each_kind_has_its_diagram_and_where_it_is_not_governed_none(pack):
    for kind in LAWFUL:
        chosen = TABLES["change_governing"].decide({"kind": kind, "packs": lineage(pack)})
        is_there = pack in GOVERNED.get(kind, PACKS)
        assert chosen == ({"process": kind} if is_there else None)


@pytest.mark.parametrize("pack", [*IN_FUJIAN, *IN_VOCATIONAL])
def test_who_decides_on_another_major_or_form_of_study(pack):
    """Domain 3.5, 3.7: the school alone; and county and city, for full-time study again the province."""
    assert levels("major", pack) == ("none", "authority")
    assert levels("study_form", pack) == ("city", "none")
    assert levels("study_form", pack, "to_full_time") == ("province", "none")


@pytest.mark.parametrize(
    ("reason", "papers"),
    [
        ("talent", {"major_application": True, "other_proof": False}),
        ("health", {"major_application": True, "diagnosis": True}),
        ("major_closed", {"major_application": True, "other_proof": False}),
        ("direction", {}),
        ("other", {"major_application": True, "other_proof": False}),
    ],
)
def test_another_major_has_its_closed_list_of_papers(reason, papers):
    for pack in (*IN_FUJIAN, *IN_VOCATIONAL):
        hits = TABLES["major_papers"].hits({"packs": lineage(pack), "side": "own", "reason": reason})
        assert {hit.outputs["paper"]: hit.outputs["required"] for hit in hits} == papers
