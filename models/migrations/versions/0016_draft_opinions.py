"""An opinion that is kept for later keeps all that was ticked with it."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
ALTER TABLE draft_opinion
    ADD COLUMN fields varchar(40)[] NOT NULL DEFAULT '{}',
    ADD COLUMN code varchar(64);
ALTER TABLE draft_opinion ALTER COLUMN fields DROP DEFAULT;
""")


def downgrade() -> None:
    op.execute("ALTER TABLE draft_opinion DROP COLUMN code, DROP COLUMN fields")
