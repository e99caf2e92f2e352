"""Fields of an application are ticked and filled in anew: the case resumes, or begins anew if a key field changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models import ChangeRequest, Office
from models.enums import (
    CaseState,
    EventKind,
    FormField,
    OfficeLevel,
    PaperKind,
    Role,
    Stage,
    TaskState,
    TransferReason,
)
from tests.webapp.doctoring import sound
from tests.webapp.road import A_PNG, Road, fill_seats, work_off
from webapp import clock, errors
from webapp.notice_texts import notice_text
from webapp.services.cases.asks import send_back_to
from webapp.services.cases.corrections import may_be_withdrawn, resubmit
from webapp.services.cases.decisions import return_to_applicant
from webapp.services.cases.fields import NotAskedFor, correct
from webapp.services.cases.openings import AnotherProcess
from webapp.services.cases.recalls import NothingToRecall, recall
from webapp.services.cases.reviews import FieldNotListed, require_correctable
from webapp.services.cases.stopping import NotWhereItBegan, revoke
from webapp.services.cases.uploads import PaperNotAskedFor, hand_in
from webapp.services.changes.eligibility import NotEligible
from webapp.services.changes.kinds.transfer import NoSuchGrade
from webapp.services.demo import makers
from webapp.services.notices.news import notices_for

pytestmark = pytest.mark.slow

COUNTY = "receiving_authorities/in_county"


@pytest.fixture
def case(road: Road) -> ChangeRequest:
    """A transfer that the receiving county has to decide."""
    return road.applied(until=COUNTY)


def tick(road: Road, case: ChangeRequest, *fields: FormField, items: tuple[PaperKind, ...] = ()) -> None:
    task = road.open_task(case)
    return_to_applicant(
        road.session,
        road.officer(task),
        task.id,
        fields=fields,
        items=items,
        reason="请更正",
        version=case.version,
    )


def fill_in(road: Road, case: ChangeRequest, **values: object) -> None:
    correct(road.session, road.guardian, case.id, {FormField(name): value for name, value in values.items()})


def another_school(road: Road, division: str = "410325") -> Office:
    school = makers.a_school(road.session, division, Stage.COMPULSORY, OfficeLevel.COUNTY)
    road.session.commit()
    fill_seats(replace(road, form=replace(road.form, to_school_id=school.id)))
    road.session.commit()
    return school


def keys(road: Road, case: ChangeRequest) -> list[str]:
    return [task.key.rpartition("/")[2] for task in road.open_tasks(case)]


def test_a_note_that_is_corrected_resumes_the_case_where_it_was(road: Road, case: ChangeRequest) -> None:
    tick(road, case, FormField.NOTE)
    assert sound(road, case)
    fill_in(road, case, note="孩子对花生过敏")
    resubmit(road.session, road.guardian, case.id)
    assert keys(road, case) == ["in_county:1"]
    assert case.form["note"] == "孩子对花生过敏"
    assert case.events[-1].payload["corrected"] == {"note": ["", "孩子对花生过敏"]}
    assert sound(road, case)


def test_a_key_field_that_is_corrected_begins_the_case_anew_at_its_first_step(
    road: Road, case: ChangeRequest
) -> None:
    school = begun_anew(road, case)
    assert (case.state, case.to_school_id) == (CaseState.IN_REVIEW, school.id)
    assert sound(road, case)
    while case.state.is_open:
        road.approve(case)
    assert case.state == CaseState.COMPLETED
    assert [task.key for task in case.tasks if task.step == "in_lead"] == ["in_lead:1", "in_lead:2"]
    assert sound(road, case)


def test_whoever_had_the_case_is_told_that_it_begins_anew(road: Road, case: ChangeRequest) -> None:
    """Domain 3.0.5: current handlers."""
    handler = road.officer(road.open_task(case))
    with clock.freeze(clock.now() + timedelta(hours=1)):
        begun_anew(road, case)
        work_off(road.session)
        said = notice_text(notices_for(road.session, handler).notices[0])
    assert said.endswith("begins anew at its first step")
    assert said.startswith(road.student.name)


def test_another_school_is_asked_by_its_own_offices(road: Road, case: ChangeRequest) -> None:
    school = begun_anew(road, case)
    assert road.open_task(case).seat_office_id == school.id
    assert case.events[-1].payload["corrected"]["to_school_id"] == [road.receiving.name, school.name]


def test_what_was_filled_in_as_it_was_before_is_no_change(road: Road, case: ChangeRequest) -> None:
    tick(road, case, FormField.GRADE)
    fill_in(road, case, grade=case.form["grade"])
    resubmit(road.session, road.guardian, case.id)
    assert keys(road, case) == ["in_county:1"]
    assert case.events[-1].payload["corrected"] == {}
    assert sound(road, case)


def test_every_ticked_field_is_filled_in_before_the_case_goes_on(road: Road, case: ChangeRequest) -> None:
    tick(road, case, FormField.NOTE, FormField.GRADE)
    fill_in(road, case, note="过敏")
    with pytest.raises(errors.FormIncomplete) as refused:
        resubmit(road.session, road.guardian, case.id)
    assert refused.value.facts["missing"] == (FormField.GRADE,)
    road.session.rollback()
    assert case.form["note"] == ""


def test_only_what_was_ticked_is_filled_in(road: Road, case: ChangeRequest) -> None:
    tick(road, case, FormField.NOTE)
    with pytest.raises(NotAskedFor):
        fill_in(road, case, grade=2)


def test_what_cannot_be_is_refused_as_it_is_typed(road: Road, case: ChangeRequest) -> None:
    tick(road, case, FormField.GRADE)
    with pytest.raises(NoSuchGrade):
        fill_in(road, case, grade=99)


def test_a_reason_that_needs_another_paper_asks_for_it(road: Road, case: ChangeRequest) -> None:
    tick(road, case, FormField.REASON)
    with pytest.raises(PaperNotAskedFor):
        a_job_proof(road, case)
    road.session.rollback()
    fill_in(road, case, reason=TransferReason.PARENT_JOB_MOVE.value)
    with pytest.raises(errors.FormIncomplete):
        resubmit(road.session, road.guardian, case.id)
    road.session.rollback()
    a_job_proof(road, case)
    assert sound(road, case)
    resubmit(road.session, road.guardian, case.id)
    assert keys(road, case) == ["in_registrar:2"]
    assert sound(road, case)


def test_a_correction_that_is_not_lawful_is_refused_and_the_case_stays_where_it_is(
    road: Road, case: ChangeRequest
) -> None:
    """T-P6: into the same grade."""
    tick(road, case, FormField.GRADE)
    fill_in(road, case, grade=2)
    with pytest.raises(NotEligible):
        resubmit(road.session, road.guardian, case.id)
    road.session.rollback()
    assert (case.state, case.form["grade"]) == (CaseState.RETURNED, 3)
    assert sound(road, case)


def test_a_school_that_another_process_governs_is_applied_for_anew(road: Road, case: ChangeRequest) -> None:
    school = makers.a_school(road.session, "350203", Stage.COMPULSORY, OfficeLevel.COUNTY)
    road.session.commit()
    tick(road, case, FormField.SCHOOL)
    fill_in(road, case, to_school_id=school.id)
    with pytest.raises((AnotherProcess, NotEligible, errors.WrongInitiator)):
        resubmit(road.session, road.guardian, case.id)


def test_a_question_that_was_open_is_closed_as_the_case_begins_anew(road: Road, case: ChangeRequest) -> None:
    task = road.open_task(case)
    earlier = next(one for one in case.tasks if one.step == "in_registrar")
    send_back_to(
        road.session,
        road.officer(task),
        task.id,
        to_task_id=earlier.id,
        reason="请核对",
        version=case.version,
    )
    begun_anew(road, case)
    assert {one.state for one in case.tasks[:-1]} == {TaskState.DONE, TaskState.CANCELLED}
    assert sound(road, case)


def test_what_was_decided_before_it_began_anew_is_not_taken_back_and_may_be_withdrawn(
    road: Road, case: ChangeRequest
) -> None:
    first = next(one for one in case.tasks if one.step == "in_registrar")
    road.approve(case)
    assert not may_be_withdrawn(road.session, case)
    begun_anew(road, case)
    with pytest.raises(NothingToRecall):
        recall(road.session, road.officer(first), first.id, version=case.version)
    road.session.rollback()
    assert may_be_withdrawn(road.session, case)


def test_the_registrar_of_the_school_at_which_it_began_anew_revokes_it(road: Road) -> None:
    case = road.applied(until="out_registrar")
    school = another_school(road, "410327")
    tick(road, case, FormField.SCHOOL)
    fill_in(road, case, to_school_id=school.id)
    with clock.freeze(clock.now() + timedelta(minutes=1)):
        resubmit(road.session, road.guardian, case.id)
    with pytest.raises(NotWhereItBegan):
        revoke(road.session, road.officers[road.releasing.id, Role.REGISTRAR], case.id, reason="不再转学")
    road.session.rollback()
    revoke(road.session, road.officers[school.id, Role.REGISTRAR], case.id, reason="不再转学")
    assert road.state_of(case) == CaseState.REVOKED


def test_the_whole_case_has_its_time_again(road: Road, case: ChangeRequest) -> None:
    before = case.due_on
    work_off(road.session)
    with clock.freeze(clock.now() + timedelta(days=14)):
        begun_anew(road, case)
        assert case.due_on >= before + timedelta(days=14)
        assert sound(road, case)


def test_a_case_that_another_province_decides_too_is_corrected_in_its_note_alone() -> None:
    case = ChangeRequest(seats={"外省": 1}, form={"schooling_years": None})
    require_correctable(case, [FormField.NOTE])
    with pytest.raises(FieldNotListed):
        require_correctable(case, [FormField.GRADE])


def test_who_submits_it_twice_has_done_so_once(road: Road, case: ChangeRequest) -> None:
    begun_anew(road, case)
    resubmit(road.session, road.guardian, case.id)
    assert [event.kind for event in case.events].count(EventKind.RESUBMITTED) == 1


def begun_anew(road: Road, case: ChangeRequest) -> Office:
    """Let the family name another school, which begins the case anew, and return it."""
    school = another_school(road, "410327")
    tick(road, case, FormField.SCHOOL)
    fill_in(road, case, to_school_id=school.id)
    resubmit(road.session, road.guardian, case.id)
    assert keys(road, case) == ["in_registrar:2"]
    return school


def a_job_proof(road: Road, case: ChangeRequest) -> None:
    paper = {"kind": PaperKind.JOB_MOVE_PROOF, "filename": "job.png", "data": A_PNG}
    hand_in(road.session, road.guardian, case.id, **paper)
