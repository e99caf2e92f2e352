"""Who wants a proof of graduation or a placement, made on a seeded database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment
from models.enums import Newspaper, OfficeLevel, PaperKind, RegistryState, Role, Stage
from tests.webapp.registry_numbers import a_registry_number
from tests.webapp.road import Road, a_road, fill_seats
from webapp.policy import Person
from webapp.services.cases.applications import submit
from webapp.services.changes.change import ChangeForm
from webapp.services.changes.kinds.duplicate_diploma import DuplicateDiplomaForm
from webapp.services.changes.kinds.placement import PlacementForm

PROOF = DuplicateDiplomaForm(Newspaper.COUNTY, "福州日报")
PLACED = PlacementForm("东风公司", "十堰市", date(2025, 10, 8), date(2026, 1, 20))
OF_A_PROOF = (PaperKind.LOSS_NOTICE, PaperKind.PROOF_FORM, PaperKind.BLUE_PHOTOS)


def a_wish(
    session: Session, form: ChangeForm, pack: str | None, run_by: OfficeLevel = OfficeLevel.COUNTY
) -> Road:
    road = a_road(session, stage=Stage.VOCATIONAL, grade=1, run_by=run_by, number=a_registry_number())
    road.releasing.rule_pack = pack
    session.commit()
    return replace(road, form=form)


def a_graduate(session: Session, run_by: OfficeLevel = OfficeLevel.COUNTY) -> Road:
    """One who has lost the diploma."""
    road = a_wish(session, PROOF, "voc-fujian", run_by)
    leave(road, RegistryState.GRADUATED)
    return road


def leave(road: Road, state: RegistryState) -> None:
    road.student.state = state
    last = road.student.enrolments[-1]
    last.ended_on, last.ended_as = date(2025, 7, 1), state
    road.session.commit()


def approved(road: Road, papers: Sequence[PaperKind], *, by: Person | None = None) -> ChangeRequest:
    fill_seats(road)
    road.session.commit()
    case = submit(road.session, by or road.guardian, road.draft(*papers, by=by).id)
    while road.state_of(case).is_open:
        road.approve(case)
    return case


def registrar_of(road: Road) -> Person:
    return road.officers[road.releasing.id, Role.REGISTRAR]


def another_enrolment(road: Road, school_id: int, left_as: RegistryState | None) -> Enrolment:
    last = road.student.enrolments[-1]
    enrolment = Enrolment(
        student_id=last.student_id,
        school_id=school_id,
        grade=1,
        schooling_years=3,
        study_form=last.study_form,
        entered_on=date(2025, 9, 1),
        started_on=date(2025, 9, 1),
        ended_on=date(2025, 9, 5) if left_as else None,
        ended_as=left_as,
    )
    road.session.add(enrolment)
    road.session.commit()
    return enrolment
