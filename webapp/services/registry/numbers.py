"""Registry numbers (学籍号): the national ones, and the ten digits of Fujian's vocational schools (domain 4.3)."""

import re
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.enums import NumberKind, Sex
from webapp.errors import Refusal
from webapp.services.registry.identity import birth_date_in, check_character, is_region, normal, sex_in

WITH_BIRTH_DATE = (NumberKind.FORMAL, NumberKind.NO_IDENTITY)
NATIONAL_LETTERS = (NumberKind.FORMAL, NumberKind.TEMPORARY, NumberKind.NO_IDENTITY)
NATIONAL = re.compile(r"[GLJ][0-9]{17}[0-9X]")
FUJIAN = re.compile(r"(?P<year>[0-9]{2})(?P<county>[0-9]{2})(?P<school>[0-9]{2})(?P<serial>[0-9]{4})")
CENTURY = 2000
LAST_SERIAL = 9999
LAST_OF_DAY = 999

# Without a row to return the series is full; the lock lasts until the caller's transaction ends: no gaps.
_NEXT = text("""
    INSERT INTO number_counter (series, last_serial) VALUES (:series, 1)
    ON CONFLICT (series) DO UPDATE SET last_serial = number_counter.last_serial + 1
     WHERE number_counter.last_serial < :last
    RETURNING last_serial
""")


class NationalNumberMalformed(Refusal):
    """A registry number of this kind is the letter {letter}, then 17 digits, then a digit or X."""

    status = 422


class JNumberMistyped(Refusal):
    """Region, birth date and check digit of this J number do not fit together: it is mistyped."""

    status = 422


class FujianNumberMalformed(Refusal):
    """A Fujian vocational number has ten digits: two each for entry year, county and school, four for the serial."""

    status = 422


class SerialsUsedUp(Refusal):
    """All {last} serial numbers of this series are given out (序号已满). Ask the authority what number to give."""

    status = 409


@dataclass(frozen=True, slots=True)
class FujianNumber:
    """The parts of a Fujian vocational number (中等职业学校学生学籍管理和成绩考核办法 第八条).

    `str` puts them together.
    """

    entry_year: int
    county: str
    school: str
    serial: int

    def __str__(self) -> str:
        return f"{self.entry_year % 100:02d}{self.county}{self.school}{self.serial:04d}"


def kind_of(number: str) -> NumberKind:
    """Return the kind of a number by its first character: its letter, or a digit for a Fujian vocational one."""
    letter = normal(number)[:1]
    return NumberKind(letter) if letter in NATIONAL_LETTERS else NumberKind.FUJIAN_VOCATIONAL


def contradicted_by(number: str, kind: NumberKind, *, birth_date: date, sex: Sex) -> list[str]:
    """Return which of birth_date and sex a valid number says otherwise: G says both, J the birth date (domain 4.3)."""
    differs = {
        "birth_date": kind in WITH_BIRTH_DATE and birth_date_in(number[1:]) != birth_date,
        "sex": kind == NumberKind.FORMAL and sex_in(number[1:]) != sex,
    }
    return [fact for fact, other in differs.items() if other]


def validate_registry_number(number: str, kind: NumberKind) -> str:
    """Return the number as it is stored: G, L or J and 18 characters, or ten digits in Fujian (domain 4.3).

    Raises NationalNumberMalformed, JNumberMistyped or FujianNumberMalformed.
    """
    number = normal(number)
    if kind == NumberKind.FUJIAN_VOCATIONAL:
        return str(fujian_parts(number))
    if not (NATIONAL.fullmatch(number) and number.startswith(kind)):
        raise NationalNumberMalformed(letter=kind.value)
    if kind == NumberKind.NO_IDENTITY and not _fits_together(number[1:]):
        raise JNumberMistyped
    return number


def fujian_parts(number: str) -> FujianNumber:
    """Return the parts of a Fujian vocational number. Raises FujianNumberMalformed."""
    parts = FUJIAN.fullmatch(number)
    if parts is None:
        raise FujianNumberMalformed
    return FujianNumber(CENTURY + int(parts["year"]), parts["county"], parts["school"], int(parts["serial"]))


def next_fujian_number(session: Session, entry_year: int, county: str, school: str) -> str:
    """Return the next number of a school's entry year, given the two digits of its county and of itself.

    Without gaps: the series waits until the transaction ends. Raises SerialsUsedUp after 9999 (domain N-02), or
    FujianNumberMalformed if the parts make no such number.
    """
    last = FujianNumber(entry_year, county, school, LAST_SERIAL)
    if fujian_parts(str(last)) != last:
        raise FujianNumberMalformed
    series = {"series": f"fujian-{str(last)[:6]}", "last": LAST_SERIAL}
    serial = session.scalar(_NEXT, series)
    if serial is None:
        raise SerialsUsedUp(last=LAST_SERIAL)
    return str(replace(last, serial=serial))


def next_number_without_identity(session: Session, region: str, birth_date: date) -> str:
    """Return the next J number of a region and birth date: six, eight and three digits and a check character (4.3).

    Raises SerialsUsedUp after the 999th.
    """
    body = f"{region}{birth_date:%Y%m%d}"
    serial = session.scalar(_NEXT, {"series": f"no-identity-{body}", "last": LAST_OF_DAY})
    if serial is None:
        raise SerialsUsedUp(last=LAST_OF_DAY)
    numbered = f"{body}{serial:03d}"
    return f"{NumberKind.NO_IDENTITY}{numbered}{check_character(numbered)}"


def _fits_together(number: str) -> bool:
    return (
        is_region(number[:6])
        and birth_date_in(number) is not None
        and number[-1] == check_character(number[:-1])
    )
