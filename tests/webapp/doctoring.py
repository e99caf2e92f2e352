"""The doctor at work on a test's database."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from models import ChangeRequest
from tests.webapp.road import Road, work_off
from webapp.services.doctor.examination import Doctor, Examination, examine
from webapp.services.doctor.findings import Finding
from webapp.services.doctor.repairs import repair


def examination(session: Session, *, files: bool = False) -> Examination:
    """What the doctor says of the session's database, in which nothing is under way any more."""
    session.commit()
    with fresh(session) as doctors:
        return examine(doctors, files=files)


def complaints(session: Session, case: ChangeRequest) -> Sequence[Finding]:
    """What he finds in one case."""
    return complaints_about(session, case.id)


def complaints_about(session: Session, case_id: int) -> Sequence[Finding]:
    """The same, of a case whose row may be gone."""
    session.commit()
    with fresh(session) as doctors:
        return Doctor.at_work(doctors).examine(case_id).findings


def complaints_in_all(session: Session, case: ChangeRequest, *, files: bool = False) -> Sequence[Finding]:
    """What he finds in the same case as he examines them all."""
    case_id = case.id
    return [finding for finding in examination(session, files=files).findings if finding.case_id == case_id]


def sound(road: Road, case: ChangeRequest) -> bool:
    """Whether the doctor finds nothing, and the worker's round changes nothing of that."""
    found = [complaints(road.session, case)]
    work_off(road.session)
    found.append(complaints(road.session, case))
    assert found == [[], []]
    return True


def mended(session: Session, findings: Sequence[Finding], *, commit: bool = True) -> list[Finding]:
    """What he then repairs."""
    with fresh(session) as doctors:
        return repair(doctors, findings, commit=commit)


def fresh(session: Session) -> Session:
    """Another session on the same database, with the same settings."""
    return Session(session.get_bind(), info=session.info)
