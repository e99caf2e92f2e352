"""What of an application is to be corrected, and what was filled in anew so far."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
ALTER TABLE return_request
    ADD COLUMN fields varchar(40)[] NOT NULL DEFAULT '{}',
    ADD COLUMN corrected jsonb NOT NULL DEFAULT '{}';
""")


def downgrade() -> None:
    op.execute("ALTER TABLE return_request DROP COLUMN corrected, DROP COLUMN fields")
