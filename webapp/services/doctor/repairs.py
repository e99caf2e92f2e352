"""What is derivable is derived anew (修复): caches alone, and never an entry of a history or a student's record.

Each case is locked, examined again, and mended by one finding at a time, until nothing more of it is derivable.
What is mended has no entry in the case's history, which was right all the time; the log says it.
"""

import logging
from collections.abc import Iterable, Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import ChangeRequest
from webapp.services.doctor.derivations import DERIVATIONS
from webapp.services.doctor.examination import Diagnosis, Doctor
from webapp.services.doctor.findings import Code, Finding

log = logging.getLogger(__name__)

_DISARM_STRAYS = text("DELETE FROM timer WHERE NOT EXISTS (SELECT FROM task WHERE task.id = timer.task_id)")


def is_derivable(finding: Finding) -> bool:
    """Whether what is wrong follows from what is right, so that `repair` mends it."""
    return finding.code in DERIVATIONS or finding.code == Code.TIMER_OF_NO_TASK


def repair(session: Session, findings: Sequence[Finding], *, commit: bool) -> list[Finding]:
    """Mend what is derivable of the cases in which something was found, and return what was mended.

    Each case is a transaction of its own; without `commit` nothing stays. The session must not have begun one.
    """
    mended = _without_case(session, findings)
    _end(session, commit=commit)
    cases = {finding.case_id for finding in findings if finding.code in DERIVATIONS}
    for case_id in sorted(filter(None, cases)):
        mended += _mend(session, case_id)
        _end(session, commit=commit)
    for finding in mended if commit else ():
        log.warning("Repaired %s: %s (%s)", finding.where, finding.what, finding.code)
    return mended


def _without_case(session: Session, findings: Iterable[Finding]) -> list[Finding]:
    strays = [finding for finding in findings if finding.code == Code.TIMER_OF_NO_TASK]
    if strays:
        session.execute(_DISARM_STRAYS)
    return strays


def _mend(session: Session, case_id: int) -> list[Finding]:
    its_key = select(ChangeRequest.id).where(ChangeRequest.id == case_id)  # all else of it may be unreadable
    if session.scalar(its_key.with_for_update(key_share=True)) is None:
        return []
    doctor = Doctor.at_work(session)
    tried: list[Finding] = []
    while (finding := _next(diagnosis := doctor.examine(case_id), tried)) is not None:
        assert diagnosis.sheet is not None, "only what it was compared with is derivable"
        DERIVATIONS[finding.code](session, diagnosis.sheet, finding.task_key or "")
        session.flush()
        tried.append(finding)
    return [finding for finding in tried if finding not in diagnosis.findings]


def _next(diagnosis: Diagnosis, tried: Sequence[Finding]) -> Finding | None:
    """The first that can be mended and was not yet: what is found again was not derivable after all."""
    todo = (finding for finding in diagnosis.findings if finding.code in DERIVATIONS)
    return next((finding for finding in todo if finding not in tried), None)


def _end(session: Session, *, commit: bool) -> None:
    if commit:
        session.commit()
    else:
        session.rollback()
