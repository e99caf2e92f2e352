"""Keep one PostgreSQL for all processes of a test run: `python keep_postgres.py FOLDER`.

It ends, and removes FOLDER, when nobody holds a lock on FOLDER/users any more, however they ended.
"""

import fcntl
import shutil
import sys
from pathlib import Path

import psycopg

from webapp.config import Settings
from webapp.database import migrate, session_at
from webapp.host.postgres import embedded
from webapp.services.demo.seed import seed


def main(folder: Path) -> None:
    with embedded(folder, durable=False) as server, (folder / "users").open() as users:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE migrated")
            migrate(server.url.replace("/xueji?", "/migrated?"))
            connection.execute("CREATE DATABASE seeded TEMPLATE migrated")
        _seed(server.url.replace("/xueji?", "/seeded?"))
        (folder / "url.new").write_text(server.url)
        (folder / "url.new").rename(folder / "url")
        fcntl.flock(users, fcntl.LOCK_EX)
    shutil.rmtree(folder)


def _seed(url: str) -> None:
    keys = dict.fromkeys(("secret_key", "audit_key", "identity_key", "index_key"), "6b" * 32)
    with session_at(url, Settings(database_url=url, **keys)) as session:
        seed(session)
        session.commit()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
