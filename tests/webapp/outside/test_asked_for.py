"""The other way round: another province asks for a child of ours."""

import pytest
from sqlalchemy import func, select

from models import Enrolment, Student, StudentOverlay
from models.enums import CaseState, OverlayKind, RegistryState, Role
from tests.webapp.outside.answers import agrees
from webapp import clock
from webapp.services.exchange.outside import Code, open_mirrored, validate

pytestmark = pytest.mark.slow


def test_our_side_of_a_transfer_that_began_elsewhere_ends_when_the_file_is_pulled(
    outbound, partner, here
) -> None:
    case = open_mirrored(here, partner.id, outbound.student.id, outbound.form)
    here.commit()
    steps = []
    while (task := outbound.open_task(case)).role != Role.COUNTERPART:
        steps.append(task.step)
        outbound.approve(case)
    assert steps == ["out_registrar", "out_lead", "releasing_authorities/out_county"]
    assert task.step == "outside_pull"
    assert agrees(partner, outbound, case) == CaseState.COMPLETED
    student = here.get_one(Student, outbound.student.id, populate_existing=True)
    assert student.state == RegistryState.TRANSFERRED_OUT
    present = select(func.count()).where(Enrolment.student_id == student.id, Enrolment.ended_on.is_(None))
    assert here.scalar(present) == 0


def test_a_request_for_a_pupil_is_validated_by_name_number_business_and_problems(outbound, here) -> None:
    student = outbound.student
    student.number_kind, student.registry_number = "L", "L990101201501150055"
    here.flush()
    assert validate(here, student.name, student.registry_number).codes == ()
    assert validate(here, f"{student.name} ", student.registry_number).codes == (Code.DATA_WRONG,)
    assert validate(here, student.name, "L990101201501150099").codes == (Code.DATA_WRONG,)
    here.add(
        StudentOverlay(
            student_id=student.id, kind=OverlayKind.PROBLEM, note="重复学籍", started_at=clock.now()
        )
    )
    here.flush()
    assert validate(here, student.name, student.registry_number).codes == (Code.PROBLEM_OPEN,)
    rival = outbound.rival()
    open_mirrored(here, outbound.guardian.account_id, rival.student.id, outbound.form)
    other = rival.student
    other.number_kind, other.registry_number = "L", "L990101201501150063"
    here.flush()
    assert validate(here, other.name, other.registry_number).codes == (Code.BUSINESS_OPEN,)
