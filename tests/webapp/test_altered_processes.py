"""A process version that is no longer what was published decides nothing, and nothing is derived from it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models import ChangeRequest, Notice, ProcessFile
from models.enums import NoticeKind
from tests.webapp.changed_processes import SHIPPED
from tests.webapp.doctoring import complaints, examination, fresh, mended
from tests.webapp.road import Road, work_off
from tests.webapp.site import a_site, said
from webapp import clock
from webapp.services.audit.findings import Fault
from webapp.services.audit.verification import verify
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.context import settings_of
from webapp.services.doctor import examination as at_work
from webapp.services.doctor.findings import Code
from webapp.services.processes import versions
from webapp.services.processes.files import digest_of_kept, keep, texts_of
from workflows.definition import Definition, read_definition

pytestmark = pytest.mark.slow

Files = Mapping[str, str]


@pytest.fixture
def case(ward: Road, monkeypatch: pytest.MonkeyPatch) -> ChangeRequest:
    """A case whose process nobody has read yet, as in a program that has just begun."""
    monkeypatch.setattr(versions, "_compiled", {})
    return ward.session.scalars(select(ChangeRequest)).one()


def together(files: Files) -> Files:
    """One officer may take both steps of the releasing school."""
    return {name: text.replace(' separate_from="out_registrar"', "") for name, text in files.items()}


def garbled(files: Files) -> Files:
    return {**files, "transfer.bpmn": "<not a diagram>"}


def alter(session: Session, case: ChangeRequest, how: Callable[[Files], Files]) -> None:
    kept = texts_of(session, case.process_version.files)
    altered = {name: text for name, text in how(kept).items() if text != kept[name]}
    assert altered
    for name, text in altered.items():
        its_file = ProcessFile.sha256 == case.process_version.files[name]
        session.execute(update(ProcessFile).where(its_file).values(text=text))
    session.commit()


def replace_files(session: Session, case: ChangeRequest, how: Callable[[Files], Files]) -> None:
    """Let the version have other files, with their digests."""
    version = case.process_version
    version.files = keep(session, how(texts_of(session, version.files)))
    version.sha256 = digest_of_kept(version.files)
    session.commit()


@pytest.mark.parametrize("how", [together, garbled])
def test_it_is_found_and_nothing_is_repaired_by_it(
    ward: Road, case: ChangeRequest, how: Callable[[Files], Files]
) -> None:
    alter(ward.session, case, how)
    for _ in range(2):
        found = examination(ward.session).findings
        assert [(finding.code, finding.where) for finding in found] == [
            (Fault.PROCESS_ALTERED, "process transfer, version 1"),
            (Fault.PROCESS_ALTERED, case.number),
        ]
        assert mended(ward.session, found) == []


def test_the_audit_finds_it_too(ward: Road, case: ChangeRequest, tmp_path: Path) -> None:
    alter(ward.session, case, together)
    with fresh(ward.session) as auditor:
        found = verify(auditor, settings_of(auditor).audit_key, tmp_path)
    assert [fault.fault for fault in found] == [Fault.PROCESS_ALTERED, Fault.PROCESS_ALTERED]


def test_who_alters_its_digest_too_contradicts_the_histories(ward: Road, case: ChangeRequest) -> None:
    replace_files(ward.session, case, together)
    found = complaints(ward.session, case)
    assert [finding.code for finding in found] == [Fault.CASE_DIFFERS]
    assert mended(ward.session, found) == []


def test_a_version_that_lost_a_file_is_found(ward: Road, case: ChangeRequest) -> None:
    its_file = ProcessFile.sha256 == case.process_version.files["transfer.bpmn"]
    ward.session.execute(delete(ProcessFile).where(its_file))
    ward.session.commit()
    assert [finding.code for finding in examination(ward.session).findings] == 2 * [Fault.PROCESS_ALTERED]


def test_nobody_decides_by_it(ward: Road, case: ChangeRequest) -> None:
    task = ward.open_task(case)
    alter(ward.session, case, together)
    with a_site(ward.session) as site:
        officer = site.visitor(ward.officer(task))
        answer = officer.decides(task, case.version, outcome="approve")
    assert answer.status_code == 500
    assert "is not as it was published, so nothing is done by it" in said(answer)


def test_its_overdue_steps_are_told_to_the_superior_all_the_same(ward: Road, case: ChangeRequest) -> None:
    task = ward.open_task(case)
    alter(ward.session, case, together)
    with clock.freeze(overdue_at(task.due_on)):
        work_off(ward.session)
    said_of = select(Notice.kind).where(Notice.task_id == task.id)
    assert NoticeKind.OVERDUE in ward.session.scalars(said_of).all()


def test_decisions_that_a_release_would_lead_elsewhere_lead_nowhere(
    ward: Road, case: ChangeRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed = {
        name: data.replace(b"in_registrar", b"in_nobody") for name, data in SHIPPED["transfer"].items()
    }

    def otherwise(*_: object) -> Definition:
        return read_definition(renamed, "transfer")

    monkeypatch.setattr(at_work, "definition_of", otherwise)
    found = complaints(ward.session, case)
    assert [finding.code for finding in found] == [Code.LEADS_NOWHERE]
    assert mended(ward.session, found) == []
