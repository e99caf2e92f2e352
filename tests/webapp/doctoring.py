"""The doctor at work on a test's database."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from models import ChangeRequest
from webapp.services.doctor.examination import Examination, examine
from webapp.services.doctor.findings import Finding
from webapp.services.doctor.repairs import repair


def examination(session: Session, *, files: bool = False) -> Examination:
    """What the doctor says of the session's database, in which nothing is under way any more."""
    session.commit()
    with fresh(session) as doctors:
        return examine(doctors, files=files)


def complaints(session: Session, case: ChangeRequest, *, files: bool = False) -> Sequence[Finding]:
    """What he finds in one case."""
    case_id = case.id  # while its row can be read
    return [finding for finding in examination(session, files=files).findings if finding.case_id == case_id]


def mended(session: Session, findings: Sequence[Finding], *, commit: bool = True) -> list[Finding]:
    """What he then repairs."""
    with fresh(session) as doctors:
        return repair(doctors, findings, commit=commit)


def fresh(session: Session) -> Session:
    """Another session on the same database, with the same settings."""
    return Session(session.get_bind(), info=session.info)
