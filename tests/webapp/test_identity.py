"""Identity numbers and registry numbers: domain 4.1, 4.3, 7.1."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import Sex
from webapp.services.registry.ciphers import AesGcmCipher, UndecipherableError, blind_index
from webapp.services.registry.identity import (
    BirthDateDiffers,
    IdentityNumberInvalid,
    IdentityNumberMalformed,
    IdentityNumberMistyped,
    NoSuchBirthDate,
    NoSuchRegion,
    SexDiffers,
    check_character,
    masked,
    synthetic_identity_number,
    validate_identity_number,
)

BORN = date(2008, 1, 15)
OLD, NEW, OTHER = b"o" * 32, b"n" * 32, b"x" * 32


def whole(body):
    return body + check_character(body)


def reasons(number, birth_date=BORN, sex=Sex.MALE, *, synthetic_allowed=True):
    with pytest.raises(IdentityNumberInvalid) as refused:
        validate_identity_number(number, birth_date=birth_date, sex=sex, synthetic_allowed=synthetic_allowed)
    return [type(reason) for reason in refused.value.reasons]


# Domain 7.
PRINTED = [
    ("990101200801150015", date(2008, 1, 15), Sex.MALE),
    ("990101200801150023", date(2008, 1, 15), Sex.FEMALE),
    ("990101200906201018", date(2009, 6, 20), Sex.MALE),
    ("990101201003010231", date(2010, 3, 1), Sex.MALE),
    ("990101200709300041", date(2007, 9, 30), Sex.FEMALE),
    ("990101200808300055", date(2008, 8, 30), Sex.MALE),
]


@pytest.mark.parametrize(("number", "birth_date", "sex"), PRINTED)
def test_the_made_up_numbers_of_the_law_are_accepted_where_they_are_allowed(number, birth_date, sex):
    given = {"birth_date": birth_date, "sex": sex}
    assert validate_identity_number(number, **given, synthetic_allowed=True) == number
    assert reasons(number, **given, synthetic_allowed=False) == [NoSuchRegion]


def test_a_wrong_check_digit_is_refused():  # N-10
    assert reasons("990101200801150016") == [IdentityNumberMistyped]


def test_another_birth_date_on_the_form_is_refused():  # N-11
    assert reasons("990101200801150015", date(2008, 1, 16)) == [BirthDateDiffers]


REGIONS = [
    ("410323", True),  # 新安县
    ("371202", True),  # 莱城区, until 2018
    ("330113", True),  # 临平区, since 2021
    ("419001", True),  # 济源市
    ("813756", False),
    ("419999", False),
    ("000000", False),
]


@pytest.mark.parametrize(("region", "known"), REGIONS)
def test_a_region_is_one_that_is_or_was_in_the_standard(region, known):
    number = whole(f"{region}20200115001")
    given = {"birth_date": date(2020, 1, 15), "sex": Sex.MALE}
    if known:
        assert validate_identity_number(number, **given, synthetic_allowed=False) == number
    else:
        assert reasons(number, **given) == [NoSuchRegion]


def test_all_reasons_come_back_together():
    assert reasons(whole("99999920080115002"), date(2008, 1, 16)) == [
        NoSuchRegion,
        BirthDateDiffers,
        SexDiffers,
    ]
    assert reasons(whole("41032320080230001")) == [NoSuchBirthDate]


def test_the_refusal_says_all_its_reasons():
    with pytest.raises(IdentityNumberInvalid, match=r"2008-01-15, and the form says 2008-01-16.*sex is male"):
        validate_identity_number(
            "990101200801150015", birth_date=date(2008, 1, 16), sex=Sex.FEMALE, synthetic_allowed=True
        )


@pytest.mark.parametrize(
    "typed", [" 11010519491231002x ", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X\n"]
)
def test_a_number_is_stored_as_18_characters_however_it_was_typed(typed):
    stored = validate_identity_number(
        typed, birth_date=date(1949, 12, 31), sex=Sex.FEMALE, synthetic_allowed=False
    )
    assert stored == "11010519491231002X"


HOSTILE = [
    "",
    "X" * 18,
    "4101" * 4,
    "1" * 19,
    "41032320080115001x1",
    "4103232008011500 15",
    "\u0664" * 18,
    "\0" * 18,
    "1" * 100_000,
    "<script>alert(1)</",
]


@pytest.mark.parametrize("number", HOSTILE)
def test_what_is_no_number_at_all_is_refused(number):
    assert reasons(number) == [IdentityNumberMalformed]


@given(st.text(alphabet="0123456789X", min_size=18, max_size=18))
def test_any_18_characters_are_accepted_or_refused_with_a_reason(number):
    assert reasons(number, date(1800, 1, 1))


@given(st.dates(date(1900, 1, 1)), st.integers(0, 499), st.sampled_from(Sex))
def test_every_made_up_number_is_valid_and_made_up(birth_date, serial, sex):
    number = synthetic_identity_number(birth_date, serial, sex)
    assert validate_identity_number(number, birth_date=birth_date, sex=sex, synthetic_allowed=True) == number
    assert NoSuchRegion in reasons(number, synthetic_allowed=False)


def test_made_up_numbers_of_one_day_differ():
    numbers = {synthetic_identity_number(BORN, serial, sex) for serial in range(500) for sex in Sex}
    assert len(numbers) == 1000
    with pytest.raises(ValueError, match="500"):
        synthetic_identity_number(BORN, 500, Sex.MALE)


MASKED = [
    ("410101200801150015", "4101**********0015"),
    ("G410101200801150015", "G410***********0015"),
    ("E12345678", "E1*****78"),
    ("123", "***"),
    ("", ""),
]


@pytest.mark.parametrize(("number", "shown"), MASKED)
def test_the_middle_of_a_number_is_hidden(number, shown):
    assert masked(number) == shown


# ---- at rest ----

NUMBER = "410323200801150015"


def test_what_is_encrypted_is_read_again_and_hides_the_number():
    cipher = AesGcmCipher([NEW])
    stored = cipher.encrypt(NUMBER)
    assert cipher.decrypt(stored) == NUMBER
    assert NUMBER.encode() not in stored
    assert stored != cipher.encrypt(NUMBER)


def test_keys_are_rotated_without_losing_what_the_old_one_encrypted():
    stored = AesGcmCipher([OLD]).encrypt(NUMBER)
    rotating = AesGcmCipher([NEW, OLD])
    assert rotating.decrypt(stored) == NUMBER
    fresh = rotating.reencrypt(stored)
    assert AesGcmCipher([NEW]).decrypt(fresh) == NUMBER
    assert rotating.reencrypt(fresh) == fresh
    with pytest.raises(UndecipherableError, match="none of the keys"):
        AesGcmCipher([NEW]).decrypt(stored)


def test_whatever_was_altered_is_not_deciphered():
    cipher = AesGcmCipher([NEW])
    stored = cipher.encrypt(NUMBER)
    for at in range(len(stored)):
        altered = stored[:at] + bytes([stored[at] ^ 1]) + stored[at + 1 :]
        with pytest.raises(UndecipherableError):
            cipher.decrypt(altered)
    for length in range(len(stored)):
        with pytest.raises(UndecipherableError):
            cipher.decrypt(stored[:length])


def test_what_was_encrypted_for_another_purpose_is_not_deciphered():
    stored = AesGcmCipher([NEW], purpose=b"a guardian's phone").encrypt(NUMBER)
    with pytest.raises(UndecipherableError):
        AesGcmCipher([NEW]).decrypt(stored)


def test_the_blind_index_finds_a_number_however_it_was_typed():
    assert blind_index(NEW, "11010519491231002X") == blind_index(NEW, " 11010519491231002x")
    assert blind_index(NEW, NUMBER) != blind_index(OTHER, NUMBER)
    assert blind_index(NEW, NUMBER) != blind_index(NEW, "990101200801150015")
