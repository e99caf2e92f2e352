"""What tells people apart: names, and resident identity numbers (公民身份号码, GB 11643).

A number has a region, a birth date, an order within the day and a check character.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from stdnum import numdb
from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

from models.enums import Sex
from webapp.errors import Refusal
from webapp.services.offices.divisions import LACKING

FORM = re.compile(r"[0-9]{17}[0-9X]")
SYNTHETIC_REGION = "990101"  # assigned to nobody: the made-up people of the demo and of tests
ORDERS_PER_SEX = 500
CLEAR_AT_EACH_END = 4


class IdentityNumberInvalid(Refusal):
    """The identity number is not right. {reasons}"""

    status = 422

    def __init__(self, reasons: Sequence[Refusal]) -> None:
        super().__init__(reasons=" ".join(map(str, reasons)))
        self.reasons = tuple(reasons)


class IdentityNumberMalformed(Refusal):
    """An identity number has 18 characters: 17 digits, then a digit or X."""


class IdentityNumberMistyped(Refusal):
    """Its last character does not fit the others: one of them is mistyped (check digit of GB 11643)."""


class NoSuchRegion(Refusal):
    """Its first six digits, {region}, are no region of GB/T 2260."""


class NoSuchBirthDate(Refusal):
    """Its digits 7 to 14, {digits}, are no date."""


class BirthDateDiffers(Refusal):
    """It says that the birth date is {said}, and the form says {given}."""


class SexDiffers(Refusal):
    """It says that the sex is {said}, and the form says {given}."""


def validate_identity_number(number: str, *, birth_date: date, sex: Sex, synthetic_allowed: bool) -> str:
    """Return the number as it is stored: 18 characters, X in capitals.

    Raises IdentityNumberInvalid with all its reasons (domain N-10, N-11). The made-up region 990101 is one only
    if `synthetic_allowed`.
    """
    number = normal(number)
    reasons = list(_faults(number, birth_date, sex, synthetic_allowed=synthetic_allowed))
    if reasons:
        raise IdentityNumberInvalid(reasons)
    return number


# What the faults of a number are called in the tables of rules.
FAULTS: Mapping[type[Refusal], str] = {
    IdentityNumberMalformed: "form",
    IdentityNumberMistyped: "check_character",
    NoSuchRegion: "region",
    NoSuchBirthDate: "birth_date",
    BirthDateDiffers: "birth_date",
    SexDiffers: "sex",
}


def identity_faults(number: str, *, birth_date: date, sex: Sex, synthetic_allowed: bool) -> tuple[str, ...]:
    """Return all that is wrong with a number, as the tables of rules call it: `FAULTS`."""
    faults = _faults(normal(number), birth_date, sex, synthetic_allowed=synthetic_allowed)
    return tuple(FAULTS[type(fault)] for fault in faults)


def normal(typed: str) -> str:
    """Return a number as it is stored, typed with full-width digits, blanks around it or a small x."""
    return unicodedata.normalize("NFKC", typed).strip().upper()


def has_blank(name: str) -> bool:
    """Whether a name has blanks in or around it, with which the national platform takes it for another (2001)."""
    return name != "".join(name.split())


def masked(number: str) -> str:
    """Return a number of a document with its middle hidden: `4101**********0015`."""
    clear = min(CLEAR_AT_EACH_END, len(number) // 4)
    return number[:clear] + "*" * (len(number) - 2 * clear) + number[len(number) - clear :]


def synthetic_identity_number(birth_date: date, serial: int, sex: Sex) -> str:
    """Return the number of a made-up person: the `serial`-th of that sex born that day, from 0 to 499."""
    if serial not in range(ORDERS_PER_SEX):
        raise ValueError(f"one day has {ORDERS_PER_SEX} numbers for a sex, from 0: {serial}")
    order = 2 * serial + (sex == Sex.MALE)
    body = f"{SYNTHETIC_REGION}{birth_date:%Y%m%d}{order:03d}"
    return body + check_character(body)


def check_character(body: str) -> str:
    """Return the check character of 17 digits (GB 11643, ISO 7064 MOD 11-2): a digit or X."""
    return str(ric.calc_check_digit(f"{body}0"))


def is_region(code: str) -> bool:
    """Whether six digits are, or once were, a code of GB/T 2260.

    Its years are not asked for: people are registered years after their birth, under the code of that day.
    """
    return code in LACKING or any("county" in about for _, about in numdb.get("cn/loc").info(code))


def birth_date_in(number: str) -> date | None:
    """Return the date in the digits 7 to 14 of a number, None if they are no date."""
    try:
        return ric.get_birth_date(number)
    except InvalidComponent:
        return None


def sex_in(number: str) -> Sex:
    """Return the sex in the order code of a well-formed number: odd for a boy (GB 11643)."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def _faults(number: str, birth_date: date, sex: Sex, *, synthetic_allowed: bool) -> Iterator[Refusal]:
    if not FORM.fullmatch(number):
        yield IdentityNumberMalformed()
        return
    if number[-1] != check_character(number[:-1]):
        yield IdentityNumberMistyped()
        return
    region, said = number[:6], birth_date_in(number)
    if not (is_region(region) or (synthetic_allowed and region == SYNTHETIC_REGION)):
        yield NoSuchRegion(region=region)
    if said is None:
        yield NoSuchBirthDate(digits=number[6:14])
    elif said != birth_date:
        yield BirthDateDiffers(said=said, given=birth_date)
    if sex != (said_sex := sex_in(number)):
        yield SexDiffers(said=said_sex, given=sex)
