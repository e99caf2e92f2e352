"""A skipped grade and a work placement: what becomes of the record, and what stands beside it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.enums import PaperKind, Role
from tests.webapp.registry_numbers import a_registry_number
from tests.webapp.road import a_road
from tests.webapp.site import Site, said
from tests.webapp.small_kinds import PLACED, a_wish, approved, registrar_of
from webapp.services.changes.kinds.skip_grade import SkipGradeForm
from webapp.services.changes.school_records import placements_of
from webapp.services.changes.terms import semesters_since

pytestmark = pytest.mark.slow


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
        approved(road, [PaperKind.SKIP_GRADE_APPLICATION, PaperKind.STUDY_RESULTS])
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

    def test_are_unknown_before_the_first_term_on_record(self, session):
        present = a_road(session).student.enrolments[-1]
        assert semesters_since(session, present, date(2025, 2, 1), date(2025, 2, 16)) is None
