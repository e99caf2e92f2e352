"""What may not be published, however well it is drawn."""

import pytest

from tests.workflows.diagrams import a_process
from webapp.services.processes import versions
from webapp.services.processes.versions import StepWithoutLimit, publish_shipped

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
