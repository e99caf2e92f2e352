"""Lists of new students (新生花名册): from a spreadsheet through the offices onto the roll (domain 3.8.1, 4.4)."""

from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from models import RosterLine, Student
from models.enums import CaseState, OtherRoll, OverlayKind, RegistryState, Role, Stage, TaskState
from tests.webapp.rosters import A_SECOND, AUTUMN, a_listing, a_row
from webapp import clock
from webapp.errors import NotAllowed
from webapp.services import rounds
from webapp.services.cases.decisions import decide
from webapp.services.cases.inbox import open_tasks
from webapp.services.demo import makers
from webapp.services.registry.identities import identity_number_of
from webapp.services.rosters import sending
from webapp.services.rosters.following import lists_waiting, roster_for
from webapp.services.rosters.listing import NothingListed, NotYourSchool, RowsWrong
from webapp.services.rosters.rows import COLUMNS, NEEDED
from webapp.services.rosters.sending import send
from webapp.services.rosters.spreadsheets import (
    ColumnsMissing,
    SpreadsheetTooLong,
    SpreadsheetUnreadable,
    empty_sheet,
    read_rows,
)

SHIYAN = "voc-shiyan-2015"


def told(listing, roster) -> dict[str, str | None]:
    """Why each student of a list is not submitted, by name."""
    lines = listing.session.scalars(select(RosterLine).where(RosterLine.roster_id == roster.id))
    return {line.name: line.told["name"] if line.told else None for line in lines}


def sent(listing, *rows):
    roster = listing.listed(*rows)
    send(listing.session, listing.registrar, roster.id)
    rounds.work_off(listing.session)
    return roster


class TestListing:
    def test_who_is_listed_is_admitted_and_has_no_number_yet(self, session) -> None:
        listing = a_listing(session)
        roster = listing.listed(a_row("林一"), a_row("林二", 学制="5", 民族="回族"))
        one, two = (line.student for line in roster.lines)
        assert (one.state, one.registry_number, one.enrolments[0].entered_on) == (
            RegistryState.ADMITTED,
            None,
            AUTUMN,
        )
        assert identity_number_of(session, one).startswith("990101")
        assert (two.enrolments[0].schooling_years, two.ethnicity) == (5, "回族")

    def test_nothing_is_listed_while_one_row_is_not_right(self, session) -> None:
        listing = a_listing(session)
        wrong = a_row("林四") | {"身份证件号": "990101200801150016"}
        with pytest.raises(RowsWrong) as refused:
            listing.listed(a_row("林三"), wrong, a_row("", 性别="女性", 学制="9"))
        assert [
            (row.number, [type(fault).__name__ for fault in row.faults]) for row in refused.value.rows
        ] == [
            (3, ["IdentityNumberMistyped"]),
            (4, ["NotFilledIn", "NotAmong", "YearsOutOfRange"]),
        ]
        assert session.scalar(select(Student).where(Student.name == "林三")) is None

    def test_an_empty_list_is_none(self, session) -> None:
        with pytest.raises(NothingListed):
            a_listing(session).listed()

    def test_only_its_own_registrar_lists_the_students_of_a_school(self, session) -> None:
        listing, other = a_listing(session), a_listing(session)
        listing.registrar = other.registrar
        with pytest.raises(NotYourSchool):
            listing.listed(a_row("林五"))

    def test_whoever_is_on_a_roll_elsewhere_is_not_listed_and_both_are_flagged(self, session) -> None:
        """N-12."""
        listing, row = a_listing(session), a_row("林六")
        school = makers.a_school(session, "410323", Stage.VOCATIONAL)
        holder = makers.a_student(
            session, school, name="林六", identity=row["身份证件号"], birth_date=date(2010, 5, 6)
        )
        roster = listing.listed(row, a_row("林七"))
        assert told(listing, roster) == {"林六": "IdentityHeld", "林七": None}
        [overlay] = holder.overlays
        assert (overlay.kind, overlay.ended_at) == (OverlayKind.PROBLEM, None)
        assert listing.school.name in overlay.note

    def test_a_general_school_s_pupil_needs_the_city_s_approval_first(self, session) -> None:
        """N-14."""
        listing, row = a_listing(session), a_row("林八")
        school = makers.a_school(session, "410323", Stage.SENIOR_HIGH)
        makers.a_student(
            session, school, name="林八", identity=row["身份证件号"], birth_date=date(2010, 5, 6)
        )
        assert told(listing, listing.listed(row)) == {"林八": "OnSeniorHighRoll"}

    def test_a_graduate_is_admitted_on_the_record_that_he_has(self, session) -> None:
        listing, row = a_listing(session), a_row("林九")
        school = makers.a_school(session, "410323", Stage.COMPULSORY)
        graduate = makers.a_student(
            session, school, name="林九", identity=row["身份证件号"], birth_date=date(2010, 5, 6)
        )
        graduate.registry_number, graduate.number_kind = f"G{row['身份证件号']}", "G"
        graduate.state = RegistryState.GRADUATED
        graduate.enrolments[0].ended_on, graduate.enrolments[0].ended_as = date(2025, 7, 1), "graduated"
        session.commit()
        roster = listing.listed(row)
        assert roster.lines[0].student_id == graduate.id
        assert (graduate.state, len(graduate.enrolments)) == (RegistryState.ADMITTED, 2)

    def test_the_same_identity_under_another_name_is_not_listed(self, session) -> None:
        listing, row = a_listing(session), a_row("林十")
        school = makers.a_school(session, "410323", Stage.COMPULSORY)
        graduate = makers.a_student(
            session, school, name="林石", identity=row["身份证件号"], birth_date=date(2010, 5, 6)
        )
        graduate.state = RegistryState.GRADUATED
        graduate.enrolments[0].ended_on, graduate.enrolments[0].ended_as = date(2025, 7, 1), "graduated"
        session.commit()
        assert told(listing, listing.listed(row)) == {"林十": "NameDiffers"}

    def test_nobody_is_listed_twice(self, session) -> None:
        listing, row = a_listing(session), a_row("林十一")
        assert told(listing, listing.listed(row, row)) == {"林十一": "AlreadyListed"}
        assert [
            line.told is None for line in listing.session.scalars(select(RosterLine).order_by(RosterLine.id))
        ][-2:] == [True, False]

    def test_who_has_no_identity_number_is_compared_by_name_sex_and_birth(self, session) -> None:
        """U2."""
        listing = a_listing(session)
        school = makers.a_school(session, "410323", Stage.VOCATIONAL)
        makers.a_student(session, school, name="林十二", birth_date=date(2010, 5, 6))
        row = a_row("林十二", 性别="女", 出生日期="2010-05-06") | {"身份证件号": ""}
        other = row | {"姓名": "林十三"}
        assert told(listing, listing.listed(row, other)) == {"林十二": "LooksLikeAnother", "林十三": None}

    def test_those_from_other_cities_are_counted(self, session) -> None:
        rows = [a_row(f"林{n}", 户籍地代码=code) for n, code in enumerate(("410323", "410104", ""), 20)]
        assert a_listing(session).listed(*rows).outsiders == 1


class TestDiscarding:
    def test_whoever_was_listed_by_mistake_is_admitted_no_more_and_has_his_record_as_it_was(
        self, session
    ) -> None:
        listing, row = a_listing(session), a_row("林三十")
        school = makers.a_school(session, "410323", Stage.COMPULSORY)
        graduate = makers.a_student(
            session, school, name="林三十", identity=row["身份证件号"], birth_date=date(2010, 5, 6)
        )
        graduate.state = RegistryState.GRADUATED
        graduate.enrolments[0].ended_on, graduate.enrolments[0].ended_as = date(2025, 7, 1), "graduated"
        session.commit()
        roster = listing.listed(row, a_row("林三十一"))
        sending.discard(session, listing.registrar, roster.id)
        assert [line.student.state for line in roster.lines] == [
            RegistryState.GRADUATED,
            RegistryState.ADMISSION_CANCELLED,
        ]
        assert [line.student.enrolments[-1].ended_on is None for line in roster.lines] == [False, False]
        assert told(listing, listing.listed(row)) == {"林三十": None}
        with pytest.raises(sending.RosterIsDiscarded):
            send(session, listing.registrar, roster.id)

    def test_a_list_that_is_sent_is_not_discarded(self, session) -> None:
        listing = a_listing(session)
        roster = sent(listing, a_row("林三十二"))
        with pytest.raises(sending.RosterIsSent):
            sending.discard(session, listing.registrar, roster.id)

    def test_only_its_registrar_discards_it(self, session) -> None:
        listing, other = a_listing(session), a_listing(session)
        roster = listing.listed(a_row("林三十三"))
        with pytest.raises(NotYourSchool):
            sending.discard(session, other.registrar, roster.id)


class TestSpreadsheets:
    def test_the_empty_list_names_the_columns_that_are_read(self) -> None:
        sheet = CalamineWorkbook.from_filelike(BytesIO(empty_sheet(COLUMNS))).get_sheet_by_index(0)
        assert sheet.to_python()[0] == [*COLUMNS]
        assert read_rows(empty_sheet(COLUMNS), NEEDED) == []

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
    def test_a_csv_file_is_read_as_whatever_wrote_it(self, encoding) -> None:
        data = "姓名,身份证件号,班级\n林一,990101201005060017,1班\n,,\n".encode(encoding)
        assert read_rows(data, NEEDED) == [
            {"姓名": "林一", "身份证件号": "990101201005060017", "班级": "1班"}
        ]

    def test_a_column_that_is_missing_is_named(self) -> None:
        with pytest.raises(ColumnsMissing, match="班级"):
            read_rows("姓名,身份证件号\n林一,1\n".encode(), NEEDED)

    @pytest.mark.parametrize("data", [b"\xff\xd8\xff\xe0 a photo", b"PK\x03\x04 half an archive", b"\x80"])
    def test_what_is_no_table_is_refused(self, data) -> None:
        with pytest.raises((SpreadsheetUnreadable, ColumnsMissing)):
            read_rows(data, NEEDED)

    def test_a_list_that_is_too_long_is_refused(self) -> None:
        rows = "".join(f"林{n},,1班\n" for n in range(1001))
        with pytest.raises(SpreadsheetTooLong):
            read_rows(f"姓名,身份证件号,班级\n{rows}".encode(), NEEDED)


class TestTheWay:
    def test_a_list_goes_through_shiyan_s_own_line_to_the_file(self, session) -> None:
        """Domain 3.8.1: principal, county on site, exam office, handler, chief, deputy; then it is filed."""
        listing = a_listing(session, pack=SHIYAN)
        roster = sent(listing, a_row("王一"), a_row("王二"))
        steps = [listing.approve_step(roster) for _ in range(7)]
        assert steps == [
            "学校核对",
            "校长审定",
            "县级现场核查",
            "核对录取",
            "市级经办",
            "市级科长",
            "市级分管局长",
        ]
        cases = listing.cases(roster)
        assert {case.state for case in cases} == {CaseState.COMPLETED}
        students = [case.student for case in cases]
        assert {student.state for student in students} == {RegistryState.ENROLLED}
        assert [student.registry_number for student in students] == [
            f"G{identity_number_of(session, student)}" for student in students
        ]
        assert {(task.step, task.blocking) for task in listing.open_tasks(roster)} == {("file", False)}
        assert listing.approve_step(roster) == "市级存档"
        assert listing.open_tasks(roster) == []

    def test_one_who_is_not_right_is_left_behind_alone(self, session) -> None:
        listing = a_listing(session, pack=SHIYAN)
        roster = sent(listing, a_row("王三"), a_row("王四"))
        for _ in range(2):
            listing.approve_step(roster)
        task = listing.open_tasks(roster)[0]
        case = task.change_request
        decide(
            session,
            listing.officer(task),
            task.id,
            outcome="reject",
            version=case.version,
            opinion="核查时未到校",
            code="OTHER",
        )
        listing.approve_step(roster)
        one, two = listing.cases(roster)
        assert (one.state, one.student.state) == (CaseState.REJECTED, RegistryState.ADMITTED)
        assert two.state == CaseState.IN_REVIEW

    def test_whom_a_rule_stands_against_is_told_and_can_be_sent_again(self, session) -> None:
        """N-13."""
        listing = a_listing(session)
        roster = sent(listing, a_row("王五", 其他学籍="技工院校"), a_row("王六"))
        assert told(listing, roster) == {"王五": "NotEligible", "王六": None}
        assert [case.student.name for case in listing.cases(roster)] == ["王六"]
        roster.lines[0].other_roll = OtherRoll.NONE
        session.commit()
        send(session, listing.registrar, roster.id)
        rounds.work_off(session)
        assert told(listing, roster) == {"王五": None, "王六": None}
        assert len(listing.cases(roster)) == 2

    def test_a_list_that_was_half_submitted_is_submitted_to_the_end(self, session, monkeypatch) -> None:
        monkeypatch.setattr(sending, "PART", 1)
        listing = a_listing(session)
        roster = listing.listed(a_row("王七"), a_row("王八"))
        send(session, listing.registrar, roster.id)
        assert sending.submit_due(session) == 1
        assert len(sending._take(session)) == 1  # and then it was killed
        rounds.work_off(session)
        assert (len(listing.cases(roster)), roster.done_at) == (1, None)
        session.commit()
        later = clock.now() + sending.TAKEN_FOR + A_SECOND
        with clock.freeze(later):
            rounds.work_off(session)
        assert len(listing.cases(roster)) == 2
        assert roster.done_at is not None
        assert sending.submit_due(session) == 0

    def test_the_inbox_shows_the_list_and_not_each_of_its_students(self, session) -> None:
        listing = a_listing(session)
        roster = sent(listing, a_row("王九"), a_row("王十"))
        registrar = listing.registrar
        assert open_tasks(session, registrar).rows == ()
        [waiting] = lists_waiting(session, registrar)
        assert (waiting.roster.id, waiting.students, waiting.step.name) == (roster.id, 2, "学校核对")

    def test_a_list_is_seen_by_its_school_and_those_above_and_by_nobody_else(self, session) -> None:
        listing = a_listing(session, pack=SHIYAN)
        roster = sent(listing, a_row("王十一"))
        for officer in listing.officers.values():
            assert roster_for(session, officer, roster.id).counts["listed"] == 1
        stranger = makers.an_officer(
            session, makers.a_school(session, "410323", Stage.VOCATIONAL), Role.REGISTRAR
        )
        with pytest.raises(NotAllowed):
            roster_for(session, stranger, roster.id)

    def test_a_student_of_a_fujian_vocational_school_gets_ten_digits(self, session) -> None:
        listing = a_listing(session, at="350102")
        listing.school.school_code = "3501020102"
        session.commit()
        roster = sent(listing, a_row("王十二"), a_row("王十三"))
        for _ in range(3):
            listing.approve_step(roster)
        numbers = [case.student.registry_number for case in listing.cases(roster)]
        assert numbers == ["2501020001", "2501020002"]
        assert not [task for task in listing.open_tasks(roster) if task.state == TaskState.OPEN]
