"""The deliveries of a notice are found by it."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX ix_delivery_notice_id ON delivery (notice_id)")


def downgrade() -> None:
    op.execute("DROP INDEX ix_delivery_notice_id")
