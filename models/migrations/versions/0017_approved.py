"""The family hears of an approval, too, after which others still have to decide."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TOLD_BEFORE = """
    submitted arrived readdressed returned record_conflict resubmitted rejected withdrawn revoked terminated recalled
    urged handed_over asked sent_back answered copied reminder yellow overdue case_overdue completed contradicted
"""
TOLD = TOLD_BEFORE.replace("arrived", "arrived approved")


def upgrade() -> None:
    _know(TOLD)


def downgrade() -> None:
    op.execute("UPDATE outbox SET kind = 'arrived' WHERE kind = 'approved'")
    op.execute("UPDATE notice SET kind = 'arrived' WHERE kind = 'approved'")
    _know(TOLD_BEFORE)


def _know(kinds: str) -> None:
    known = ", ".join(f"'{kind}'" for kind in kinds.split())
    for table in ("outbox", "notice"):
        op.execute(f"""
            ALTER TABLE {table} DROP CONSTRAINT kind_is_known,
                ADD CONSTRAINT kind_is_known CHECK (kind IN ({known}))
        """)
