"""Another province asks for a pupil by letter (外省来函): where it is not connected, a registrar takes it down.

The case that opens is the one that a message would open (domain 2.2: message and manual entry; 3.1.4 V5, V7).
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models import CaseEvent, ChangeRequest, Division, Enrolment
from models.enums import OPEN_CASE_STATES, EventKind, Role, TransferReason
from webapp import clock, errors
from webapp.policy import Person, Post, is_close_to, post_for
from webapp.services.cases.applications import lock_record
from webapp.services.cases.families import find_record
from webapp.services.cases.openings import Opener
from webapp.services.changes.kinds.transfer import INITIATORS, Transfer, TransferForm, transfer_of
from webapp.services.changes.validation_codes import CodeMeaning, meanings
from webapp.services.context import settings_of
from webapp.services.exchange import links, outside
from webapp.services.exchange.outside import Code, Evidence
from webapp.services.exchange.schools_elsewhere import SchoolElsewhere, divisions_elsewhere, school_elsewhere
from webapp.services.processes.versions import definition_in_force

# Its rules say what the platform's codes mean; a vocational transfer is validated by the same ones.
VALIDATED_PROCESS = "cross_province_transfer"


class RequestAtFault(errors.Refusal):
    """No case is opened. If this is what the letter says, answer it with what was found: {codes}."""

    status = 422

    def __init__(self, found: list[CodeMeaning]) -> None:
        super().__init__(codes=tuple(meaning.code for meaning in found))
        self.found = found


class AsksByMessage(errors.Refusal):
    """{province} is connected: what it asks for comes by itself. Ask it to send the request that way."""

    status = 409


class PupilOfAnotherSchool(errors.Refusal):
    """The pupil is not at your school. Pass the letter on to the school where the pupil is."""

    status = 403


class BeginsWithUs(errors.Refusal):
    """Such a transfer begins at the pupil's own school, on the family's wish: let the family apply here."""

    status = 422


@dataclass(frozen=True, slots=True)
class Letter:
    """What another province asks for: whom, for which of its schools and grade, why, and how that is known."""

    number: str
    name: str
    school: str
    division_code: str
    grade: int
    reason: TransferReason
    evidence: Evidence


def connected_provinces(session: Session) -> list[str]:
    """Return the names of the provinces that ask by message."""
    partners = settings_of(session).partners
    return [
        place.name
        for place in divisions_elsewhere(session)
        if place.code.endswith("0000") and place.code[:2] in partners
    ]


def take_down(session: Session, registrar: Person, letter: Letter) -> ChangeRequest:
    """Open the case that a letter asks for, or return the one that it opened before; commits.

    Raises AsksByMessage, RequestAtFault with all codes (domain 3.1.5), PupilOfAnotherSchool, OwnChild, BeginsWithUs,
    and what `check_evidence`, `find_record`, `school_elsewhere` and `transfer_of` do.
    """
    outside.check_evidence(letter.evidence)
    _check_not_connected(session, letter.division_code)
    record = _wanted(session, registrar, letter)
    lock_record(session, record.student_id)
    transfer = _transfer(session, registrar, record, letter)
    post = _writing_post(registrar, transfer)
    partner_id = links.account_of(session, letter.division_code[:2])
    case = _taken_before(session, partner_id, transfer, letter) or _opened(
        session, partner_id, transfer, Opener(registrar.account_id, post, letter.evidence.plain())
    )
    session.commit()
    return case


def _check_not_connected(session: Session, division_code: str) -> None:
    province = division_code[:2]
    if province in settings_of(session).partners:
        raise AsksByMessage(province=session.get_one(Division, province + "0000").name)


def _wanted(session: Session, registrar: Person, letter: Letter) -> Enrolment:
    """Look the pupil up, which is logged and slowed down; whoever does not fit is what the platform calls 2001."""
    try:
        return find_record(session, registrar, letter.number, letter.name)
    except errors.NoSuchStudent as unknown:
        raise _at_fault(session, (Code.DATA_WRONG,)) from unknown


def _transfer(session: Session, registrar: Person, record: Enrolment, letter: Letter) -> Transfer:
    assert record.school.stage is not None, "it is a school"
    named = SchoolElsewhere(letter.school, letter.division_code, record.school.stage)
    school = school_elsewhere(session, registrar, named, clock.today())
    form = TransferForm(school.id, letter.grade, letter.reason)
    return transfer_of(session, record.student_id, form, clock.today())


def _writing_post(registrar: Person, transfer: Transfer) -> Post:
    """The post in which a registrar may take the letter down, if the transfer is one that begins elsewhere."""
    post = post_for(registrar, transfer.releasing.school.id, Role.REGISTRAR, about=transfer.student.id)
    if post is None:
        raise PupilOfAnotherSchool
    if is_close_to(registrar, post, transfer.student.id):
        raise errors.OwnChild
    if transfer.initiators == INITIATORS["releasing"]:
        raise BeginsWithUs
    return post


def _taken_before(
    session: Session, partner_id: int, transfer: Transfer, letter: Letter
) -> ChangeRequest | None:
    """Return the case that the same letter opened: by its number, or while the same school's wish is under way."""
    same = select(ChangeRequest).where(
        ChangeRequest.student_id == transfer.student.id,
        ChangeRequest.applicant_id == partner_id,
        ChangeRequest.to_school_id == transfer.receiving.school.id,
        or_(ChangeRequest.state.in_(OPEN_CASE_STATES), _by_letter(letter.evidence.reference)),
    )
    return session.scalar(same.order_by(ChangeRequest.id.desc()).limit(1))


def _by_letter(reference: str) -> ColumnElement[bool]:
    """Whether a case was opened on a letter with this number; letters without one are not the same."""
    told = CaseEvent.payload["evidence"]["reference"].astext
    return ChangeRequest.events.any(and_(CaseEvent.kind == EventKind.OPENED, told == reference, told != ""))


def _opened(session: Session, partner_id: int, transfer: Transfer, writer: Opener) -> ChangeRequest:
    student = transfer.student
    found = outside.validate(session, student.name, student.registry_number or "")
    if found.codes:
        raise _at_fault(session, found.codes)
    return outside.open_mirrored(session, partner_id, student.id, transfer.form, writer)


def _at_fault(session: Session, codes: tuple[Code, ...]) -> RequestAtFault:
    _, definition = definition_in_force(session, VALIDATED_PROCESS)
    return RequestAtFault(meanings(definition, [code.value for code in codes]))
