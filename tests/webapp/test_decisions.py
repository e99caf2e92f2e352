"""What officers do with their tasks, on the real database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    Account,
    ChangeRequest,
    Enrolment,
    Membership,
    Office,
    Outbox,
    SchoolPlaces,
    Student,
    Task,
    Timer,
)
from models.enums import (
    CaseState,
    EventKind,
    NoticeKind,
    Outcome,
    PaperKind,
    RegistryState,
    Role,
    Seat,
    Stage,
)
from tests.webapp.road import Road, a_road
from webapp import clock, errors
from webapp.policy import Person
from webapp.services import makers
from webapp.services.addressees import vacancies
from webapp.services.applications import resubmit, withdraw
from webapp.services.case_rows import lock_task
from webapp.services.decisions import decide, return_to_applicant
from webapp.services.eligibility import NotEligible
from webapp.services.papers import add_paper
from webapp.services.timers import fire_due


@pytest.fixture
def road(session: Session) -> Road:
    return a_road(session)


@pytest.fixture
def county_lead(road: Road, session: Session) -> Iterator[Person]:
    """The lead of the receiving county, above whom nobody is in office."""
    _others_leave(session, road)
    lead = makers.an_officer(session, _superior_of(session, road), Role.LEAD)
    session.commit()
    yield lead
    _leaves(session, lead)


def test_each_approval_hands_the_case_to_the_next_seat(road: Road) -> None:
    case = road.applied()
    asked = []
    while case.state == CaseState.IN_REVIEW:
        task = road.open_task(case)
        asked.append((task.seat, task.role))
        road.approve(case)
        road.session.refresh(case)
    assert asked == [
        (Seat.RECEIVING_SCHOOL, Role.REGISTRAR),
        (Seat.RECEIVING_SCHOOL, Role.LEAD),
        (Seat.RECEIVING_COUNTY, Role.HANDLER),
        (Seat.RELEASING_SCHOOL, Role.REGISTRAR),
        (Seat.RELEASING_SCHOOL, Role.LEAD),
        (Seat.RELEASING_COUNTY, Role.HANDLER),
    ]
    assert case.state == CaseState.COMPLETED


def test_the_last_approval_moves_the_student_once(road: Road) -> None:
    case = road.applied()
    assert road.approve(case, times=6) == CaseState.COMPLETED
    left, joined = road.session.scalars(
        select(Enrolment).where(Enrolment.student_id == road.student.id).order_by(Enrolment.id)
    )
    assert (left.school_id, left.ended_as) == (road.releasing.id, RegistryState.TRANSFERRED_OUT)
    assert (joined.school_id, joined.grade, joined.ended_on) == (road.receiving.id, 3, None)
    assert road.session.get_one(Student, road.student.id).version == 2


def test_a_task_is_due_ten_working_days_after_it_opened(road: Road) -> None:
    task = road.open_task(road.applied())
    assert (task.due_on, task.due_provisional) == (date(2025, 9, 24), False)
    assert road.session.get_one(Timer, task.id).due_at == datetime(2025, 9, 23, 8, tzinfo=clock.SHANGHAI)


def test_rejecting_ends_the_case_and_changes_no_record(road: Road) -> None:
    case = road.applied()
    road.approve_until(case, "out_county")
    task = road.open_task(case)
    state = decide(
        road.session,
        road.officer(task),
        task.id,
        outcome=Outcome.REJECT,
        version=case.version,
        opinion="学籍信息有误",
    )
    assert state == CaseState.REJECTED
    assert road.open_tasks(case) == []
    assert case.ended_at is not None
    assert road.session.get_one(Student, road.student.id).version == 1
    assert case.events[-1].kind == EventKind.REJECTED
    assert case.events[-1].payload["opinion"] == "学籍信息有误"


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_rejection_without_a_reason_is_refused(road: Road, reason: str) -> None:
    case = road.applied()
    task = road.open_task(case)
    with pytest.raises(errors.ReasonMissing):
        decide(
            road.session,
            road.officer(task),
            task.id,
            outcome=Outcome.REJECT,
            version=case.version,
            opinion=reason,
        )
    road.session.rollback()
    assert road.open_task(case).id == task.id


def test_an_officer_of_another_county_is_refused(road: Road) -> None:
    case = road.applied()
    task = road.approve_until(case, "in_county")
    stranger = road.officers[road.releasing.superior_id or 0, Role.HANDLER]
    with pytest.raises(errors.NotAllowed):
        decide(road.session, stranger, task.id, outcome=Outcome.APPROVE, version=case.version)


def test_the_right_office_in_the_wrong_role_is_refused(road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    lead = road.officers[road.receiving.id, Role.LEAD]
    with pytest.raises(errors.NotAllowed):
        decide(road.session, lead, task.id, outcome=Outcome.APPROVE, version=case.version)


def test_who_checked_may_not_also_review(road: Road, session: Session) -> None:
    case = road.applied()
    task = road.open_task(case)
    registrar = road.officer(task)
    account = _account(session, registrar.account_id)
    both = makers.an_officer(session, road.receiving, Role.LEAD, account=account)
    session.commit()
    road.approve(case)
    review = road.open_task(case)
    assert (asked(review), review.excluded_ids) == (
        (road.receiving.id, Role.LEAD, False),
        sorted({registrar.account_id, road.guardian.account_id}),
    )
    with pytest.raises(errors.DutiesSeparated):
        decide(session, both, review.id, outcome=Outcome.APPROVE, version=case.version)


def test_the_registrar_who_began_the_case_checks_it_but_does_not_review_it(
    road: Road, session: Session
) -> None:
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    colleague = makers.an_officer(session, road.receiving, Role.REGISTRAR)
    both = makers.an_officer(
        session, road.receiving, Role.LEAD, account=_account(session, registrar.account_id)
    )
    begun = replace(road, guardian=both)
    case = begun.applied()
    check = road.open_task(case)
    assert both.account_id not in check.excluded_ids
    decide(session, colleague, check.id, outcome=Outcome.APPROVE, version=case.version)
    review = road.open_task(case)
    assert {both.account_id, colleague.account_id} < {*review.excluded_ids}
    with pytest.raises(errors.DutiesSeparated, match="opened"):
        decide(session, both, review.id, outcome=Outcome.APPROVE, version=case.version)


def test_the_lead_who_stood_in_for_the_registrar_is_followed_by_the_countys_lead(
    road: Road, session: Session, county_lead: Person
) -> None:
    lead = road.officers[road.receiving.id, Role.LEAD]
    _leaves(session, road.officers[road.receiving.id, Role.REGISTRAR])
    case = road.applied()
    check = road.open_task(case)
    assert asked(check) == (road.receiving.id, Role.LEAD, True)
    decide(session, lead, check.id, outcome=Outcome.APPROVE, version=case.version)
    review = road.open_task(case)
    assert (review.seat_office_id, review.seat_role) == (road.receiving.id, Role.LEAD)
    assert asked(review) == (road.receiving.superior_id, Role.LEAD, True)
    decide(session, county_lead, review.id, outcome=Outcome.APPROVE, version=case.version)
    assert road.open_task(case).step == "in_county"


def test_the_pupils_parent_is_not_asked_though_he_is_the_only_handler(
    road: Road, session: Session, county_lead: Person
) -> None:
    handler = road.officers[road.receiving.superior_id or 0, Role.HANDLER]
    makers.a_guardian(session, road.student, account=_account(session, handler.account_id))
    case = road.applied()
    task = road.approve_until(case, "in_county")
    assert asked(task) == (road.receiving.superior_id, Role.LEAD, True)
    decide(session, county_lead, task.id, outcome=Outcome.APPROVE, version=case.version)
    assert road.open_task(case).step == "out_registrar"


def test_where_everybody_took_part_the_task_stays_at_its_seat_in_the_list_of_vacancies(
    road: Road, session: Session
) -> None:
    _others_leave(session, road)
    lead = road.officers[road.receiving.id, Role.LEAD]
    _leaves(session, road.officers[road.receiving.id, Role.REGISTRAR])
    case = road.applied()
    decide(session, lead, road.open_task(case).id, outcome=Outcome.APPROVE, version=case.version)
    review = road.open_task(case)
    assert asked(review) == (road.receiving.id, Role.LEAD, True)
    with pytest.raises(errors.DutiesSeparated):
        decide(session, lead, review.id, outcome=Outcome.APPROVE, version=case.version)
    listed = [(seat.office_id, seat.role) for seat in vacancies(session, road.receiving.id)]
    assert listed == [(road.receiving.id, Role.LEAD)]


def test_nobody_decides_on_their_own_child(road: Road, session: Session) -> None:
    case = road.applied()
    task = road.open_task(case)
    account = _account(session, road.officer(task).account_id)
    parent = makers.a_guardian(session, road.student, account=account)
    session.commit()
    with pytest.raises(errors.OwnChild):
        decide(session, parent, task.id, outcome=Outcome.APPROVE, version=case.version)


def test_an_unknown_task_is_told_apart_from_a_forbidden_one(road: Road) -> None:
    with pytest.raises(errors.NoSuchTask):
        decide(road.session, road.guardian, 999_999_999, outcome=Outcome.APPROVE, version=1)


def test_who_comes_second_reads_who_decided_and_when(road: Road) -> None:
    case = road.applied()
    task, version = road.open_task(case), case.version
    officer = road.officer(task)
    decide(road.session, officer, task.id, outcome=Outcome.APPROVE, version=version)
    with pytest.raises(errors.AlreadyDecided) as refused:
        decide(road.session, officer, task.id, outcome=Outcome.APPROVE, version=version)
    assert refused.value.facts["office"] == road.receiving.name


def test_of_two_officers_at_the_same_moment_one_decides(road: Road) -> None:
    case = road.applied()
    task, version = road.open_task(case), case.version
    officer, bind, info = road.officer(task), road.session.get_bind(), road.session.info

    def attempt(_number: int) -> str:
        with Session(bind, info=info) as own:
            try:
                return decide(own, officer, task.id, outcome=Outcome.APPROVE, version=version)
            except errors.Refusal as refusal:
                return type(refusal).__name__

    with ThreadPoolExecutor(8) as pool:
        results = sorted(pool.map(attempt, range(8)))
    assert results == ["AlreadyDecided"] * 7 + ["in_review"]
    road.session.expire_all()
    assert [event.kind for event in case.events] == [EventKind.OPENED, EventKind.DECIDED]


def test_a_page_that_grew_old_is_refused(road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    with pytest.raises(errors.CaseChanged):
        decide(road.session, road.officer(task), task.id, outcome=Outcome.APPROVE, version=case.version - 1)


def test_an_outcome_that_the_step_does_not_know_is_refused(road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    with pytest.raises(errors.UnknownOutcome):
        decide(road.session, road.officer(task), task.id, outcome=Outcome.ACKNOWLEDGE, version=case.version)


def test_what_was_returned_comes_back_to_who_returned_it(road: Road) -> None:
    case = road.applied()
    task = road.approve_until(case, "out_registrar")
    _return(road, task, case.version)
    road.session.refresh(case)
    assert case.state == CaseState.RETURNED
    assert road.open_tasks(case) == []

    add_paper(
        road.session,
        road.guardian,
        case,
        kind=PaperKind.PROOF_OF_RESIDENCE,
        filename="clear.png",
        data=b"\x89PNG\r\n\x1a\n clearer",
    )
    resubmit(road.session, road.guardian, case.id)
    assert [(again.id, again.step) for again in road.open_tasks(case)] == [(task.id, "out_registrar")]
    assert case.state == CaseState.IN_REVIEW


def test_a_return_wants_something_ticked_and_a_reason(road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    with pytest.raises(errors.NothingTicked):
        return_to_applicant(
            road.session, road.officer(task), task.id, items=[], reason="不清晰", version=case.version
        )
    road.session.rollback()
    with pytest.raises(errors.ReasonMissing):
        _return(road, task, case.version, reason=" ")


def test_a_returned_case_cannot_be_decided(road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    _return(road, task, case.version)
    with pytest.raises(errors.CaseReturned):
        decide(road.session, road.officer(task), task.id, outcome=Outcome.APPROVE, version=case.version)


def test_the_clock_stands_still_while_the_applicant_mends(road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    _return(road, task, case.version)
    with clock.freeze(clock.now() + timedelta(days=60)):
        add_paper(
            road.session,
            road.guardian,
            case,
            kind=PaperKind.PROOF_OF_RESIDENCE,
            filename="p.png",
            data=b"\x89PNG\r\n\x1a\n 2",
        )
        resubmit(road.session, road.guardian, case.id)
        again = road.open_task(case)
    assert again.due_on == date(2025, 11, 21)  # Sunday 9 November + the ten working days that were left
    assert road.session.get(Timer, task.id) is not None


def test_without_the_paper_that_was_asked_for_nothing_comes_back(road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    with clock.freeze(clock.now() + timedelta(hours=1)):
        _return(road, task, case.version)
        with pytest.raises(errors.FormIncomplete):
            resubmit(road.session, road.guardian, case.id)


def test_a_record_that_changed_meanwhile_is_not_overwritten(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case, times=5)
    session.execute(update(Student).where(Student.id == road.student.id).values(version=7, name="新名"))
    session.commit()
    with pytest.raises(errors.RecordChanged):
        road.approve(case)
    session.refresh(case)
    assert case.state == CaseState.RETURNED
    assert session.get_one(Student, road.student.id).version == 7
    resubmit(session, road.guardian, case.id)
    assert road.approve(case) == CaseState.COMPLETED


def test_a_return_for_papers_does_not_pass_over_a_changed_record(road: Road, session: Session) -> None:
    case = road.applied()
    task = road.approve_until(case, "out_registrar")
    _return(road, task, case.version)
    session.get_one(Student, road.student.id).move_to(RegistryState.SUSPENDED)
    session.commit()
    _mend(road, case)
    road.approve(case, times=2)
    with pytest.raises(errors.RecordChanged):
        road.approve(case)
    session.refresh(case)
    assert case.state == CaseState.RETURNED
    with pytest.raises(NotEligible) as refused:
        resubmit(session, road.guardian, case.id)
    assert [failure.rule for failure in refused.value.failed] == ["T-P4"]
    session.rollback()
    withdraw(session, road.guardian, case.id)
    assert session.get_one(Student, road.student.id).state == RegistryState.SUSPENDED


def test_a_pupil_who_moved_meanwhile_needs_a_new_application(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case, times=5)
    elsewhere = makers.a_school(session, "410324")
    session.execute(
        update(Enrolment).where(Enrolment.student_id == road.student.id).values(school_id=elsewhere.id)
    )
    session.get_one(Student, road.student.id).move_to(RegistryState.ENROLLED)
    session.commit()
    with pytest.raises(errors.RecordChanged):
        road.approve(case)
    with pytest.raises(errors.RecordMovedOn):
        resubmit(session, road.guardian, case.id)


def test_the_receiving_school_cannot_agree_without_a_free_place(road: Road, session: Session) -> None:
    session.add(SchoolPlaces(school_id=road.receiving.id, grade=3, capacity=0))
    session.commit()
    case = road.applied()
    with pytest.raises(NotEligible) as refused:
        road.approve(case)
    assert [failure.rule for failure in refused.value.failed] == ["T-P8"]


def test_one_free_place_is_given_away_once(road: Road, session: Session) -> None:
    session.add(SchoolPlaces(school_id=road.receiving.id, grade=3, capacity=1))
    session.commit()
    rival = _rival(road)
    first, second = road.applied(), rival.applied()
    road.approve(first, times=2)
    with pytest.raises(NotEligible):
        rival.approve(second)


def test_the_last_place_is_given_once_though_two_leads_agree_at_once(road: Road, session: Session) -> None:
    session.add(SchoolPlaces(school_id=road.receiving.id, grade=3, capacity=1))
    session.commit()
    rival = _rival(road)
    cases = [road.applied(), rival.applied()]
    for each, case in zip((road, rival), cases, strict=True):
        each.approve(case)
    asked = [(road.open_task(case), case.version) for case in cases]
    bind, info, lead = session.get_bind(), session.info, road.officers[road.receiving.id, Role.LEAD]
    tasks = [(task.id, version) for task, version in asked]
    session.rollback()

    def agree(task: tuple[int, int]) -> str:
        with Session(bind, info=info) as own:
            try:
                return decide(own, lead, task[0], outcome=Outcome.APPROVE, version=task[1])
            except errors.Refusal as refusal:
                return type(refusal).__name__

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(agree, tasks)) == ["NotEligible", "in_review"]


def test_a_timer_that_fires_and_a_decision_do_not_wait_for_each_other(road: Road, session: Session) -> None:
    case = road.applied()
    task, version = road.open_task(case), case.version
    task_id, officer = task.id, road.officer(task)
    with (
        clock.freeze(clock.now() + timedelta(days=60)),
        Session(session.get_bind(), info=session.info) as worker,
    ):
        assert lock_task(session, task_id) is not None
        assert fire_due(worker) > 0
        session.rollback()
        assert (
            decide(session, officer, task_id, outcome=Outcome.APPROVE, version=version) == CaseState.IN_REVIEW
        )


def test_filing_does_not_block_and_is_acknowledged(session: Session) -> None:
    road = a_fujian_road(session)
    case = road.applied()
    assert road.approve(case, times=2) == CaseState.COMPLETED
    (filing,) = road.open_tasks(case)
    assert (filing.seat, filing.blocking) == (Seat.RECEIVING_COUNTY, False)
    clerk = road.officer(filing)
    state = decide(session, clerk, filing.id, outcome=Outcome.ACKNOWLEDGE, version=case.version)
    assert state == CaseState.COMPLETED
    assert road.open_tasks(case) == []
    assert session.get_one(Student, road.student.id).version == 2


def test_a_filing_can_be_neither_approved_nor_rejected(session: Session) -> None:
    road = a_fujian_road(session)
    case = road.applied()
    road.approve(case, times=2)
    filing = road.open_task(case)
    for outcome in (Outcome.APPROVE, Outcome.REJECT):
        with pytest.raises(errors.UnknownOutcome):
            decide(
                session, road.officer(filing), filing.id, outcome=outcome, version=case.version, opinion="不"
            )
        session.rollback()


def test_a_decision_and_its_word_to_the_next_are_one_transaction(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case)
    task = road.open_task(case)
    told = session.scalars(
        select(Outbox).where(Outbox.change_request_id == case.id, Outbox.task_id == task.id)
    )
    assert [row.kind for row in told] == [NoticeKind.ARRIVED]


def test_a_stored_state_that_was_damaged_is_folded_anew(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case, times=3)
    session.execute(update(ChangeRequest).where(ChangeRequest.id == case.id).values(token=b"1 garbage"))
    session.commit()
    assert road.approve(case) == CaseState.IN_REVIEW
    assert road.open_task(case).step == "out_lead"


def test_a_seat_nobody_holds_is_answered_by_the_lead_above(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case)
    session.execute(
        update(Membership)
        .where(Membership.office_id == road.receiving.superior_id)
        .values(valid_to=date(2025, 1, 1))
    )
    city = makers.an_officer(session, _city_of(session, road), Role.LEAD)
    session.commit()
    road.approve(case)
    task = road.open_task(case)
    assert (task.seat_role, task.role, task.office_id, task.vacant) == (
        Role.HANDLER,
        Role.LEAD,
        city.posts[0].office_id,
        True,
    )
    assert (
        decide(session, city, task.id, outcome=Outcome.APPROVE, version=case.version) == CaseState.IN_REVIEW
    )
    session.execute(
        update(Membership).where(Membership.office_id == road.receiving.superior_id).values(valid_to=None)
    )
    session.commit()


def asked(task: Task) -> tuple[int, Role, bool]:
    return (task.office_id, task.role, task.vacant)


def a_fujian_road(session: Session) -> Road:
    number = f"25{next(_serials):08d}"
    return a_road(
        session,
        releasing_in="350102",
        receiving_in="350203",
        stage=Stage.VOCATIONAL,
        grade=1,
        number=number,
    )


_serials = count(1)


def _return(road: Road, task: Task, version: int, *, reason: str = "材料不清晰") -> None:
    items = [PaperKind.PROOF_OF_RESIDENCE]
    return_to_applicant(
        road.session, road.officer(task), task.id, items=items, reason=reason, version=version
    )


def _mend(road: Road, case: ChangeRequest) -> None:
    kind = PaperKind.PROOF_OF_RESIDENCE
    add_paper(road.session, road.guardian, case, kind=kind, filename="p.png", data=b"\x89PNG\r\n\x1a\n 2")
    resubmit(road.session, road.guardian, case.id)


def _rival(road: Road) -> Road:
    """Another family that wants the same place."""
    student = makers.a_student(road.session, road.releasing, entered=date(2024, 9, 1))
    guardian = makers.a_guardian(road.session, student)
    road.session.commit()
    return replace(road, student=student, guardian=guardian)


def _account(session: Session, account_id: int) -> Account:
    return session.get_one(Account, account_id)


def _leaves(session: Session, officer: Person) -> None:
    session.execute(
        update(Membership)
        .where(Membership.account_id == officer.account_id)
        .values(valid_to=date(2025, 1, 1))
    )
    session.commit()


def _others_leave(session: Session, road: Road) -> None:
    """The bureaus above the receiving school keep the road's own officers only."""
    session.execute(
        update(Membership)
        .where(
            Membership.office_id.in_(road.receiving.path[:-1]),
            Membership.account_id.not_in([officer.account_id for officer in road.officers.values()]),
        )
        .values(valid_to=date(2025, 1, 1))
    )
    session.commit()


def _superior_of(session: Session, road: Road) -> Office:
    return session.get_one(Office, road.receiving.superior_id)


def _city_of(session: Session, road: Road) -> Office:
    return session.get_one(Office, road.receiving.path[-3])
