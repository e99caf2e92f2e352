"""Two deployments that are each other's other province, at one frozen moment."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.webapp.exchange.deployments import Deployment, furnish, rounds, two_deployments
from tests.webapp.exchange.pupils import Pupil, a_pupil_to_fujian, asked
from tests.webapp.road import TERM_BEGINS
from webapp import clock
from webapp.config import Settings


@pytest.fixture(scope="session")
def two_urls(new_database: Callable[..., str], settings_for: Callable[[str], Settings]) -> tuple[str, str]:
    urls = (new_database("seeded"), new_database("seeded"))
    with clock.freeze(TERM_BEGINS):
        for url in urls:
            furnish(settings_for(url))
    return urls


@pytest.fixture
def deployments(
    two_urls: tuple[str, str], settings_for: Callable[[str], Settings], tmp_path: Path
) -> Iterator[tuple[Deployment, Deployment]]:
    settings = {
        name: settings_for(url).model_copy(update={"object_store": (tmp_path / name).as_uri()})
        for name, url in zip(("henan", "others"), two_urls, strict=True)
    }
    with clock.freeze(TERM_BEGINS), two_deployments(settings) as pair:
        yield pair


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
