"""The administrative divisions of the country (行政区划) in force, by their codes of GB/T 2260.

A code is read two digits at a time: province, city, county. The data in python-stdnum hold every code since
1980 with its years (`[1983-2021]下城区`, `[1983-]上城区`), rows that stand for no place (市辖区,
省直辖县级行政单位), and a few entries that are in no standard in force. Rules drop what is no division.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stdnum import numdb

from models.enums import DivisionLevel

MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})  # 直辖市

# Taiwan, Hong Kong and Macau: the data list no divisions there, and their pupils are in other registries.
OUTSIDE_THE_REGISTRY = ("71", "81", "82")

# Hangzhou's districts of 2021, which the data lack.
LACKING = {"330113": "临平区", "330114": "钱塘区"}

IN_FORCE = re.compile(r"(?:^|\[\d*-\])(?P<name>[^\[\],]+)$")
NO_PLACE = re.compile(r"市辖区|县|林区|.+直辖县级行政.+")
LEVELS = tuple(DivisionLevel)


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One division: `code` has six digits, `superior_code` is None for a province."""

    code: str
    name: str
    level: DivisionLevel
    superior_code: str | None


def divisions() -> tuple[DivisionRow, ...]:
    """Return the divisions in force, superiors first: provinces, then cities, then counties, each by code.

    A county without a city reports to its province: 省直管县, and every county of a municipality (直辖市).
    """
    names = LACKING | dict(_names_in_force())
    rows = [_row(code, names) for code in sorted(names)]
    former = _former_entries(rows)
    kept = (row for row in rows if row not in former and not _is_district_of_no_city(row, names))
    return tuple(sorted(kept, key=lambda row: LEVELS.index(row.level)))


def _names_in_force() -> Iterator[tuple[str, str]]:
    """The codes whose last name has no end yet, without the rows that stand for no place."""
    for _, province, _, _, children in numdb.get("cn/loc").prefixes:
        for _, rest, _, properties, _ in children:
            name = IN_FORCE.search(properties["county"])
            if name and not NO_PLACE.fullmatch(name["name"]) and province not in OUTSIDE_THE_REGISTRY:
                yield province + rest, name["name"]


def _row(code: str, names: dict[str, str]) -> DivisionRow:
    province, city = code[:2] + "0000", code[:4] + "00"
    if code == province:
        return DivisionRow(code, names[code], DivisionLevel.PROVINCE, None)
    if code == city:
        return DivisionRow(code, names[code], DivisionLevel.CITY, province)
    return DivisionRow(code, names[code], DivisionLevel.COUNTY, city if city in names else province)


def _former_entries(rows: Iterable[DivisionRow]) -> set[DivisionRow]:
    """Entries left without an end: 随州市 as a county, now a city, and 神农架林区 under a code long given up.

    Of two places of one name directly under one province the city is in force, else the later code.
    """
    direct = [row for row in rows if row.superior_code and row.superior_code.endswith("0000")]
    direct.sort(key=lambda row: (row.level == DivisionLevel.CITY, row.code))
    in_force = {(row.superior_code, row.name): row for row in direct}
    return set(direct) - set(in_force.values())


def _is_district_of_no_city(row: DivisionRow, names: dict[str, str]) -> bool:
    """Only a city (市) has districts: those of 大兴安岭地区 (加格達奇區, so written) are its offices."""
    superior = names[row.superior_code] if row.superior_code else ""
    return row.name.endswith(("区", "區")) and superior.endswith(("地区", "盟", "州"))
