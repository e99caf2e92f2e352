"""A notice knows when that happened which it tells of."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE notice ADD COLUMN happened_at timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE notice DROP COLUMN happened_at")
