"""On which grounds which side may reject, under which packs."""

import pytest

from tests.workflows.shipped_tables import (
    BAOAN,
    CHONGQING,
    GUANGDONG,
    HENAN,
    HENAN_COMPULSORY,
    IN_FUJIAN,
    IN_VOCATIONAL,
    K12,
    PACKS,
    TABLES,
    XJ_CORPS,
    lineage,
)

RELEASING_GROUNDS = [
    "DATA_WRONG",
    "BUSINESS_OPEN",
    "PROBLEM_OPEN",
    "SUSPENDED",
    "SANCTIONED",
    "GRADUATING",
]
LEVELS = ("学校", "县级", "市级", "省级")


def grounds(seat, pack):
    return [
        hit.outputs["code"]
        for hit in TABLES["rejection_reasons"].hits({"seat": seat, "packs": lineage(pack)})
    ]


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("level", LEVELS)
def test_the_releasing_side_may_reject_on_the_grounds_that_the_law_allows_and_no_others(pack, level):
    """Domain 3.1.5."""
    assert grounds(f"转出{level}", pack) == RELEASING_GROUNDS


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("level", LEVELS)
def test_the_receiving_side_has_every_ground_once_and_another_basis_last(pack, level):
    codes = grounds(f"转入{level}", pack)
    assert len(codes) == len(set(codes))
    assert codes[-1] == "OTHER"


@pytest.mark.parametrize(
    ("ground", "packs"),
    [
        ("NO_PLACE", K12),
        ("UNDER_A_SEMESTER", (HENAN, *IN_FUJIAN, *IN_VOCATIONAL)),
        ("LATE", (GUANGDONG, BAOAN, CHONGQING, XJ_CORPS, *IN_FUJIAN)),
        ("SAME_COUNTY", (HENAN,)),
        ("SCHOOLING_YEARS", IN_VOCATIONAL),
        ("SANCTIONED", (HENAN, HENAN_COMPULSORY, GUANGDONG, BAOAN, CHONGQING)),
        ("GRADUATING", (HENAN, GUANGDONG, BAOAN, CHONGQING, *IN_FUJIAN, *IN_VOCATIONAL)),
    ],
)
def test_the_receiving_side_rejects_on_what_its_own_pack_forbids(ground, packs):
    assert {pack for pack in PACKS if ground in grounds("转入学校", pack)} == {*packs}
