"""The unread notices (未读通知) of a receiver are found and marked without a look at those read long ago."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEXES = """
CREATE INDEX ix_notice_unread_of_account ON notice (account_id, id) WHERE read_at IS NULL;
CREATE INDEX ix_notice_unread_of_role ON notice (office_id, role, id) WHERE read_at IS NULL;
"""


def upgrade() -> None:
    op.execute(INDEXES)


def downgrade() -> None:
    op.execute("DROP INDEX ix_notice_unread_of_account, ix_notice_unread_of_role")
