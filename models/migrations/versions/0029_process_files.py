"""Files of processes are kept once each, by their digest.

The histories of cases seal the digest of their process, which now is another: a database that has any is refused.
"""

from alembic import op
from alembic.util import CommandError

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _require_no_process()
    op.execute("""
        CREATE TABLE process_file (
            sha256 varchar(64) CONSTRAINT pk_process_file PRIMARY KEY,
            text varchar NOT NULL
        )
    """)


def downgrade() -> None:
    _require_no_process()
    op.execute("DROP TABLE process_file")


def _require_no_process() -> None:
    if op.get_bind().exec_driver_sql("SELECT 1 FROM process_version LIMIT 1").first():
        raise CommandError("processes were published under another release")
