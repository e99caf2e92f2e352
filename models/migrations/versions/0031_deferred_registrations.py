"""A semester has the day until which its registration is deferred, and the days of leave."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE semester_record
            ADD COLUMN deferred_until date,
            ADD COLUMN leave_days integer,
            ADD CONSTRAINT leave_days_are_not_negative CHECK (leave_days >= 0)
    """)


def downgrade() -> None:
    op.execute("ALTER TABLE semester_record DROP COLUMN deferred_until, DROP COLUMN leave_days")
