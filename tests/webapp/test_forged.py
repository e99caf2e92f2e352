"""Whoever rules the database, but not the history, changes no record with a token of his own making."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models import ChangeRequest
from models.enums import CaseState
from tests.webapp.road import Road, a_road
from webapp import errors
from webapp.services.audit.findings import Fault
from webapp.services.audit.verification import verify
from webapp.services.context import settings_of

COPIED = ("key", "step", "seat", "seat_office_id", "seat_role", "office_id", "role")


@pytest.fixture
def forged(session: Session) -> tuple[Road, ChangeRequest]:
    """A case that nobody has decided, with the token and the task of one that waits for its last approval."""
    first, second = a_road(session), a_road(session)
    far, near = first.applied(), second.applied()
    first.approve(far, times=5)
    last, begins = first.open_task(far), second.open_task(near)
    same = ", ".join(f"{column} = other.{column}" for column in COPIED)
    task = f"UPDATE task SET {same} FROM task other WHERE task.id = :mine AND other.id = :theirs"
    session.execute(text(task), {"mine": begins.id, "theirs": last.id})
    near.token = far.token
    session.commit()
    second.officers |= first.officers
    return second, near


def test_a_token_that_the_history_does_not_lead_to_completes_no_case(
    forged: tuple[Road, ChangeRequest],
) -> None:
    road, case = forged
    with pytest.raises(errors.HistoryDiffers):
        road.approve(case)
    road.session.rollback()
    assert road.state_of(case) == CaseState.IN_REVIEW


def test_it_is_found_before_anybody_decides(
    forged: tuple[Road, ChangeRequest], session: Session, tmp_path: Path
) -> None:
    _, case = forged
    session.commit()
    found = verify(session, settings_of(session).audit_key, tmp_path)
    session.rollback()
    faults = {finding.fault for finding in found if finding.where == case.number}
    assert faults == {Fault.STANDING_DIFFERS, Fault.TASK_DIFFERS}
