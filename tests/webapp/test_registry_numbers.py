"""Registry numbers: domain 4.3, 7.1."""

import threading

import pytest

from models import NumberCounter
from models.enums import NumberKind
from tests.webapp.sessions import several_sessions
from webapp.services.registry.identity import check_character
from webapp.services.registry.numbers import (
    FujianNumber,
    FujianNumberMalformed,
    JNumberMistyped,
    NationalNumberMalformed,
    SerialsUsedUp,
    fujian_parts,
    next_fujian_number,
    validate_registry_number,
)

J_BODY = "41032320120506001"
G, L, J, F = NumberKind.FORMAL, NumberKind.TEMPORARY, NumberKind.NO_IDENTITY, NumberKind.FUJIAN_VOCATIONAL

ACCEPTED = [
    ("G990101200801150015", G, "G990101200801150015"),
    (" g11010519491231002x", G, "G11010519491231002X"),
    ("L990101200801150015", L, "L990101200801150015"),
    (f"J{J_BODY}{check_character(J_BODY)}", J, f"J{J_BODY}{check_character(J_BODY)}"),
    ("1401020015", F, "1401020015"),
]


@pytest.mark.parametrize(("number", "kind", "stored"), ACCEPTED)
def test_a_number_of_its_kind_is_accepted(number, kind, stored):
    assert validate_registry_number(number, kind) == stored


REFUSED = [
    ("990101200801150015", G, NationalNumberMalformed),
    ("L990101200801150015", G, NationalNumberMalformed),
    ("G99010120080115001", G, NationalNumberMalformed),
    ("G9901012008011500155", G, NationalNumberMalformed),
    ("GX90101200801150015", G, NationalNumberMalformed),
    ("G990101200801150015", L, NationalNumberMalformed),
    ("", L, NationalNumberMalformed),
    (f"J{J_BODY}{'0' if check_character(J_BODY) != '0' else '1'}", J, JNumberMistyped),
    (f"J41999920120506001{check_character('41999920120506001')}", J, JNumberMistyped),
    (f"J41032320121306001{check_character('41032320121306001')}", J, JNumberMistyped),
    ("140102001", F, FujianNumberMalformed),
    ("14010200155", F, FujianNumberMalformed),
    ("140102001X", F, FujianNumberMalformed),
    ("\u0664" * 10, F, FujianNumberMalformed),
]


@pytest.mark.parametrize(("number", "kind", "refusal"), REFUSED)
def test_a_number_of_another_form_is_refused(number, kind, refusal):
    with pytest.raises(refusal):
        validate_registry_number(number, kind)


def test_a_fujian_number_has_four_parts():
    assert fujian_parts("1401020015") == FujianNumber(2014, "01", "02", 15)


@pytest.fixture
def sessions(database_url):
    """Makes sessions on connections of their own; the counters are gone afterwards."""
    with several_sessions(database_url, NumberCounter) as make:
        yield make


def test_the_numbers_of_a_school_and_year_count_up_from_one(sessions):
    session = sessions()
    assert [next_fujian_number(session, 2014, "01", "02") for _ in range(2)] == ["1401020001", "1401020002"]
    assert next_fujian_number(session, 2014, "01", "03") == "1401030001"
    assert next_fujian_number(session, 2015, "01", "02") == "1501020001"


def test_after_9999_the_next_number_is_refused_and_never_gets_an_eleventh_digit(sessions):  # N-02
    session = sessions()
    session.add(NumberCounter(series="fujian-140102", last_serial=9998))
    assert next_fujian_number(session, 2014, "01", "02") == "1401029999"
    for _ in range(2):
        with pytest.raises(SerialsUsedUp, match="序号已满"):
            next_fujian_number(session, 2014, "01", "02")
    assert session.get_one(NumberCounter, "fujian-140102").last_serial == 9999


def test_a_number_whose_transaction_failed_is_given_to_the_next(sessions):
    failed, other = sessions(), sessions()
    assert next_fujian_number(failed, 2014, "01", "02") == "1401020001"
    failed.rollback()
    assert next_fujian_number(other, 2014, "01", "02") == "1401020001"


def test_registrations_at_once_get_numbers_without_gaps_or_doubles(sessions):
    given = []

    def register(session):
        for _ in range(5):
            given.append(next_fujian_number(session, 2014, "01", "02"))
            session.commit()

    registrars = [threading.Thread(target=register, args=(sessions(),)) for _ in range(4)]
    for registrar in registrars:
        registrar.start()
    for registrar in registrars:
        registrar.join()
    assert sorted(given) == [f"140102{serial:04d}" for serial in range(1, 21)]


@pytest.mark.parametrize(
    ("year", "county", "school"),
    [(2014, "1", "02"), (2014, "01", "002"), (1914, "01", "02"), (2014, "x1", "02")],
)
def test_parts_that_make_no_number_are_refused(sessions, year, county, school):
    with pytest.raises(FujianNumberMalformed):
        next_fujian_number(sessions(), year, county, school)
