"""Keep one PostgreSQL for all processes of a test run: `python keep_postgres.py FOLDER`.

It ends, and removes FOLDER, when nobody holds a lock on FOLDER/users any more, however they ended.
"""

import fcntl
import shutil
import sys
from pathlib import Path

import psycopg

from webapp.database import migrate
from webapp.host.postgres import embedded


def main(folder: Path) -> None:
    with embedded(folder, durable=False) as server, (folder / "users").open() as users:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE migrated")
        migrate(server.url.replace("/xueji?", "/migrated?"))
        (folder / "url.new").write_text(server.url)
        (folder / "url.new").rename(folder / "url")
        fcntl.flock(users, fcntl.LOCK_EX)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
