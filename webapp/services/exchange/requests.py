"""Another province asks for one of our pupils, or offers us one of theirs: it becomes a case here, or is refused."""

import logging
from collections.abc import Mapping
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import ChangeRequest, Office, OutsideCase, Student
from models.enums import MessageKind, Trouble
from webapp.errors import AnotherCaseOpen, Refusal
from webapp.services.cases.openings import Opener
from webapp.services.changes.change import ChangeNotGoverned
from webapp.services.changes.kinds.transfer import AlreadyAtSchool, NoSuchGrade, TransferForm
from webapp.services.context import settings_of
from webapp.services.exchange import links, mailbox, outside, records, schools
from webapp.services.exchange.awaited import ContradictionError
from webapp.services.exchange.checks import UnbelievableError, check_request
from webapp.services.exchange.mailbox import Business, Claimed
from webapp.services.exchange.messages import (
    Body,
    FaultCode,
    Pupil,
    Record,
    Refused,
    Request,
    Validated,
    read_body,
)
from webapp.services.exchange.outside import Code, Evidence
from webapp.services.registry.held_numbers import give_number_up, hold_on_number

IDENTITY_NUMBERS_ARE_UNIQUE = "identity_numbers_are_unique"
# What the other side's family reads of a request that no case can be opened on.
REASONS: Mapping[type[Refusal], str] = {
    AlreadyAtSchool: "学生已在所申请的学校就读",
    NoSuchGrade: "申请的年级与学制不符",
    ChangeNotGoverned: "两校之间没有适用的转学流程",
}
UNFIT = "请求中的学生、学校或学籍数据有误"

log = logging.getLogger(__name__)

TAKEN_BEFORE = "it was taken before, and is only answered again"


About = Literal["pupil", "school"]


class _WrongError(Exception):
    """A request that the validation refuses, with its codes and words."""

    def __init__(self, *codes: Code, reason: str = "", about: About | None = None) -> None:
        super().__init__(codes, reason)
        self.codes, self.reason, self.about = codes, reason, about


def answer(session: Session, message: Claimed) -> None:
    """Open the case that a request asks for and say that it is right, or refuse it with codes (domain 3.1.5).

    A request that was taken before is only answered again; one that says something else by now is a
    ContradictionError, as offices here look at what it said. The message is done with then; the caller commits.
    """
    request: Request = read_body(message.kind, mailbox.opened(session, message.body))
    link = links.linked(session, message.partner, message.reference)
    if link is not None:
        _check_is_the_same(link.case, request)
        _say(session, message, MessageKind.VALIDATED, Validated(number=str(link.case.number)), link.case)
        mailbox.done(session, message.id, note=TAKEN_BEFORE, case_id=link.change_request_id)
        return
    case = _opened_or_refused(session, message, request)
    mailbox.done(session, message.id, case_id=case.id if case else None)


def _check_is_the_same(case: ChangeRequest, request: Request) -> None:
    assert case.to_school is not None, "it was opened on a request"
    taken = (
        case.student.registry_number,
        case.to_school.name,
        case.from_school.name,
        case.form["grade"],
    )
    asked = (
        request.pupil.registry_number,
        request.receiving_school.name,
        request.releasing_school.name,
        request.grade,
    )
    if taken != asked:
        said = f"it asks for something else than the case {case.number} that it opened"
        raise ContradictionError(Trouble.ASKS_OTHERWISE, said)


def _opened_or_refused(session: Session, message: Claimed, request: Request) -> ChangeRequest | None:
    try:
        with session.begin_nested():
            case = _opened(session, message, request)
    except _WrongError as wrong:
        codes: tuple[FaultCode, ...] = tuple(code.value for code in wrong.codes)
        _say(
            session,
            message,
            MessageKind.REFUSED,
            Refused(codes=codes, about=wrong.about, reason=wrong.reason),
        )
        return None
    _say(session, message, MessageKind.VALIDATED, Validated(number=str(case.number)), case)
    return case


def _opened(session: Session, message: Claimed, request: Request) -> ChangeRequest:
    try:
        check_request(request, synthetic_allowed=settings_of(session).demo)
        receiving, releasing = _schools(session, message, request)
        student_id = _validated(session, request, releasing)
        form = TransferForm(
            receiving.id, request.grade, request.reason, schooling_years=request.schooling_years
        )
        partner_id = links.account_of(session, message.partner)
        opener = Opener(partner_id, evidence=_evidence(session, message).plain())
        case = outside.open_mirrored(session, partner_id, student_id, form, opener)
        _check_is_released_there(case, request)
    except AnotherCaseOpen as refusal:
        raise _WrongError(Code.BUSINESS_OPEN) from refusal
    except Refusal as refusal:
        log.info("Message %s of province %s: %s", message.message_id, message.partner, refusal)
        raise _WrongError(Code.DATA_WRONG, reason=REASONS.get(type(refusal), UNFIT)) from refusal
    except UnbelievableError as wrong:
        raise _WrongError(Code.DATA_WRONG, reason=f"{UNFIT}：{wrong}") from wrong
    session.add(
        OutsideCase(
            change_request_id=case.id,
            partner=message.partner,
            reference=message.reference,
            their_number=request.number,
            began_here=False,
        )
    )
    session.flush()
    return case


def _evidence(session: Session, message: Claimed) -> Evidence:
    told_by = links.bureau_name(session, message.partner)
    return Evidence(told_by, message.sent_at, reference=str(message.message_id))


def _schools(session: Session, message: Claimed, request: Request) -> tuple[Office, Office | None]:
    """Return the receiving school, and the releasing one if it is theirs: a pupil of ours is where his record says."""
    receiving, releasing = request.receiving_school, request.releasing_school
    sides = (receiving.division[:2], releasing.division[:2])
    if sides == (message.partner, message.province):
        return schools.known(session, receiving), None
    if sides != (message.province, message.partner):
        raise _WrongError(Code.DATA_WRONG, reason="转入、转出学校须分属发送和接收的两省")
    own = schools.found(session, receiving)
    if own is None:
        raise _WrongError(Code.DATA_WRONG, reason=f"没有这所学校：{receiving.name}", about="school")
    return own, schools.known(session, releasing)


def _validated(session: Session, request: Request, releasing: Office | None) -> int:
    """Return the pupil: one of ours, checked as the national platform would, or one of theirs with his record."""
    if releasing is not None and not _is_known(session, request):
        if request.record is None:
            raise _WrongError(Code.DATA_WRONG, reason="没有附上学生的学籍信息")
        return _admitted(session, request.pupil, request.record, releasing)
    found = outside.validate(session, request.pupil.name, request.pupil.registry_number)
    if found.codes or found.student_id is None:
        raise _WrongError(*found.codes)
    return found.student_id


def _admitted(session: Session, pupil: Pupil, record: Record, school: Office) -> int:
    try:
        return records.admit(session, pupil, record, school).id
    except IntegrityError as taken:
        if IDENTITY_NUMBERS_ARE_UNIQUE not in str(taken.orig):
            raise
        reason = "这个身份证件号在本省另有学籍号"
        raise _WrongError(Code.DATA_WRONG, reason=reason) from taken


def _check_is_released_there(case: ChangeRequest, request: Request) -> None:
    """Nobody gives away another's pupil: he must be enrolled in the province that the request says."""
    if case.from_school.division_code[:2] != request.releasing_school.division[:2]:
        raise _WrongError(Code.DATA_WRONG, reason="学生的学籍不在所称的省")


def _is_known(session: Session, request: Request) -> bool:
    """Whether the pupil is known here; what somebody typed under another name gives way to his province's word."""
    pupil = request.pupil
    known = session.scalar(select(Student).where(Student.registry_number == pupil.registry_number))
    if known is None:
        return False
    if known.name != pupil.name and hold_on_number(session, known) is None:
        give_number_up(session, known)
        return False
    return True


def _say(
    session: Session, message: Claimed, kind: MessageKind, body: Body, case: ChangeRequest | None = None
) -> None:
    about = Business(message.partner, message.province, message.reference, case.id if case else None)
    mailbox.put(session, about, kind, body)
