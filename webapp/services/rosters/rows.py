"""A row of a list of new students (新生花名册) as it was filled in, and all that is wrong with it."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.enums import IdentityType, OtherRoll, Sex
from webapp.errors import Refusal
from webapp.services.registry.identity import (
    FORM,
    IdentityNumberInvalid,
    IdentityNumberMalformed,
    birth_date_in,
    normal,
    sex_in,
    validate_identity_number,
)

NAME, SEX, IDENTITY_TYPE, IDENTITY, BIRTH_DATE = "姓名", "性别", "身份证件类型", "身份证件号", "出生日期"
ETHNICITY, CLASS, MAJOR_CODE, MAJOR_NAME, YEARS = "民族", "班级", "专业代码", "专业名称", "学制"
HOUSEHOLD, OTHER_ROLL = "户籍地代码", "其他学籍"

NEEDED = (NAME, IDENTITY, CLASS)
COLUMNS: Mapping[str, str] = {
    NAME: "必填",
    IDENTITY_TYPE: "居民身份证（不填即是）、港澳台居民证件、护照等",
    IDENTITY: "居民身份证必填；没有证件的不填，另填性别和出生日期",
    SEX: "男、女；有居民身份证的可不填",
    BIRTH_DATE: "2010-05-06；有居民身份证的可不填",
    ETHNICITY: "",
    CLASS: "必填",
    MAJOR_CODE: "中职必填，专业目录六位代码",
    MAJOR_NAME: "中职必填",
    YEARS: "几年；不填按学段",
    HOUSEHOLD: "户籍所在地六位行政区划代码",
    OTHER_ROLL: "技工院校、普通高中；没有不填",
}
SEXES = {"男": Sex.MALE, "女": Sex.FEMALE}
IDENTITY_TYPES = {
    "": IdentityType.RESIDENT,
    "居民身份证": IdentityType.RESIDENT,
    "香港": IdentityType.HONG_KONG,
    "澳门": IdentityType.MACAU,
    "台湾": IdentityType.TAIWAN,
    "外国人永久居留身份证": IdentityType.PERMANENT_RESIDENCE,
    "护照": IdentityType.PASSPORT,
    "其他": IdentityType.OTHER,
}
OTHER_ROLLS = {
    "": OtherRoll.NONE,
    "无": OtherRoll.NONE,
    "技工院校": OtherRoll.TECHNICIAN,
    "普通高中": OtherRoll.SENIOR_HIGH,
}
LONGEST = {NAME: 100, CLASS: 40, MAJOR_NAME: 60, ETHNICITY: 20, IDENTITY: 30}
DIGITS = {MAJOR_CODE: 6, HOUSEHOLD: 6}


class NotFilledIn(Refusal):
    """{column} is not filled in."""


class NotAmong(Refusal):
    """{column} says “{said}”, which is none of: {words}."""


class TooLong(Refusal):
    """{column} is longer than {longest} characters."""


class NotDigits(Refusal):
    """{column} has to be {digits} digits, and is “{said}”."""


class NotADay(Refusal):
    """{column} has to be a day, such as 2010-05-06, and is “{said}”."""


class YearsOutOfRange(Refusal):
    """学制 has to be between 1 and {most} years, and is “{said}”."""


@dataclass(frozen=True, slots=True)
class NewStudent:
    """Who is to be listed, as a row says; `years` is none where the stage's own are meant."""

    name: str
    sex: Sex
    birth_date: date
    identity_type: IdentityType
    identity: str | None
    ethnicity: str | None
    class_name: str
    major_code: str | None
    major_name: str | None
    years: int | None
    household: str | None
    other_roll: OtherRoll


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row with all that is wrong with it; `number` is its number in the file."""

    number: int
    name: str
    faults: Sequence[Refusal]


def read_row(
    row: Mapping[str, str], *, most_years: int, vocational: bool, synthetic_allowed: bool
) -> NewStudent | Sequence[Refusal]:
    """Return whom a row means, or all that is wrong with it."""
    said = {column: _plain(row.get(column, "")) for column in COLUMNS}
    said[IDENTITY] = normal(said[IDENTITY])
    if faults := [*_faults(said, most_years=most_years, vocational=vocational)]:
        return faults
    kind = IDENTITY_TYPES[said[IDENTITY_TYPE]]
    if kind == IdentityType.RESIDENT and said[IDENTITY] and not _tells(said):
        return [IdentityNumberMalformed()]
    sex, birth_date = _sex(said), _birth_date(said)
    if sex is None or birth_date is None:
        return [
            NotFilledIn(column=column) for column, it in ((SEX, sex), (BIRTH_DATE, birth_date)) if it is None
        ]
    if kind == IdentityType.RESIDENT and said[IDENTITY]:
        try:
            validate_identity_number(
                said[IDENTITY], birth_date=birth_date, sex=sex, synthetic_allowed=synthetic_allowed
            )
        except IdentityNumberInvalid as invalid:
            return invalid.reasons
    return NewStudent(
        name=said[NAME],
        sex=sex,
        birth_date=birth_date,
        identity_type=kind,
        identity=said[IDENTITY] or None,
        ethnicity=said[ETHNICITY] or None,
        class_name=said[CLASS],
        major_code=said[MAJOR_CODE] or None,
        major_name=said[MAJOR_NAME] or None,
        years=int(said[YEARS]) if said[YEARS] else None,
        household=said[HOUSEHOLD] or None,
        other_roll=OTHER_ROLLS[said[OTHER_ROLL]],
    )


def _plain(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split())


def _faults(said: Mapping[str, str], *, most_years: int, vocational: bool) -> Iterator[Refusal]:
    """Yield what is wrong with the cells, each by itself."""
    needed = (NAME, CLASS, MAJOR_CODE, MAJOR_NAME) if vocational else (NAME, CLASS)
    yield from (NotFilledIn(column=column) for column in needed if not said[column])
    for column, words in (
        (IDENTITY_TYPE, IDENTITY_TYPES),
        (SEX, {"": None, **SEXES}),
        (OTHER_ROLL, OTHER_ROLLS),
    ):
        if said[column] not in words:
            yield NotAmong(column=column, said=said[column], words="、".join(word for word in words if word))
    for column, longest in LONGEST.items():
        if len(said[column]) > longest:
            yield TooLong(column=column, longest=longest)
    for column, digits in DIGITS.items():
        if said[column] and not (len(said[column]) == digits and said[column].isdecimal()):
            yield NotDigits(column=column, digits=digits, said=said[column])
    if said[BIRTH_DATE] and _day(said[BIRTH_DATE]) is None:
        yield NotADay(column=BIRTH_DATE, said=said[BIRTH_DATE])
    if said[YEARS] and not (said[YEARS].isdecimal() and 1 <= int(said[YEARS]) <= most_years):
        yield YearsOutOfRange(said=said[YEARS], most=most_years)


def _sex(said: Mapping[str, str]) -> Sex | None:
    if said[SEX]:
        return SEXES[said[SEX]]
    return sex_in(said[IDENTITY]) if _tells(said) else None


def _birth_date(said: Mapping[str, str]) -> date | None:
    if said[BIRTH_DATE]:
        return _day(said[BIRTH_DATE])
    return birth_date_in(said[IDENTITY]) if _tells(said) else None


def _tells(said: Mapping[str, str]) -> bool:
    """Whether a resident's number is there that can tell sex and birth date."""
    is_resident = IDENTITY_TYPES[said[IDENTITY_TYPE]] == IdentityType.RESIDENT
    return is_resident and FORM.fullmatch(said[IDENTITY]) is not None


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
