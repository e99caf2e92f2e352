"""What cannot be true of a pupil is not taken over from another province, and every fault is named (H1 to H3)."""

from datetime import date
from typing import Any

import pytest

from models.enums import MessageKind, Sex, Stage
from tests.webapp.exchange.sample_messages import BODIES, OTHER_SCHOOL, RECORD
from tests.webapp.road import TERM_BEGINS
from webapp import clock
from webapp.services.exchange.checks import UnbelievableError, check_record, check_request
from webapp.services.exchange.messages import Record, Request, read_body
from webapp.services.registry.identity import synthetic_identity_number

BORN = date(2014, 5, 6)
IDENTITY = synthetic_identity_number(BORN, 2, Sex.FEMALE)
NUMBER = f"G{IDENTITY}"
TRUE = RECORD | {"identity_number": IDENTITY}


@pytest.fixture(autouse=True)
def today():
    with clock.freeze(TERM_BEGINS):
        yield


def a_record(**changes: Any) -> Record:
    said = {"outcome": "approve", "reason": "", "office": "x", "record": TRUE | changes}
    record: Record = read_body(MessageKind.DECIDED, said).record
    return record


def a_request(**changes: Any) -> Request:
    request: Request = read_body(MessageKind.REQUEST, BODIES["request"] | changes)
    return request


def named(name: str) -> dict[str, str]:
    return {"name": name, "registry_number": NUMBER}


def test_what_can_be_true_is_believed() -> None:
    check_record(a_record(), NUMBER, Stage.COMPULSORY, synthetic_allowed=True)
    check_record(a_record(identity_number=None), NUMBER, Stage.COMPULSORY, synthetic_allowed=True)
    passport = a_record(identity_type="passport", identity_number="E1234567(8)")
    check_record(passport, NUMBER, Stage.COMPULSORY, synthetic_allowed=True)
    check_request(a_request(pupil=named("阿依古丽·买买提"), record=TRUE), synthetic_allowed=True)


@pytest.mark.parametrize(
    ("changes", "number", "told"),
    [
        ({"grade": 4, "schooling_years": 3}, NUMBER, "record.grade: 4 of 3 years; compulsory has 9"),
        ({"schooling_years": 12}, NUMBER, "record.grade: 3 of 12 years; compulsory has 9"),
        ({"birth_date": "0001-01-01"}, NUMBER, "record.birth_date: differs from the registry number"),
        ({"birth_date": "0001-01-01"}, NUMBER, "record.birth_date: nobody at school was born then"),
        ({"birth_date": "2999-01-01"}, NUMBER, "record.birth_date: nobody at school was born then"),
        ({"entered_on": "9999-12-31"}, NUMBER, "record.entered_on: must be after the birth, and not to come"),
        ({"entered_on": "2014-05-06"}, NUMBER, "record.entered_on: must be after the birth, and not to come"),
        ({"sex": "male"}, NUMBER, "record.sex: differs from the registry number"),
        ({"number_kind": "F"}, NUMBER, "registry_number: A Fujian vocational number has ten digits"),
        ({"number_kind": "L"}, NUMBER, "registry_number: A registry number of this kind is the letter L"),
        ({"number_kind": "J"}, f"J{IDENTITY}", "registry_number: Region, birth date and check digit"),
        ({"identity_number": "<b>nonsense</b>"}, NUMBER, "record.identity_number: The identity number is"),
        ({"identity_number": f"{IDENTITY} "}, NUMBER, "record.identity_number: must be digits, with X"),
        (
            {"identity_number": "<b>nonsense</b>", "identity_type": "other"},
            NUMBER,
            "record.identity_number: is no number of a document",
        ),
    ],
)
def test_what_cannot_be_true_of_a_record_is_named(changes: dict[str, Any], number: str, told: str) -> None:
    with pytest.raises(UnbelievableError) as wrong:
        check_record(a_record(**changes), number, Stage.COMPULSORY, synthetic_allowed=True)
    assert told in str(wrong.value)


def test_a_made_up_region_is_one_in_the_demo_only() -> None:
    with pytest.raises(UnbelievableError, match="990101, are no region"):
        check_record(a_record(), NUMBER, Stage.COMPULSORY, synthetic_allowed=False)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"pupil": named("林 小禾")}, "pupil.name: must be written without blanks"),
        ({"pupil": named("林\u3000小禾")}, "pupil.name: must be written without blanks"),
        ({"pupil": named(" ")}, "pupil.name: must be written without blanks"),
        ({"pupil": named("\u3164")}, "pupil.name: must be written without blanks"),
        ({"pupil": named("\u2800")}, "pupil.name: must be written without blanks"),
        ({"releasing_school": OTHER_SCHOOL | {"name": "   "}}, "releasing_school.name: says nothing"),
        ({"schooling_years": 12}, "schooling_years: compulsory has no course of 12 years"),
        ({"record": TRUE | {"sex": "male"}}, "record.sex: differs from the registry number"),
    ],
)
def test_what_cannot_be_true_of_a_request_is_named(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(UnbelievableError) as wrong:
        check_request(a_request(**{"pupil": named("林小禾")} | changes), synthetic_allowed=True)
    assert told in str(wrong.value)
