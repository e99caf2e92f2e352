"""Another province's part in a transfer (外省), where only one of the two schools is served here."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Enrolment, Student, StudentOverlay
from models.enums import CaseState, EventKind, Outcome, OverlayKind, RegistryState, Role, TransferReason
from tests.webapp.road import Road, a_road, fill_seats, terms
from tests.webapp.test_newcomers import a_newcomer
from webapp import clock, errors
from webapp.services import makers
from webapp.services.addressees import reroute_all, vacancies
from webapp.services.context import settings_of
from webapp.services.corrections import resubmit
from webapp.services.newcomers import NothingToCorrect, correct, enter
from webapp.services.offices import create_school
from webapp.services.outside import (
    Code,
    Evidence,
    NotForOutside,
    NothingToValidate,
    answer,
    answer_by_hand,
    open_mirrored,
    refuse_validation,
    validate,
)
from webapp.services.transfers import TransferForm
from webapp.services.verification import verify

AT_FIRST = 3  # approvals of the receiving side: the school's two, the county's


def told() -> Evidence:
    return Evidence("成都市锦江区教育局 王老师", clock.now(), "川教函〔2025〕12号")


@pytest.fixture
def here(session: Session) -> Session:
    """A session on a deployment that serves Henan alone."""
    session.info["settings"] = settings_of(session).model_copy(update={"provinces": ("41",)})
    terms(session)
    return session


@pytest.fixture
def inbound(here: Session) -> Road:
    """A family's transfer from a school in Sichuan to one in Song county."""
    account = makers.an_account(here, "家长")
    student = enter(here, makers.person_of(here, account), a_newcomer())
    releasing = here.scalars(select(Enrolment).where(Enrolment.student_id == student.id)).one().school
    receiving = makers.a_school(here, "410325")
    form = TransferForm(receiving.id, 4, TransferReason.HOUSEHOLD_MOVE)
    road = Road(here, student, makers.person_of(here, account), releasing, receiving, form)
    fill_seats(road)
    here.commit()
    return road


@pytest.fixture
def asked(inbound: Road) -> ChangeRequest:
    """The same, agreed to by our side: the platform is asked."""
    case = inbound.applied()
    inbound.approve(case, times=AT_FIRST)
    return case


@pytest.fixture
def partner(here: Session) -> Account:
    """The account that stands for the other province's platform."""
    account = makers.an_account(here, "四川省学籍平台")
    here.commit()
    return account


def open_step(road: Road, case: ChangeRequest) -> str:
    return road.open_task(case).step


def test_the_other_provinces_task_is_nobodys_here_and_no_vacancy(inbound, asked, here) -> None:
    task = inbound.open_task(asked)
    assert (task.step, task.seat, task.role, task.vacant) == ("validation", "外省", Role.COUNTERPART, False)
    assert task.id not in reroute_all(here, clock.today())
    assert vacancies(here, task.office_id) == []


def test_a_transfer_from_another_province_ends_with_the_child_at_the_school_here(
    inbound, asked, partner, here
) -> None:
    for step in ("validation", "outside_releasing"):
        task = inbound.open_task(asked)
        assert task.step == step
        answer(here, task.id, outcome=Outcome.APPROVE, actor_id=partner.id, evidence=told())
        here.commit()
    assert open_step(inbound, asked) == "file_pull"
    assert inbound.approve(asked) == CaseState.COMPLETED
    records = here.scalars(
        select(Enrolment).where(Enrolment.student_id == inbound.student.id).order_by(Enrolment.id)
    ).all()
    assert [(each.school_id, each.ended_as) for each in records] == [
        (inbound.releasing.id, RegistryState.TRANSFERRED_OUT),
        (inbound.receiving.id, None),
    ]


def test_what_the_other_province_answered_is_in_the_history_with_who_told_it(
    inbound, asked, partner, here, tmp_path
) -> None:
    answer(here, inbound.open_task(asked).id, outcome=Outcome.APPROVE, actor_id=partner.id, evidence=told())
    here.commit()
    here.refresh(asked)
    event = asked.events[-1]
    assert (event.kind, event.actor_id, event.office_id) == (EventKind.DECIDED, partner.id, None)
    assert event.payload["evidence"]["told_by"] == "成都市锦江区教育局 王老师"
    here.rollback()
    assert verify(here, settings_of(here).audit_key, tmp_path) == []


def test_a_rejection_elsewhere_ends_the_case_here_with_its_reason(inbound, asked, partner, here) -> None:
    answer(here, inbound.open_task(asked).id, outcome=Outcome.APPROVE, actor_id=partner.id, evidence=told())
    task = inbound.open_task(asked)
    with pytest.raises(errors.ReasonMissing):
        answer(here, task.id, outcome=Outcome.REJECT, actor_id=partner.id, evidence=told())
    here.rollback()
    task = inbound.open_task(asked)
    answer(here, task.id, outcome=Outcome.APPROVE, actor_id=partner.id, evidence=told())
    task = inbound.open_task(asked)
    state = answer(
        here, task.id, outcome=Outcome.REJECT, actor_id=partner.id, evidence=told(), reason="处分未撤销"
    )
    assert state == CaseState.REJECTED


def test_what_the_platform_found_goes_back_and_is_validated_again(inbound, asked, partner, here) -> None:
    task = inbound.open_task(asked)
    codes = [Code.DATA_WRONG, Code.BUSINESS_OPEN]
    refuse_validation(here, task.id, codes, actor_id=partner.id, evidence=told())
    here.commit()
    assert inbound.state_of(asked) == CaseState.RETURNED
    resubmit(here, inbound.guardian, asked.id)
    assert open_step(inbound, asked) == "validation"


def test_name_and_number_are_corrected_in_place_and_the_case_goes_on(inbound, asked, partner, here) -> None:
    task = inbound.open_task(asked)
    refuse_validation(here, task.id, [Code.DATA_WRONG], actor_id=partner.id, evidence=told())
    here.commit()
    correct(here, inbound.guardian, asked.id, "林晓禾", inbound.student.registry_number)
    resubmit(here, inbound.guardian, asked.id)
    for _ in ("validation", "outside_releasing"):
        task = inbound.open_task(asked)
        answer(here, task.id, outcome=Outcome.APPROVE, actor_id=partner.id, evidence=told())
        here.commit()
    assert inbound.approve(asked) == CaseState.COMPLETED
    assert here.get_one(Student, inbound.student.id).name == "林晓禾"


def test_name_and_number_are_not_changed_unless_the_platform_found_them_wrong(
    inbound, asked, partner, here
) -> None:
    number = inbound.student.registry_number
    with pytest.raises(NothingToCorrect):
        correct(here, inbound.guardian, asked.id, "林晓禾", number)
    here.rollback()
    task = inbound.open_task(asked)
    refuse_validation(here, task.id, [Code.BUSINESS_OPEN], actor_id=partner.id, evidence=told())
    here.commit()
    with pytest.raises(NothingToCorrect):
        correct(here, inbound.guardian, asked.id, "林晓禾", number)


def test_only_the_validation_is_answered_with_codes(inbound, asked, partner, here) -> None:
    answer(here, inbound.open_task(asked).id, outcome=Outcome.APPROVE, actor_id=partner.id, evidence=told())
    task = inbound.open_task(asked)
    with pytest.raises(NothingToValidate):
        refuse_validation(here, task.id, [Code.PROBLEM_OPEN], actor_id=partner.id, evidence=told())


def test_no_other_province_decides_a_step_of_an_office_here(inbound, partner, here) -> None:
    case = inbound.applied()
    with pytest.raises(NotForOutside):
        answer(
            here, inbound.open_task(case).id, outcome=Outcome.APPROVE, actor_id=partner.id, evidence=told()
        )


def by_hand(road: Road, case: ChangeRequest, officer, **given) -> None:
    answer_by_hand(
        road.session,
        officer,
        road.open_task(case).id,
        outcome=Outcome.APPROVE,
        version=case.version,
        evidence=told(),
        **given,
    )


def test_an_officer_of_the_case_writes_down_what_he_was_told(inbound, asked, here) -> None:
    officer = inbound.officers[inbound.receiving.id, Role.REGISTRAR]
    by_hand(inbound, asked, officer)
    here.refresh(asked)
    assert (asked.events[-1].actor_id, asked.events[-1].office_id) == (
        officer.account_id,
        inbound.receiving.id,
    )
    assert open_step(inbound, asked) == "outside_releasing"


def test_an_officer_writes_down_codes_too(inbound, asked) -> None:
    by_hand(inbound, asked, inbound.officers[inbound.receiving.id, Role.REGISTRAR], codes=[Code.PROBLEM_OPEN])
    assert inbound.state_of(asked) == CaseState.RETURNED


def test_nobody_else_writes_down_what_another_province_said(inbound, asked, here) -> None:
    elsewhere = makers.an_officer(here, makers.a_school(here, "410324"), Role.REGISTRAR)
    for person in (elsewhere, inbound.guardian):
        with pytest.raises(errors.NotAllowed):
            by_hand(inbound, asked, person)
        here.rollback()


def test_who_was_told_it_must_be_said(inbound, asked, here) -> None:
    officer = inbound.officers[inbound.receiving.id, Role.REGISTRAR]
    with pytest.raises(errors.ReasonMissing):
        answer_by_hand(
            here,
            officer,
            inbound.open_task(asked).id,
            outcome=Outcome.APPROVE,
            version=asked.version,
            evidence=Evidence(" ", clock.now(), ""),
        )


# ---- the other way round: a child of ours is asked for ----


@pytest.fixture
def outbound(here: Session) -> Road:
    """A pupil of a school here whom a school in Sichuan asks for."""
    road = a_road(here)
    receiving = create_school(
        here,
        name="锦江中学",
        division_code="510104",
        stage=road.releasing.stage,
        run_by=road.releasing.level,
        valid_from=date(2020, 1, 1),
    )
    road.receiving, road.form = receiving, TransferForm(receiving.id, 3, TransferReason.HOUSEHOLD_MOVE)
    fill_seats(road)
    here.commit()
    return road


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
    state = answer(here, task.id, outcome=Outcome.APPROVE, actor_id=partner.id, evidence=told())
    here.commit()
    assert state == CaseState.COMPLETED
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
