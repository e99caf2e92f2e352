"""Two deployments that are each other's other province, at one frozen moment."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.webapp.exchange.deployments import Deployment, Installation, furnish, rounds, two_installations
from tests.webapp.exchange.pupils import Pupil, a_pupil_to_fujian, asked
from tests.webapp.road import TERM_BEGINS
from webapp import clock
from webapp.config import Settings


@pytest.fixture(scope="session")
def installations(
    new_database: Callable[..., str], settings_for: Callable[[str], Settings]
) -> Iterator[tuple[Installation, Installation]]:
    settings = {name: settings_for(new_database("seeded")) for name in ("henan", "others")}
    with clock.freeze(TERM_BEGINS):
        for each in settings.values():
            furnish(each)
    with two_installations(settings) as pair:
        yield pair


@pytest.fixture
def deployments(
    installations: tuple[Installation, Installation], tmp_path: Path
) -> Iterator[tuple[Deployment, Deployment]]:
    with clock.freeze(TERM_BEGINS), ExitStack() as stack:
        henan, others = (
            stack.enter_context(each.at_work((tmp_path / name).as_uri()))
            for name, each in zip(("henan", "others"), installations, strict=True)
        )
        yield henan, others


@pytest.fixture
def henan(deployments: tuple[Deployment, Deployment]) -> Deployment:
    return deployments[0]


@pytest.fixture
def others(deployments: tuple[Deployment, Deployment]) -> Deployment:
    return deployments[1]


@pytest.fixture(params=["receiving", "releasing"])
def sides(henan: Deployment, others: Deployment, request) -> tuple[Deployment, Deployment, Pupil]:
    """Who asks first and who is asked, and the pupil from Henan to Fujian; the first school has agreed and asked."""
    receiving, releasing = others, henan
    first, second = (receiving, releasing) if request.param == "receiving" else (releasing, receiving)
    pupil = a_pupil_to_fujian(receiving, releasing, first)
    asked(first, pupil)
    rounds(first, second)
    return first, second, pupil
