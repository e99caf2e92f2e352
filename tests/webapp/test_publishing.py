"""What may not be published, however well it is drawn, and what is kept of what is."""

import pytest
from sqlalchemy import func, select

from models import ProcessFile
from tests.workflows.diagrams import a_process
from webapp.services.processes import versions
from webapp.services.processes.versions import StepWithoutLimit, publish, publish_shipped
from workflows.shipped import shipped_processes

A_STEP = {"seat": "学校", "role": "registrar", "due": "10"}


@pytest.fixture
def ships(monkeypatch):
    """Lets one diagram ship, called `main`."""
    return lambda diagram: monkeypatch.setattr(
        versions, "shipped_processes", lambda: {"main": {"main.bpmn": diagram}}
    )


def test_a_step_without_a_time_limit_is_refused(session, ships):
    ships(a_process("main", "start > apply > end", apply={"seat": "学校", "role": "registrar"}))
    with pytest.raises(StepWithoutLimit) as refused:
        publish_shipped(session)
    assert refused.value.facts == {"process": "main", "steps": ("apply",)}


def test_a_file_is_kept_once_however_many_versions_have_it(session):
    kept = select(func.count()).select_from(ProcessFile)
    publish_shipped(session)
    before = session.scalar(kept)
    files = shipped_processes()["transfer"]
    publish(session, "transfer", {**files, "transfer.bpmn": files["transfer.bpmn"] + b"<!-- the next -->"})
    assert session.scalar(kept) == before + 1
    session.rollback()
