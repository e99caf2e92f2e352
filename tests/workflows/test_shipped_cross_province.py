"""Who acts in a transfer to another province, with one side here or both: written by hand from domain 3.1.4."""

from itertools import product

import pytest

from tests.workflows.shipped_tables import (
    FUJIAN,
    FULL_CHAIN,
    GUANGDONG,
    HENAN,
    HENAN_COMPULSORY,
    NATIONAL,
    SICHUAN,
    TABLES,
    VOCATIONAL,
    XJ_CORPS,
)
from tests.workflows.shipped_ways import LEVELS, a_transfer, acting, chain
from workflows.engine import complete, open_tasks, preview, start

# What the authorities of one side are, whatever the other side's are: 县 市 省 by who runs the school.
OWN = {"county": "县", "city": "市", "province": "省"}
UP_TO_CITY = {"county": "县 市", "city": "市", "province": "省"}
UP_TO_PROVINCE = {"county": "县 市 省", "city": "市 省", "province": "省"}
PAST_THE_CITY = UP_TO_PROVINCE | {"county": "县 省"}
SIDE = {
    ("compulsory", NATIONAL): OWN,
    ("compulsory", HENAN_COMPULSORY): OWN,
    ("compulsory", GUANGDONG): OWN,
    ("compulsory", SICHUAN): PAST_THE_CITY,
    ("compulsory", FULL_CHAIN): UP_TO_PROVINCE,
    ("senior_high", NATIONAL): UP_TO_CITY,
    ("senior_high", HENAN): UP_TO_CITY,
    ("senior_high", GUANGDONG): UP_TO_CITY,
    ("senior_high", SICHUAN): UP_TO_PROVINCE,
    ("senior_high", FULL_CHAIN): UP_TO_PROVINCE,
}
V5_PAIRS = [
    (stage, pack, other, *run_by)
    for (stage, pack), (stage_there, other) in product(SIDE, repeat=2)
    for run_by in product(LEVELS, repeat=2)
    if stage == stage_there
]
V8_FILED = {
    ("county", "county"): "(出省) (入省)",
    ("county", "city"): "(出省) (入省)",
    ("county", "province"): "(入省)",
    ("city", "county"): "(出省) (入省)",
    ("city", "city"): "(出省) (入省)",
    ("city", "province"): "(入省)",
    ("province", "county"): "(出省)",
    ("province", "city"): "(出省)",
    ("province", "province"): "",
}  # by who runs the receiving and the releasing school


def cross_province(pack, other, receiving="county", releasing="county", stage="vocational", **more):
    return a_transfer(pack, stage, "cross_province", receiving, releasing, releasing_pack=other, **more)


def seats(prefix, levels):
    return " ".join(prefix + level for level in levels.split())


@pytest.mark.parametrize(("stage", "pack", "other", "receiving", "releasing"), V5_PAIRS)
def test_v5_each_side_goes_as_far_up_as_its_own_pack_demands(stage, pack, other, receiving, releasing):
    into = f"入校 {seats('入', SIDE[stage, pack][receiving])}"
    out = f"出校 {seats('出', SIDE[stage, other][releasing])}"
    pulled = "" if pack == FULL_CHAIN else "入校 "
    way = chain(*cross_province(pack, other, receiving, releasing, stage))
    assert way == f"{into} {out} {pulled}(出校) (入校)"


@pytest.mark.parametrize(("receiving", "releasing"), V8_FILED)
def test_v8_asks_both_schools_then_both_authorities_and_is_filed_by_both_provinces(receiving, releasing):
    way = f"出校 入校 出{OWN[releasing]} 入{OWN[receiving]} {V8_FILED[receiving, releasing]}"
    assert chain(*cross_province(VOCATIONAL, VOCATIONAL, receiving, releasing)) == way.strip()


@pytest.mark.parametrize(("pack", "other"), [(FUJIAN, VOCATIONAL), (VOCATIONAL, FUJIAN)])
@pytest.mark.parametrize(("receiving", "releasing"), V8_FILED)
def test_v7_asks_both_authorities_side_by_side_and_the_receiving_school_files(
    pack, other, receiving, releasing
):
    into = f"入{OWN[receiving]}"
    *schools, one, another, filed = chain(*cross_province(pack, other, receiving, releasing)).split()
    assert schools == ["出校", "入校"]
    assert {one, another} == {into, f"出{OWN[releasing]}"}
    assert filed == f"({into})"


BOTH, IN, OUT = ("receiving", "releasing"), ("receiving",), ("releasing",)
IN_COUNTY, OUT_COUNTY = "receiving_authorities/in_county", "releasing_authorities/out_county"
ONE_SIDED = {
    ("compulsory", NATIONAL, NATIONAL, BOTH): f"""
        in_registrar in_lead {IN_COUNTY} out_registrar out_lead {OUT_COUNTY}
        file_pull send_file student_reported""",
    ("compulsory", NATIONAL, NATIONAL, IN): f"""
        in_registrar in_lead {IN_COUNTY} validation outside_releasing file_pull student_reported""",
    ("compulsory", NATIONAL, NATIONAL, OUT): f"""
        out_registrar out_lead {OUT_COUNTY} outside_pull send_file""",
    ("compulsory", FULL_CHAIN, NATIONAL, OUT): f"""
        out_registrar out_lead {OUT_COUNTY} outside_pull send_file""",
    ("vocational", VOCATIONAL, VOCATIONAL, BOTH): f"""
        out_registrar out_lead in_registrar in_lead {OUT_COUNTY} {IN_COUNTY}
        file_out_province file_in_province""",
    ("vocational", VOCATIONAL, VOCATIONAL, IN): f"in_registrar in_lead {IN_COUNTY} file_in_province",
    ("vocational", VOCATIONAL, VOCATIONAL, OUT): f"""
        out_registrar out_lead {OUT_COUNTY} outside_receiving file_out_province""",
    ("vocational", FUJIAN, VOCATIONAL, BOTH): f"out_lead in_lead {OUT_COUNTY} {IN_COUNTY} file_county",
    ("vocational", FUJIAN, VOCATIONAL, IN): f"in_lead outside_school {IN_COUNTY} outside_decision file_county",
    ("vocational", FUJIAN, VOCATIONAL, OUT): f"out_lead outside_school {OUT_COUNTY} outside_decision",
}  # fmt: skip


@pytest.mark.parametrize(("case", "expected"), ONE_SIDED.items())
def test_the_part_of_a_side_that_is_not_here_is_awaited_from_outside(case, expected):
    stage, pack, other, here = case
    steps = acting(*cross_province(pack, other, stage=stage, here=here))
    assert [step.id for step in steps] == expected.split()


def test_every_row_for_two_provinces_serves_some_pair_of_schools():
    cases = [cross_province(*pair[1:], pair[0])[1] for pair in V5_PAIRS]
    cases += [cross_province(pack, VOCATIONAL)[1] for pack in (FUJIAN, VOCATIONAL)]
    for name in ("cross_province_receiving", "cross_province_releasing", "transfer_levels"):
        rules = {rule.id for rule in TABLES[name].rules}
        if name == "transfer_levels":
            rules = {rule for rule in rules if rule.startswith("cross_province")}
        assert {hit.rule_id for facts in cases for hit in TABLES[name].hits(facts)} == rules


@pytest.mark.parametrize(
    ("stage", "pack", "other"),
    [
        ("senior_high", HENAN, NATIONAL),
        ("compulsory", NATIONAL, HENAN_COMPULSORY),
        ("compulsory", XJ_CORPS, NATIONAL),
    ],
)
def test_every_step_has_ten_working_days_and_the_paper_file_a_month(stage, pack, other):
    way = preview(*cross_province(pack, other, stage=stage))
    due = {one.step.id: one.due for one in way if not one.skipped}
    assert due.pop("send_file") == 20
    assert set(due.values()) == {10}


@pytest.fixture
def both_asked():
    """A transfer into Fujian that both schools have agreed to."""
    definition, facts = cross_province(FUJIAN, VOCATIONAL)
    advance = start(definition, facts)
    for school in ("out_lead:1", "in_lead:1"):
        advance = complete(definition, advance.state, school, "approve", facts)
    return definition, facts, advance.state


def test_t07_both_authorities_are_asked_side_by_side(both_asked):
    definition, _, state = both_asked
    assert set(open_tasks(definition, state)) == {f"{IN_COUNTY}:1", f"{OUT_COUNTY}:1"}


@pytest.mark.parametrize("order", [(IN_COUNTY, OUT_COUNTY), (OUT_COUNTY, IN_COUNTY)])
def test_t08_the_transfer_takes_effect_when_both_have_approved_in_either_order(both_asked, order):
    definition, facts, state = both_asked
    first = complete(definition, state, f"{order[0]}:1", "approve", facts)
    assert (first.ended, open_tasks(definition, first.state)) == (False, (f"{order[1]}:1",))
    second = complete(definition, first.state, f"{order[1]}:1", "approve", facts)
    assert second.ended
    assert [(task.step.id, task.step.blocking) for task in second.opened] == [("file_county", False)]
