"""Two deployments that are each other's other province, at one frozen moment."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.webapp.exchange.deployments import Deployment, furnish, two_deployments
from tests.webapp.road import TERM_BEGINS
from webapp import clock
from webapp.config import Settings


@pytest.fixture(scope="session")
def two_urls(new_database: Callable[..., str], settings_for: Callable[[str], Settings]) -> tuple[str, str]:
    urls = (new_database(), new_database())
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
