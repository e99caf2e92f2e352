"""The divisions in force, against what the provinces publish of themselves (end of 2025)."""

from collections import Counter

import pytest
from stdnum import numdb

from models.enums import DivisionLevel
from webapp.services.offices.divisions import LACKING, MUNICIPALITIES, divisions

ROWS = divisions()
BY_CODE = {row.code: row for row in ROWS}

# Of each province: its cities and its counties (县, 自治县, 县级市, 市辖区, 旗, 林区, 特区).
PUBLISHED = {
    "北京市": (0, 16),
    "天津市": (0, 16),
    "河北省": (11, 167),
    "山西省": (11, 117),
    "内蒙古自治区": (12, 103),
    "辽宁省": (14, 100),
    "吉林省": (9, 60),
    "黑龙江省": (13, 121),
    "上海市": (0, 16),
    "江苏省": (13, 95),
    "浙江省": (11, 90),
    "安徽省": (16, 104),
    "福建省": (9, 84),
    "江西省": (11, 100),
    "山东省": (16, 136),
    "河南省": (17, 157),
    "湖北省": (13, 103),
    "湖南省": (14, 122),
    "广东省": (21, 122),
    "广西壮族自治区": (14, 111),
    "海南省": (4, 25),
    "重庆市": (0, 37),
    "四川省": (21, 183),
    "贵州省": (9, 88),
    "云南省": (16, 129),
    "西藏自治区": (7, 74),
    "陕西省": (10, 107),
    "甘肃省": (14, 86),
    "青海省": (8, 44),
    "宁夏回族自治区": (5, 22),
    "新疆维吾尔自治区": (14, 110),
}

GOVERNED_BY_PROVINCE = {
    "41": ["济源市"],
    "42": ["仙桃市", "潜江市", "天门市", "神农架林区"],
}


def below(province, level):
    return [row for row in ROWS if row.code[:2] == province and row.level == level]


def codes_of(name):
    return [row.code for row in ROWS if row.name == name]


@pytest.mark.parametrize(
    "province", [row for row in ROWS if row.level == DivisionLevel.PROVINCE], ids=lambda row: row.name
)
def test_a_province_has_as_many_cities_and_counties_as_it_publishes(province):
    cities, counties = (
        below(province.code[:2], level) for level in (DivisionLevel.CITY, DivisionLevel.COUNTY)
    )
    assert (len(cities), len(counties)) == PUBLISHED[province.name]


def test_the_country_has_31_provinces_with_a_registry_333_cities_and_2845_counties():
    assert Counter(row.level for row in ROWS) == {"province": 31, "city": 333, "county": 2845}


def test_no_row_stands_for_no_place():
    assert [row for row in ROWS if row.name in ("市辖区", "县", "林区") or "直辖" in row.name] == []


def test_a_place_is_there_once():
    assert [
        place for place, times in Counter((r.superior_code, r.name) for r in ROWS).items() if times > 1
    ] == []


def test_superiors_come_first_and_are_one_level_up_or_two():
    seen = {None: ""}
    for row in ROWS:
        assert row.superior_code in seen
        assert seen[row.superior_code] != row.level
        seen[row.code] = row.level


@pytest.mark.parametrize("municipality", sorted(MUNICIPALITIES))
def test_the_districts_of_a_municipality_report_to_it(municipality):
    assert {row.superior_code for row in below(municipality[:2], DivisionLevel.COUNTY)} == {municipality}


@pytest.mark.parametrize(("province", "counties"), GOVERNED_BY_PROVINCE.items())
def test_a_county_governed_by_its_province_reports_to_it(province, counties):
    governed = [row.name for row in below(province, DivisionLevel.COUNTY) if row.superior_code[2:] == "0000"]
    assert governed == counties


def test_four_cities_have_no_counties():
    superiors = {row.superior_code for row in ROWS}
    without = [row.name for row in ROWS if row.level == DivisionLevel.CITY and row.code not in superiors]
    assert without == ["东莞市", "中山市", "儋州市", "嘉峪关市"]


@pytest.mark.parametrize(
    ("name", "codes"),
    {
        "章丘市": [],  # became 章丘区 in 2016
        "章丘区": ["370114"],
        "莱芜市": [],  # merged into 济南市 in 2018
        "莱芜区": ["370116"],
        "恩施土家族苗族自治州": ["422800"],  # renamed in 1993
        "恩施市": ["422801"],
        "随州市": ["421300"],  # a county until 2000
        "神农架林区": ["429021"],
        "沙县区": ["350405"],
        "淮阳区": ["411603"],
        "两江新区": ["500157"],
        "渝北区": [],  # merged into 两江新区 in 2025
        "加格达奇区": [],  # an office of 大兴安岭地区, no division
        "钱塘区": ["330114"],
        "香港特别行政区": [],
    }.items(),
)
def test_a_place_that_changed_is_there_once_as_it_is_now(name, codes):
    assert codes_of(name) == codes


def test_what_is_added_by_hand_is_still_lacking_in_the_data():
    for code, name in LACKING.items():
        assert BY_CODE[code].name == name
        assert "county" not in numdb.get("cn/loc").info(code)[-1][1]
