"""The web application as a production site has it, and the same on a database with people at work."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models import ChangeRequest, Task
from models.enums import Role
from tests.webapp.kept_plans import keep_plans
from tests.webapp.road import TERM_BEGINS, Road, a_road, work_off
from tests.webapp.site import KEYS, Site, Visitor, a_site
from webapp import clock
from webapp.app import create_app
from webapp.config import DEMO_BEGINS, Settings
from webapp.database import engine_at, session_at
from webapp.scenarios.scratch import scratch_settings
from webapp.services.context import settings_of
from webapp.services.demo.loading import load
from webapp.services.demo.plan import SERVED

KEY = "6b" * 32
NO_DATABASE = "postgresql:///no_such_database?host=/nowhere"


@pytest.fixture(scope="session")
def settings_for(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Settings]:
    """Makes the settings of a site on the database at a URL: no demo, the machine's time."""
    folder, keys = tmp_path_factory.mktemp("data"), dict.fromkeys(KEYS, KEY)
    return lambda url: Settings(database_url=url, data_dir=folder, **keys)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Mapping[str, str]], None]:
    """Sets the XUEJI_ variables to those given and to nothing else."""
    for name in [name for name in os.environ if name.startswith("XUEJI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XUEJI_DATA_DIR", str(tmp_path / "var"))

    def put(variables: Mapping[str, str]) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.fixture(scope="session")
def pages(settings_for: Callable[[str], Settings]) -> Flask:
    """The application without a database, for pages that must not need one."""
    return create_app(settings_for(NO_DATABASE))


@pytest.fixture
def new_pages(settings_for: Callable[[str], Settings]) -> Flask:
    """Another such application, for a test that adds pages to it."""
    return create_app(settings_for(NO_DATABASE))


@pytest.fixture(scope="session")
def road_url(new_database: Callable[..., str]) -> str:
    """A database with divisions, calendar and processes, on which each test makes people of its own."""
    return new_database("seeded")


@pytest.fixture(scope="session")
def demo_site(
    new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Settings]:
    """The URL of a database with the demo, and the settings it was made with."""
    settings = scratch_settings(tmp_path_factory.mktemp("demo")).model_copy(update={"provinces": SERVED})
    url = new_database()
    with clock.freeze(DEMO_BEGINS), session_at(url, settings) as session:
        load(session)
    return url, settings


@pytest.fixture(scope="module")
def engine(road_url: str) -> Iterator[Engine]:
    """Connections that remember which statements they have prepared: planning them is half of a test's time."""
    with engine_at(road_url) as engine:
        keep_plans(engine)
        yield engine


@pytest.fixture
def session(
    engine: Engine, road_url: str, settings_for: Callable[[str], Settings], tmp_path: Path
) -> Iterator[Session]:
    """A session on the seeded database, its clock standing on a morning early in the autumn term of 2025."""
    settings = settings_for(road_url).model_copy(update={"object_store": tmp_path.as_uri()})
    with clock.freeze(TERM_BEGINS), Session(engine, info={"settings": settings}) as session:
        yield session


@pytest.fixture
def road(session: Session) -> Road:
    """A family's transfer with everybody it needs."""
    return a_road(session)


@pytest.fixture
def case(road: Road) -> ChangeRequest:
    """The transfer, applied for."""
    return road.applied()


@pytest.fixture
def task(road: Road, case: ChangeRequest) -> Task:
    """Its first task, which is the receiving registrar's."""
    return road.open_task(case)


@pytest.fixture
def registrar(site: Site, road: Road) -> Visitor:
    """The receiving registrar at a browser."""
    return site.visitor(road.officers[road.receiving.id, Role.REGISTRAR])


@pytest.fixture
def site(session: Session) -> Iterator[Site]:
    """The pages on the seeded database."""
    with a_site(session) as site:
        yield site


@pytest.fixture
def ward(
    session: Session, new_database: Callable[..., str], settings_for: Callable[[str], Settings]
) -> Iterator[Road]:
    """A family's transfer, the only one of its database: its second step is open, and everybody was told."""
    url, papers = new_database("seeded"), settings_of(session).object_store
    with session_at(url, settings_for(url).model_copy(update={"object_store": papers})) as own:
        road = a_road(own)
        road.approve(road.applied())
        work_off(own)
        own.commit()
        yield road
