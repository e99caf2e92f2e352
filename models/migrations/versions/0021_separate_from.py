"""A task says from which steps it is separate, and not who took them: that follows, and may be taken back.

Of the cases that are there the doctor derives both.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE task DROP COLUMN excluded_ids,
            ADD COLUMN separate_from varchar(100)[] NOT NULL DEFAULT '{}',
            ADD COLUMN asker_ids bigint[] NOT NULL DEFAULT '{}';
        ALTER TABLE task ALTER COLUMN separate_from DROP DEFAULT, ALTER COLUMN asker_ids DROP DEFAULT;
    """)


def downgrade() -> None:
    op.execute("""
        ALTER TABLE task DROP COLUMN separate_from, DROP COLUMN asker_ids,
            ADD COLUMN excluded_ids bigint[] NOT NULL DEFAULT '{}';
        ALTER TABLE task ALTER COLUMN excluded_ids DROP DEFAULT;
    """)
