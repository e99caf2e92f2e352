"""What the doctor finds beside the cases: rows of nothing, a worker that stands still, files, an empty database."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlparse

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, Paper
from models.enums import PaperKind
from tests.webapp.case_histories import tamper
from tests.webapp.corruptions import A_MESSAGE
from tests.webapp.doctoring import complaints, complaints_in_all, examination, mended
from tests.webapp.road import TERM_BEGINS, Road, work_off
from webapp import clock
from webapp.database import session_at
from webapp.services.audit.findings import Fault
from webapp.services.context import settings_of
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.repairs import is_derivable

pytestmark = pytest.mark.slow


def strays(session: Session, code: Code | Fault) -> list[Finding]:
    return [finding for finding in examination(session).findings if finding.code == code]


def test_a_timer_of_no_task_is_found_and_removed(session: Session, road_url: str) -> None:
    tamper(road_url, "INSERT INTO timer VALUES (987654321, 'overdue', now())")
    [found] = strays(session, Code.TIMER_OF_NO_TASK)
    assert found.where == "timer 987654321"
    mended(session, [found])
    assert strays(session, Code.TIMER_OF_NO_TASK) == []


def test_a_message_that_was_done_with_and_about_no_case_is_found(session: Session, road_url: str) -> None:
    tamper(road_url, A_MESSAGE.format(reference="gen_random_uuid()", of="NULL"))
    [found] = strays(session, Code.MESSAGE_OF_NO_CASE)
    assert not is_derivable(found)
    tamper(road_url, "DELETE FROM exchange_message WHERE change_request_id IS NULL")


def test_a_number_that_no_case_has_is_found(road: Road, session: Session, road_url: str) -> None:
    case = road.applied()
    number, series = case.number, case.number.rpartition("-")[0]
    session.commit()
    tamper(road_url, f"UPDATE change_request SET number = 'X' WHERE id = {case.id}")
    assert series in {finding.where for finding in strays(session, Fault.NUMBER_MISSING)}
    tamper(road_url, f"UPDATE change_request SET number = '{number}' WHERE id = {case.id}")


def test_timers_and_notices_that_nobody_works_off_are_the_workers_to_do(road: Road, session: Session) -> None:
    case = road.applied()
    with clock.freeze(TERM_BEGINS + timedelta(days=100)):
        found = complaints(session, case)
        assert {finding.code for finding in found} == {
            Code.TIMER_STUCK,
            Code.CASE_TIMER_STUCK,
            Code.OUTBOX_STUCK,
        }
        assert not any(is_derivable(finding) for finding in found)
        work_off(session)
        assert complaints(session, case) == []


def test_a_task_that_is_late_and_was_never_called_late_gets_its_timer_back(
    road: Road, session: Session, road_url: str
) -> None:
    case = road.applied()
    task_id = road.open_task(case).id
    work_off(session)
    session.commit()
    tamper(road_url, f"DELETE FROM timer WHERE task_id = {task_id}")
    with clock.freeze(TERM_BEGINS + timedelta(days=30)):
        found = complaints(session, case)
        assert [finding.code for finding in found] == [Code.TIMER_MISSING]
        mended(session, found)
        work_off(session)
        assert complaints(session, case) == []


@pytest.fixture
def file_of(session: Session):
    """The file of a case's application form in the object store."""

    def find(case: ChangeRequest) -> Path:
        mine = (Paper.change_request_id == case.id, Paper.kind == PaperKind.TRANSFER_FORM)
        sha256 = session.scalars(select(Paper.sha256).where(*mine)).one()
        return Path(urlparse(settings_of(session).object_store).path) / sha256[:2] / sha256

    return find


def test_a_paper_whose_file_is_gone_is_found_where_files_are_asked_for(
    road: Road, session: Session, file_of
) -> None:
    case = road.applied()
    file_of(case).unlink()
    assert complaints(session, case) == []
    assert {finding.code for finding in complaints_in_all(session, case, files=True)} == {Code.FILE_MISSING}


def test_a_paper_whose_file_is_cut_short_is_found(road: Road, session: Session, file_of) -> None:
    case = road.applied()
    file_of(case).write_bytes(b"half")
    assert {finding.code for finding in complaints_in_all(session, case, files=True)} == {Code.FILE_DIFFERS}


def test_a_database_without_a_case_is_not_healthy(new_database, settings_for) -> None:
    url = new_database()
    with session_at(url, settings_for(url)) as session:
        found = examination(session)
    assert (found.cases, [finding.code for finding in found.findings]) == (0, [Code.NO_CASE])
