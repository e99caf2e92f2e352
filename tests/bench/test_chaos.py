"""A dozen kills under load: nothing that was acknowledged is lost or doubled, and everybody is told."""

import pytest

from bench.chaos import run

pytestmark = pytest.mark.slow


def test_whatever_is_killed_every_acknowledged_act_is_there_once_and_everybody_was_told() -> None:
    kills, verdict = run(kills=12, seed=7, clients=2)
    assert verdict.findings == [], "\n\n".join(verdict.findings)
    assert len(kills) == 12
    assert sum(kill.inside for kill in kills) >= 0.3 * len(kills)
    assert sum(verdict.acknowledged.values()) > 0
