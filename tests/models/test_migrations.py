"""The migrations make what the models say, to the letter, and can be undone."""

from collections.abc import Callable

import pytest
from alembic.command import downgrade
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

from models import Base
from webapp.database import MIGRATIONS, UnknownSchemaError, migrate, sqlalchemy_url

pytestmark = pytest.mark.slow

OF_US = "relnamespace = 'public'::regnamespace AND NOT relispartition AND relname NOT LIKE 'alembic_version%'"

COLUMNS = f"""
SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, pg_get_expr(adbin, adrelid)
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
 WHERE {OF_US} AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
"""
CONSTRAINTS = f"""
SELECT relname, conname, pg_get_constraintdef(pg_constraint.oid)
  FROM pg_class JOIN pg_constraint ON conrelid = pg_class.oid WHERE {OF_US}
"""
INDEXES = f"""
SELECT relname, pg_get_indexdef(pg_class.oid) FROM pg_class WHERE {OF_US} AND relkind IN ('i', 'I')
"""
PARTITIONING = f"""
SELECT relname, pg_get_partkeydef(pg_class.oid) FROM pg_class WHERE {OF_US} AND relkind = 'p'
"""


def connected(url: str) -> Connection:
    return create_engine(sqlalchemy_url(url), poolclass=NullPool).connect()


@pytest.fixture(scope="module")
def declared_url(new_database: Callable[..., str]) -> str:
    """A database made from the models, without any migration."""
    url = new_database("template1")
    with connected(url) as connection:
        Base.metadata.create_all(connection)
        connection.commit()
    return url


@pytest.mark.parametrize(
    "question",
    [COLUMNS, CONSTRAINTS, INDEXES, PARTITIONING],
    ids=["columns", "constraints", "indexes", "keys"],
)
def test_the_migrations_make_what_the_models_say(database_url: str, declared_url: str, question: str) -> None:
    with connected(database_url) as migrated, connected(declared_url) as declared:
        found = sorted(map(tuple, migrated.execute(text(question))))
        assert found == sorted(map(tuple, declared.execute(text(question))))
        assert found


def test_every_migration_can_be_undone(new_database: Callable[..., str]) -> None:
    url = new_database("template1")
    migrate(url)
    migrate(url, "base")
    with connected(url) as connection:
        relations = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        functions = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        assert connection.scalars(text(relations)).all() == ["alembic_version", "alembic_version_pkc"]
        assert connection.scalars(text(functions)).all() == []


SANCTIONED_BEFORE = """
INSERT INTO student (id, name, sex, birth_date, identity_type, state, version, created_at)
VALUES (1, '林小禾', 'female', '2010-05-06', 'resident', 'enrolled', 1, now());
INSERT INTO student_overlay (student_id, kind, note, started_at, ended_at) VALUES
    (1, 'sanction', '记过', '2025-03-01T09:00+08:00', '2025-06-01T09:00+08:00'),
    (1, 'sanction', '打架', '2025-09-01T09:00+08:00', NULL),
    (1, 'problem', '重号', '2025-09-01T09:00+08:00', NULL);
"""
KEPT = "SELECT kind, decided_on::text, ground, revoked_on::text FROM sanction ORDER BY decided_on"


def test_sanctions_that_lay_over_records_become_rows_and_lie_there_again(
    new_database: Callable[..., str],
) -> None:
    url = new_database("template1")
    migrate(url, "0024")
    with connected(url) as connection:
        connection.execute(text(SANCTIONED_BEFORE))
        connection.commit()
    migrate(url)
    laid = text("SELECT kind, note FROM student_overlay WHERE ended_at IS NULL ORDER BY kind")
    with connected(url) as connection:
        assert [tuple(row) for row in connection.execute(text(KEPT))] == [
            ("demerit", "2025-03-01", "记过", "2025-06-01"),
            ("warning", "2025-09-01", "打架", None),
        ]
        assert [tuple(row) for row in connection.execute(laid)] == [("problem", "重号")]
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(url).replace("%", "%%"))
    downgrade(config, "0024")
    with connected(url) as connection:
        assert [tuple(row) for row in connection.execute(laid)] == [("problem", "重号"), ("sanction", "警告")]


def test_cases_sealed_with_another_digest_of_their_process_are_left_to_their_release(
    new_database: Callable[..., str],
) -> None:
    url = new_database("template1")
    migrate(url, "0028")
    with connected(url) as connection:
        connection.execute(
            text("""INSERT INTO process_version (process, number, title, files, sha256, published_at)
                    VALUES ('transfer', 1, '转学', '{"transfer.bpmn": "<a/>"}', 'abc', now())""")
        )
        connection.commit()
    with pytest.raises(UnknownSchemaError, match="XUEJI_DATABASE_URL"):
        migrate(url)
    with connected(url) as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0028"


def test_migrations_are_numbered_without_a_gap() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    numbers = sorted(int(script.revision) for script in ScriptDirectory.from_config(config).walk_revisions())
    assert numbers == [*range(1, len(numbers) + 1)]


def test_a_database_of_another_release_is_refused_with_what_to_do(new_database: Callable[..., str]) -> None:
    url = new_database("template1")
    migrate(url)
    with connected(url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with pytest.raises(UnknownSchemaError, match="XUEJI_DATABASE_URL"):
        migrate(url)
