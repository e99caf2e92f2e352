"""What another province says of a pupil is its word, but nobody takes over what cannot be true (domain 3.0.2, 4.3)."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from models.enums import IdentityType, Stage
from models.text import FILLERS, says_something
from webapp import clock
from webapp.errors import Refusal
from webapp.services.exchange.messages import Record, Request, said
from webapp.services.registry.identity import has_blank, validate_identity_number
from webapp.services.registry.numbers import contradicted_by, validate_registry_number

LONGEST_LIFE = timedelta(days=100 * 366)
DOCUMENT_NUMBER = re.compile(r"[0-9A-Za-z()（）/-]+")


class UnbelievableError(Exception):
    """What was said cannot be true; the text names each field that is wrong."""


def check_request(request: Request, *, synthetic_allowed: bool) -> None:
    """Raise UnbelievableError with all that cannot be true of what a request says.

    Where no record comes with it the number is not looked at: it finds a pupil here, or does not (2001).
    """
    faults = list(_faults_of_names(request))
    years = request.schooling_years
    if years is not None and years > request.receiving_school.stage.most_years:
        faults.append(f"schooling_years: {request.receiving_school.stage} has no course of {years} years")
    if request.record is not None:
        stage, number = request.releasing_school.stage, request.pupil.registry_number
        faults += _faults_of_record(request.record, number, stage, synthetic_allowed)
    _raise(faults)


def check_record(record: Record, number: str, stage: Stage, *, synthetic_allowed: bool) -> None:
    """Raise UnbelievableError with all that cannot be true of the record of the pupil with a registry number.

    `stage` is the releasing school's.
    """
    _raise(list(_faults_of_record(record, number, stage, synthetic_allowed)))


def _raise(faults: list[str]) -> None:
    if faults:
        raise UnbelievableError(said("; ".join(faults)))


def _faults_of_names(request: Request) -> Iterator[str]:
    name = request.pupil.name
    if has_blank(name) or FILLERS.search(name) or not says_something(name):
        yield "pupil.name: must be written without blanks, as in the household register"
    for side in ("receiving_school", "releasing_school"):
        if not says_something(getattr(request, side).name):
            yield f"{side}.name: says nothing"


def _faults_of_record(record: Record, number: str, stage: Stage, synthetic_allowed: bool) -> Iterator[str]:
    yield from _faults_of_number(record, number)
    yield from _faults_of_identity(record, synthetic_allowed)
    yield from _faults_of_dates(record, clock.today())
    if not record.grade <= record.schooling_years <= stage.most_years:
        yield f"record.grade: {record.grade} of {record.schooling_years} years; {stage} has {stage.most_years}"


def _faults_of_number(record: Record, number: str) -> Iterator[str]:
    try:
        validate_registry_number(number, record.number_kind)
    except Refusal as wrong:
        yield f"registry_number: {wrong}"
        return
    for fact in contradicted_by(number, record.number_kind, birth_date=record.birth_date, sex=record.sex):
        yield f"record.{fact}: differs from the registry number"


def _faults_of_identity(record: Record, synthetic_allowed: bool) -> Iterator[str]:
    number = record.identity_number
    if number is None:
        return
    if record.identity_type != IdentityType.RESIDENT:
        if not DOCUMENT_NUMBER.fullmatch(number):
            yield "record.identity_number: is no number of a document"
        return
    try:
        stored = validate_identity_number(
            number, birth_date=record.birth_date, sex=record.sex, synthetic_allowed=synthetic_allowed
        )
    except Refusal as wrong:
        yield f"record.identity_number: {wrong}"
    else:
        if stored != number:
            yield "record.identity_number: must be digits, with X in capitals"


def _faults_of_dates(record: Record, today: date) -> Iterator[str]:
    if not today - LONGEST_LIFE < record.birth_date < today:
        yield "record.birth_date: nobody at school was born then"
    if not record.birth_date < record.entered_on <= today:
        yield "record.entered_on: must be after the birth, and not to come"
