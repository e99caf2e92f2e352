"""What a family does with its application, on the real database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox, StudentOverlay, Timer
from models.enums import CaseState, EventKind, NoticeKind, OverlayKind, PaperKind, Stage
from tests.webapp.road import A_PNG, Road, a_road
from webapp import clock, errors
from webapp.services.cases.applications import save_draft, submit
from webapp.services.cases.corrections import withdraw
from webapp.services.changes.eligibility import NotEligible
from webapp.services.demo import makers
from webapp.services.papers.files import add_paper, content, current_papers


def test_an_application_gets_a_number_and_a_first_task(road: Road) -> None:
    case = road.applied()
    assert case.number is not None
    assert case.number.startswith("ZX-202509-410325-")
    assert road.open_task(case).step == "in_registrar"
    assert [event.kind for event in case.events] == [EventKind.OPENED]


def test_numbers_of_a_month_and_division_leave_no_gap(session: Session) -> None:
    serials = [int(str(a_road(session).applied().number)[-5:]) for _ in range(3)]
    assert serials == [serials[0], serials[0] + 1, serials[0] + 2]


def test_somebody_elses_child_is_refused(road: Road, session: Session) -> None:
    stranger = makers.a_guardian(session, makers.a_student(session, road.releasing))
    with pytest.raises(errors.NotYourChild):
        save_draft(session, stranger, road.student.id, road.form)


def test_submitting_twice_makes_one_case(road: Road) -> None:
    draft = road.draft()
    first, second = (
        submit(road.session, road.guardian, draft.id),
        submit(road.session, road.guardian, draft.id),
    )
    assert (first.id, first.number) == (second.id, second.number)
    assert len(road.open_tasks(first)) == 1


def test_two_parents_at_the_same_moment_open_one_case(road: Road, session: Session) -> None:
    other = makers.a_guardian(session, road.student)
    session.commit()
    drafts = [(road.guardian, road.draft().id), (other, replace(road, guardian=other).draft().id)]
    bind, info = session.get_bind(), session.info

    def attempt(draft: tuple[object, int]) -> str:
        with Session(bind, info=info) as own:
            try:
                return submit(own, draft[0], draft[1]).state  # type: ignore[arg-type]
            except errors.Refusal as refusal:
                return type(refusal).__name__

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(attempt, drafts))
    assert results in (["AnotherCaseOpen", "in_review"], ["NotEligible", "in_review"])


def test_all_failed_rules_are_told_together(session: Session) -> None:
    road = a_road(session, receiving_in="410323", stage=Stage.SENIOR_HIGH)
    session.add(
        StudentOverlay(
            student_id=road.student.id, kind=OverlayKind.PROBLEM, note="重号", started_at=clock.now()
        )
    )
    makers.a_sanction(session, road.student)
    session.commit()
    with pytest.raises(NotEligible) as refused:
        road.applied()
    told = {failure.rule: failure for failure in refused.value.failed}
    assert set(told) == {"H2", "T-P2", "T-P5", "T-P10"}
    assert road.releasing.name in told["H2"].message_zh
    assert all(failure.source and failure.message_en for failure in told.values())


def test_what_the_nation_warns_of_and_a_province_forbids_is_told_once_as_forbidden(road: Road) -> None:
    with pytest.raises(NotEligible) as refused:
        replace(road, form=replace(road.form, grade=9)).applied()
    assert [(failure.rule, failure.severity) for failure in refused.value.failed] == [("T-P6", "block")]


def test_open_business_is_named_in_the_refusal(road: Road) -> None:
    case = road.applied()
    with pytest.raises(NotEligible) as refused:
        road.applied()
    assert str(case.number) in refused.value.failed[0].message_zh


def test_a_refused_application_leaves_nothing_behind_but_its_draft(session: Session) -> None:
    road = a_road(session, receiving_in="410323", stage=Stage.SENIOR_HIGH)
    draft = road.draft()
    with pytest.raises(NotEligible):
        submit(session, road.guardian, draft.id)
    session.rollback()
    session.refresh(draft)
    assert (draft.state, draft.number, draft.event_count) == (CaseState.DRAFT, None, 0)


def test_a_missing_required_paper_is_named(road: Road) -> None:
    draft = save_draft(road.session, road.guardian, road.student.id, road.form)
    with pytest.raises(errors.FormIncomplete, match=PaperKind.PROOF_OF_RESIDENCE):
        submit(road.session, road.guardian, draft.id)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", errors.PaperEmpty),
        (b"GIF89a not one of ours", errors.PaperOfWrongType),
        (b"<html>%PDF-</html>", errors.PaperOfWrongType),
        (A_PNG + b"0" * 2 * 1024**2, errors.PaperTooLarge),
    ],
)
def test_a_paper_that_is_no_paper_is_refused(road: Road, data: bytes, refusal: type[Exception]) -> None:
    draft = road.draft()
    before = current_papers(road.session, draft.id)
    with pytest.raises(refusal):
        add_paper(
            road.session,
            road.guardian,
            draft,
            kind=PaperKind.PROOF_OF_RESIDENCE,
            filename="scan.png",
            data=data,
        )
    assert current_papers(road.session, draft.id) == before


def test_a_paper_of_the_same_kind_replaces_the_earlier_one(road: Road) -> None:
    draft = road.draft(PaperKind.PROOF_OF_RESIDENCE)
    newer = A_PNG + b"newer"
    add_paper(
        road.session,
        road.guardian,
        draft,
        kind=PaperKind.PROOF_OF_RESIDENCE,
        filename="again.png",
        data=newer,
    )
    (paper,) = current_papers(road.session, draft.id)
    assert content(road.session, paper) == newer


def test_an_application_is_withdrawn_before_an_authority_decided(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case, times=2)
    withdraw(session, road.guardian, case.id)
    assert case.state == CaseState.WITHDRAWN
    assert road.open_tasks(case) == []
    timers = select(func.count()).select_from(Timer).where(Timer.task_id.in_([t.id for t in case.tasks]))
    assert session.scalar(timers) == 0
    assert case.events[-1].kind == EventKind.WITHDRAWN


def test_after_an_authoritys_decision_it_cannot_be_withdrawn(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case, times=3)
    with pytest.raises(errors.DecisionTaken):
        withdraw(session, road.guardian, case.id)


def test_a_case_that_is_returned_is_withdrawn_though_an_authority_has_decided(
    road: Road, session: Session
) -> None:
    """Domain 3.0.1: what has to be corrected, perhaps nobody can."""
    case = road.applied()
    road.approve(case, times=3)
    road.send_back(case)
    withdraw(session, road.guardian, case.id)
    assert road.state_of(case) == CaseState.WITHDRAWN


def test_finished_business_cannot_be_withdrawn(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case, times=6)
    with pytest.raises(errors.CaseEnded):
        withdraw(session, road.guardian, case.id)


def test_a_withdrawn_application_makes_room_for_a_new_one(road: Road, session: Session) -> None:
    withdraw(session, road.guardian, road.applied().id)
    assert road.applied().state == CaseState.IN_REVIEW


def test_an_application_is_told_to_the_family_and_to_the_first_officer(road: Road, session: Session) -> None:
    case = road.applied()
    kinds = session.scalars(select(Outbox.kind).where(Outbox.change_request_id == case.id))
    assert sorted(kinds) == sorted([NoticeKind.SUBMITTED, NoticeKind.ARRIVED])


def test_a_deadline_beyond_the_loaded_calendar_never_blocks_a_parent(session: Session) -> None:
    with clock.freeze(clock.now().replace(2026, 12, 17)):
        makers.a_term(session, date(2026, 12, 1), date(2027, 1, 20))
        road = a_road(session)
        task = road.open_task(road.applied())
    assert (task.due_on.year, task.due_provisional) == (2026, True)


def test_the_case_remembers_what_it_was_opened_on(road: Road, session: Session) -> None:
    case = road.applied()
    opened = case.events[0].payload["case"]
    assert opened["number"] == case.number
    assert opened["to_school_id"] == road.receiving.id
    assert case.facts["distance"] == "same_city"
    assert session.get_one(ChangeRequest, case.id).record_version == road.student.version
