"""A scratch database for scenarios: a throw-away server with the present schema and what ships, nothing else."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from sqlalchemy import Engine, create_engine

from webapp.config import Settings
from webapp.database import migrate, session_at, sqlalchemy_url
from webapp.host import local
from webapp.host.postgres import embedded
from webapp.services.demo.seed import seed


class ScratchSettings(Settings):
    """Settings that no environment changes, so that an example comes out the same everywhere."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what the constructor is given and nothing else."""
        return (init_settings,)


def scratch_settings(folder: Path) -> Settings:
    """Return settings with new keys that keep everything in `folder`."""
    return ScratchSettings.model_validate(
        {"data_dir": folder, "demo": True, "now": None, **local.keys(folder)}
    )


@contextmanager
def scratch() -> Iterator[tuple[Engine, Settings]]:
    """A seeded database of its own within the block, whatever database the environment names."""
    with tempfile.TemporaryDirectory(prefix="xueji-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # as root, PostgreSQL's own account must pass
        settings = scratch_settings(folder)
        with embedded(folder, durable=False) as server:
            migrate(server.url)
            with seeded(server.url, settings) as engine:
                yield engine, settings


@contextmanager
def seeded(url: str, settings: Settings) -> Iterator[Engine]:
    """An engine on the migrated database at `url`, seeded."""
    with session_at(url, settings) as session:
        seed(session)
        session.commit()
    engine = create_engine(sqlalchemy_url(url))
    try:
        yield engine
    finally:
        engine.dispose()
