"""`xueji doctor`: what it prints, with which exit code, and that it changes nothing unless told to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import ChangeRequest, Timer
from tests.webapp.doctoring import fresh
from tests.webapp.road import Road
from webapp.cli import main
from webapp.commands import doctor as command
from webapp.services.doctor.examination import examine
from webapp.services.doctor.repairs import repair

pytestmark = pytest.mark.slow


@pytest.fixture
def doctor(ward: Road, monkeypatch: pytest.MonkeyPatch):
    """Runs `xueji doctor …`; returns the exit code and what was printed."""

    @contextmanager
    def same_database() -> Iterator[Session]:
        with fresh(ward.session) as session:
            yield session

    monkeypatch.setattr(command, "command_session", same_database)

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["doctor", *arguments])
        return result.exit_code, result.output

    return run


def disarm(session: Session) -> None:
    session.execute(text("DELETE FROM timer"))
    session.commit()


def test_a_healthy_database_is_said_to_be_so(doctor) -> None:
    assert doctor("--files") == (0, "1 cases, 0 findings.\n")
    code, printed = doctor("--json")
    assert (code, json.loads(printed)) == (
        0,
        {"cases": 1, "findings": [], "repaired": [], "committed": False},
    )


def test_what_is_wrong_is_named_with_what_to_do(doctor, ward: Road) -> None:
    disarm(ward.session)
    code, printed = doctor("--json")
    [found] = json.loads(printed)["findings"]
    assert (code, found["code"]) == (1, "timer_missing")
    assert found["where"].startswith("ZX-202509-410325-")
    assert "doctor --repair --commit" in found["advice"]


def test_a_repair_is_only_tried_unless_it_is_to_be_kept(doctor, ward: Road) -> None:
    disarm(ward.session)
    code, printed = doctor("--repair")
    assert (code, "would be repaired" in printed) == (1, True)
    assert ward.session.scalars(select(Timer.task_id)).all() == []
    ward.session.commit()
    code, printed = doctor("--repair", "--commit", "--json")
    told = json.loads(printed)
    assert (code, told["findings"], [each["code"] for each in told["repaired"]]) == (0, [], ["timer_missing"])
    assert doctor() == (0, "1 cases, 0 findings.\n")


def test_keeping_without_repairing_is_refused(doctor) -> None:
    assert doctor("--commit")[0] == 2


def test_a_repair_leaves_history_and_record_as_they_are(doctor, ward: Road) -> None:
    everything = (
        text("SELECT array_agg(e ORDER BY seq) FROM case_event e"),
        text("SELECT array_agg(s) FROM student s"),
    )
    before = [ward.session.execute(rows).scalar() for rows in everything]
    ward.session.execute(text("UPDATE change_request SET token = NULL"))
    disarm(ward.session)
    assert doctor("--repair", "--commit")[0] == 0
    assert [ward.session.execute(rows).scalar() for rows in everything] == before


def test_what_was_mended_meanwhile_is_left_alone(ward: Road) -> None:
    disarm(ward.session)
    with fresh(ward.session) as one, fresh(ward.session) as another:
        findings = examine(one).findings
        one.rollback()
        assert [finding.code for finding in repair(one, findings, commit=True)] == ["timer_missing"]
        assert repair(another, findings, commit=True) == []


def test_a_case_that_moved_on_meanwhile_is_looked_at_again(ward: Road) -> None:
    disarm(ward.session)
    with fresh(ward.session) as session:
        findings = examine(session).findings
        session.rollback()
        case = ward.session.scalars(select(ChangeRequest)).one()
        assert [finding.case_id for finding in findings] == [case.id]
        ward.approve(case)
        assert repair(session, findings, commit=True) == []
