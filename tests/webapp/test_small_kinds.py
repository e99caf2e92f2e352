"""A skipped grade, a proof of graduation, a work placement: what stands beside the record, and who still finds it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, Student, Term
from models.enums import (
    CaseState,
    Newspaper,
    OfficeLevel,
    PaperKind,
    RegistryState,
    Role,
    Stage,
    WithdrawalReason,
)
from tests.webapp.registry_numbers import a_registry_number
from tests.webapp.road import Road, a_road, fill_seats
from tests.webapp.site import Site, said
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.cases.applications import submit
from webapp.services.cases.drafts import forget_drafts
from webapp.services.cases.families import children_of, find_record, record_for
from webapp.services.changes import profiles
from webapp.services.changes.change import ChangeForm
from webapp.services.changes.eligibility import NotEligible
from webapp.services.changes.kinds.duplicate_diploma import DuplicateDiplomaForm
from webapp.services.changes.kinds.placement import PlacementForm
from webapp.services.changes.kinds.skip_grade import SkipGradeForm
from webapp.services.changes.kinds.withdrawal import WithdrawalForm
from webapp.services.changes.school_records import (
    RecordLocked,
    Semester,
    keep_semester,
    placements_of,
    proofs_of,
)
from webapp.services.changes.terms import semesters_since

pytestmark = pytest.mark.slow

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


class TestAGraduate:
    def test_is_issued_a_proof_by_the_authority_of_the_school_and_stays_a_graduate(self, session):
        road = a_graduate(session)
        case = approved(road, OF_A_PROOF)
        (proof,) = proofs_of(session, road.student.id)
        assert case.state == CaseState.COMPLETED
        assert (proof.issued_on, proof.change_request_id) == (clock.today(), case.id)
        assert (proof.issued_by.level, proof.issued_by.division_code) == (OfficeLevel.COUNTY, "410323")
        assert road.student.state == RegistryState.GRADUATED
        with pytest.raises(NotEligible, match="DP-ONCE"):
            submit(session, road.guardian, road.draft(*OF_A_PROOF).id)

    def test_of_a_city_school_is_issued_it_by_the_city(self, session):
        road = a_graduate(session, OfficeLevel.CITY)
        approved(road, OF_A_PROOF)
        assert proofs_of(session, road.student.id)[0].issued_by.level == OfficeLevel.CITY

    def test_is_found_by_family_and_school_with_the_last_enrolment(self, session):
        road = a_graduate(session)
        last = road.student.enrolments[-1]
        assert [child.record for child in children_of(session, road.guardian)] == [last]
        assert record_for(session, road.guardian, road.student.id) is last
        found = (registrar_of(road), str(road.student.registry_number), road.student.name)
        assert find_record(session, *found, graduates=True) is last
        with pytest.raises(errors.NoSuchStudent):
            find_record(session, *found)  # as a school that asks for a transfer looks for him

    @pytest.mark.parametrize("state", [RegistryState.WITHDRAWN, RegistryState.TRANSFERRED_OUT])
    def test_whoever_has_left_otherwise_is_not(self, session, state):
        road = a_graduate(session)
        leave(road, state)
        assert [child.record for child in children_of(session, road.guardian)] == [None]
        with pytest.raises(errors.NoSuchStudent):
            record_for(session, road.guardian, road.student.id)

    def test_who_is_at_another_school_by_now_is_found_there(self, session):
        road = a_graduate(session)
        present = another_enrolment(road, road.receiving.id, None)
        road.student.state = RegistryState.ENROLLED
        session.commit()
        assert record_for(session, road.guardian, road.student.id).id == present.id

    def test_who_has_left_that_school_too_is_not(self, session):
        road = a_graduate(session)
        another_enrolment(road, road.receiving.id, RegistryState.WITHDRAWN)
        with pytest.raises(errors.NoSuchStudent):
            record_for(session, road.guardian, road.student.id)

    def test_keeps_the_draft_for_a_proof_and_no_other(self, session):
        road = a_graduate(session)
        draft = road.draft(*OF_A_PROOF)
        leave(road, RegistryState.GRADUATED)
        other = replace(road, form=WithdrawalForm(WithdrawalReason.VOLUNTARY)).draft()
        kept, gone = draft.id, other.id
        forget_drafts(session)
        session.commit()
        session.expunge_all()
        assert session.get(ChangeRequest, kept) is not None
        assert session.get(ChangeRequest, gone) is None

    def test_has_a_record_that_nobody_changes_directly(self, session):
        road = a_graduate(session)
        last, registrar = road.student.enrolments[-1], registrar_of(road)
        with pytest.raises(RecordLocked):
            profiles.edit(session, registrar, last, profiles.EDITABLE[0], "汉族")
        with pytest.raises(RecordLocked):
            keep_semester(session, registrar, last, Semester(truant_hours=3))

    def test_is_shown_to_his_school_without_forms(self, site: Site, session):
        road = a_graduate(session)
        school = site.visitor(registrar_of(road))
        answer = school.post("/students", number=road.student.registry_number, name=road.student.name)
        assert answer.location == f"/students/{road.student.id}"
        page = school.reads(answer.location)
        assert "Apply for a proof of graduation" in page
        assert "Change it" not in page
        assert "Keep it" not in page
        sent = school.post(f"{answer.location}/edit", field="ethnicity", to="汉族")
        assert (sent.status_code, "the record is locked" in said(sent)) == (409, True)

    def test_whose_record_has_changed_meanwhile_has_to_confirm_it(self, session):
        road = a_graduate(session)
        fill_seats(road)
        session.commit()
        case = submit(session, road.guardian, road.draft(*OF_A_PROOF).id)
        road.approve(case, times=2)
        session.execute(update(Student).where(Student.id == road.student.id).values(name="林又青"))
        session.commit()
        with pytest.raises(errors.RecordChanged):
            road.approve(case)
        assert proofs_of(session, road.student.id) == []


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


class TestAPlacement:
    def test_stands_beside_the_record_with_the_day_of_its_report(self, session):
        road = a_wish(session, PLACED, "voc-shiyan-2015")
        case = approved(road, [PaperKind.PLACEMENT_APPLICATION], by=registrar_of(road))
        (placed,) = placements_of(session, road.student.id)
        assert (placed.employer, placed.place, placed.change_request_id) == ("东风公司", "十堰市", case.id)
        assert (placed.starts_on, placed.ends_on) == (PLACED.starts_on, PLACED.ends_on)
        assert placed.report_due_on == PLACED.ends_on + timedelta(days=7)
        (report,) = road.open_tasks(case)
        assert (report.step, report.blocking, report.seat_role) == ("report", False, Role.REGISTRAR)

    def test_is_shown_on_the_students_page(self, site: Site, session):
        road = a_wish(session, PLACED, "voc-shiyan-2015")
        approved(road, [PaperKind.PLACEMENT_APPLICATION], by=registrar_of(road))
        page = site.visitor(registrar_of(road)).reads(f"/students/{road.student.id}")
        assert "2025-10-08 – 2026-01-20 · 东风公司 · 十堰市" in page
        assert "report on it is due by 2026-01-27" in page

    def test_that_ends_before_it_begins_is_told_beside_the_field(self, site: Site, session):
        road = a_wish(session, PLACED, "voc-shiyan-2015")
        answer = site.visitor(registrar_of(road)).post(
            f"/children/{road.student.id}/placement",
            employer="东风公司",
            place="十堰市",
            starts_on="2025-10-08",
            ends_on="2025-10-07",
        )
        assert (answer.status_code, "The placement ends before it begins." in said(answer)) == (422, True)


class TestASkippedGrade:
    def test_leaves_the_number_and_a_class_yet_to_be_given(self, session):
        road = replace(a_road(session, number=a_registry_number()), form=SkipGradeForm(4))
        last = road.student.enrolments[-1]
        last.class_name = "三年级1班"
        number = road.student.registry_number
        approved(road, [PaperKind.SKIP_GRADE_APPLICATION])
        session.refresh(last)
        session.refresh(road.student)
        assert (last.grade, last.class_name, road.student.registry_number) == (4, None, number)


class TestSemestersSinceTheEntry:
    def test_are_counted_where_the_terms_on_record_begin_within_a_month_of_it(self, session):
        road = a_road(session)  # terms open on 17 February and 1 September 2025
        present = road.student.enrolments[-1]
        finished = {
            joined: semesters_since(session, present, joined, date(2025, 9, 10))
            for joined in (date(2025, 1, 16), date(2025, 1, 17), date(2025, 2, 17), date(2025, 9, 1))
        }
        assert [*finished.values()] == [None, 1, 1, 0]

    def test_are_unknown_without_terms(self, session):
        road = a_road(session)
        session.query(Term).delete()
        assert semesters_since(session, road.student.enrolments[-1], date(2025, 2, 17), clock.today()) is None
        session.rollback()
