"""What the made-up province answers to each message: it validates, decides, and pulls the file (调档)."""

from collections.abc import Iterator
from datetime import date
from typing import get_args

from models.enums import IdentityType, MessageKind, NumberKind, Sex, Stage, StudyForm
from webapp import clock
from webapp.platform.behaviour import Behaviour, Business
from webapp.services.exchange.messages import (
    Agreed,
    Body,
    Decided,
    FaultCode,
    Pulled,
    Record,
    Refused,
    Request,
    Validated,
)
from webapp.services.registry.identity import birth_date_in, check_character, sex_in
from webapp.services.registry.numbers import WITH_BIRTH_DATE, kind_of

OFFICE = "（演示）外省教育厅"
SCHOOL = "（演示）外省学校"
FUJIAN = "35"
SOMEDAY = date(2014, 5, 6)

Answer = tuple[MessageKind, Body]


def answers(business: Business, body: Body, behaviour: Behaviour) -> Iterator[Answer]:
    """Yield what is answered to a message, one after the other."""
    if isinstance(body, Request):
        yield from _to_request(business, body, behaviour)
    elif isinstance(body, Decided) and business.began_there and body.outcome == "approve":
        yield MessageKind.PULLED, Pulled(on=clock.today())


def _to_request(business: Business, request: Request, behaviour: Behaviour) -> Iterator[Answer]:
    if codes := _codes(business, request, behaviour):
        business.refused = True
        yield MessageKind.REFUSED, Refused(codes=codes, about=None, reason="")
        return
    yield MessageKind.VALIDATED, Validated(number=f"WS-{business.reference.hex[:8]}")
    if behaviour.outcome == "approve" and _is_asked_for_its_school(request):
        yield MessageKind.AGREED, Agreed(office=SCHOOL)
    releases = request.record is None and behaviour.outcome == "approve"
    yield (
        MessageKind.DECIDED,
        Decided(
            outcome=behaviour.outcome,
            reason="" if behaviour.outcome == "approve" else "（演示）不同意",
            office=OFFICE,
            record=_record(request) if releases else None,
        ),
    )


def _is_asked_for_its_school(request: Request) -> bool:
    """Whether both schools agree before both authorities decide: V7 (domain 3.1.4)."""
    schools = (request.receiving_school, request.releasing_school)
    return any(school.stage == Stage.VOCATIONAL and school.division.startswith(FUJIAN) for school in schools)


def _codes(business: Business, request: Request, behaviour: Behaviour) -> tuple[FaultCode, ...]:
    """The codes that were asked for, or those in the number's last digits, which are repaired when asked again."""
    if behaviour.codes:
        return behaviour.codes
    end = request.pupil.registry_number[-5:]
    return () if business.refused else tuple(code for code in get_args(FaultCode) if code in end)


def _record(request: Request) -> Record:
    number, stage = request.pupil.registry_number, request.releasing_school.stage
    kind = kind_of(number)
    formal, told = kind == NumberKind.FORMAL, number[1:]
    return Record(
        sex=sex_in(told) if formal else Sex.FEMALE,
        birth_date=(birth_date_in(told) if kind in WITH_BIRTH_DATE else None) or SOMEDAY,
        identity_type=IdentityType.RESIDENT,
        identity_number=told if formal and told[-1] == check_character(told[:-1]) else None,
        number_kind=kind,
        grade=request.grade,
        class_name="1班",
        major_code=None,
        major_name=None,
        schooling_years=request.schooling_years or stage.schooling_years,
        study_form=StudyForm.FULL_TIME,
        entered_on=clock.today().replace(month=9, day=1, year=clock.today().year - 1),
    )
