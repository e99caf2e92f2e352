"""A pupil of a school here goes to one that is not served here (转出外省), where our side is to begin that.

Whoever applies names the school; what its province does not find is named anew (domain 3.1.5, 2001).
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CaseEvent, ChangeRequest, Division, Enrolment, Office
from models.enums import EventKind, FormField, Role, Seat
from webapp import clock, errors
from webapp.policy import Person, acts_for_applicant, holds_at, may_apply
from webapp.services.cases.applications import BeginsElsewhere, locked_case
from webapp.services.cases.chain import Plain
from webapp.services.cases.corrections import resubmit
from webapp.services.cases.returns import open_return_of
from webapp.services.changes.change import GOVERNING_PROCESS, ChangeNotGoverned
from webapp.services.changes.kinds.transfer import INITIATORS, governed_by
from webapp.services.changes.packs import regional_packs, rule_packs, stage_of
from webapp.services.exchange.schools_elsewhere import SchoolElsewhere, divisions_elsewhere, school_elsewhere
from webapp.services.offices.tree import Distance, is_served
from webapp.services.processes.versions import definition_in_force
from workflows.definition import Definition


class SchoolNotQuestioned(errors.Refusal):
    """The other province found nothing wrong with this school; it cannot be changed here."""

    status = 409


def places_to_go_to(session: Session, applicant: Person, record: Enrolment) -> Sequence[Division]:
    """Return the divisions not served here for whose schools a pupil's own side may begin a transfer.

    Where the receiving school begins it there are none (domain 3.1.1: IN-FIRST). Raises NotYourChild to all but the
    family and the registrar of the present school, NotAllowed for a pupil who is at a school elsewhere himself.
    """
    if not (may_apply(applicant, record.student_id) or holds_at(applicant, record.school_id, Role.REGISTRAR)):
        raise errors.NotYourChild
    if not is_served(session, record.school.division_code):
        raise errors.NotAllowed
    _, governing = definition_in_force(session, GOVERNING_PROCESS)
    places = divisions_elsewhere(session)
    provinces = {place.code[:2] for place in places}
    begun_here = {province for province in provinces if _begins_here(governing, record.school, province)}
    return [place for place in places if place.code[:2] in begun_here]


def choose_school(
    session: Session, applicant: Person, record: Enrolment, division_code: str, name: str
) -> Office:
    """Return the school elsewhere that whoever may apply for a pupil names for him; commits, as it may be new.

    It is of the pupil's present stage. Raises BeginsElsewhere, and what `places_to_go_to` and
    `school_elsewhere` do.
    """
    if division_code not in {place.code for place in places_to_go_to(session, applicant, record)}:
        raise BeginsElsewhere(school=name)
    assert record.school.stage is not None, "it is a school"
    named = SchoolElsewhere(name, division_code, record.school.stage)
    school = school_elsewhere(session, applicant, named, clock.today())
    session.commit()
    return school


def correct_school(session: Session, person: Person, case_id: int, name: str) -> None:
    """Correct the name of a school that its province did not find (2001), and hand the case in again; commits.

    Place and stage stay as the offices here agreed to; what it was called before stands in the history. Raises what
    `misnamed_school_of`, `school_elsewhere` and `resubmit` do.
    """
    case, wrong = misnamed_school_of(session, person, case_id)
    assert wrong.stage is not None, "it is a school"
    named = SchoolElsewhere(name, wrong.division_code, wrong.stage)
    right = school_elsewhere(session, person, named, clock.today())
    case.to_school_id = right.id
    session.flush()
    corrected: dict[str, Plain] = {} if right.id == wrong.id else {FormField.SCHOOL: [wrong.name, right.name]}
    resubmit(session, person, case_id, corrected=corrected)


def misnamed_school_of(session: Session, person: Person, case_id: int) -> tuple[ChangeRequest, Office]:
    """Lock a case that another province sent back for its data, and return it with the school it goes to there.

    Raises NoSuchCase to whoever does not act for the applicant, SchoolNotQuestioned if no such case came back.
    """
    case = locked_case(session, case_id)
    if case is None or not acts_for_applicant(person, case):
        raise errors.NoSuchCase
    wanted, school = open_return_of(session, case.id), case.to_school
    if wanted is None or school is None or is_served(session, school.division_code):
        raise SchoolNotQuestioned
    if not is_school_questioned(session, case.id):
        raise SchoolNotQuestioned
    return case, school


def is_school_questioned(session: Session, case_id: int) -> bool:
    """Whether the other province sent a case back last because it does not know the school."""
    returned = select(CaseEvent.payload).where(
        CaseEvent.change_request_id == case_id, CaseEvent.kind == EventKind.RETURNED
    )
    payload = session.scalar(returned.order_by(CaseEvent.seq.desc()).limit(1))
    return payload is not None and payload.get("about") == "school"


def _begins_here(governing: Definition, school: Office, province: str) -> bool:
    """Whether a school may begin a transfer to one of its stage in another province, by the packs of both regions."""
    tables = governing.decisions
    receiving = regional_packs(tables, province, stage_of(school))
    try:
        _, initiator = governed_by(tables, receiving, rule_packs(tables, school), Distance.CROSS_PROVINCE)
    except ChangeNotGoverned:
        return False
    return Seat.RELEASING_SCHOOL in INITIATORS[initiator]
