"""Outcomes that a diagram names itself: no closed vocabulary any more."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
ALTER TABLE task DROP CONSTRAINT outcome_is_known, ALTER COLUMN outcome TYPE varchar(64);
ALTER TABLE case_event ALTER COLUMN outcome TYPE varchar(64);
""")


def downgrade() -> None:
    op.execute("""
ALTER TABLE case_event ALTER COLUMN outcome TYPE varchar(32);
ALTER TABLE task ALTER COLUMN outcome TYPE varchar(32), ADD CONSTRAINT outcome_is_known
    CHECK (outcome IN ('approve', 'reject', 'return', 'acknowledge'));
""")
