"""Timers of diagrams are fired, and a case is handed back where its packs say so of a step that is over its limit."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

EVENTS_BEFORE = """
    opened decided returned resubmitted rejected withdrawn revoked terminated recalled asked sent_back signed
    answered unasked urged commented claimed released handed_over copied noted acknowledged record_conflict
    completed settled
"""
EVENTS = EVENTS_BEFORE.replace("acknowledged", "acknowledged fired")


def upgrade() -> None:
    _know("case_event", EVENTS)
    _know("case_timer", "total fires expired")


def downgrade() -> None:
    op.execute("DELETE FROM case_timer WHERE kind <> 'total'")
    _know("case_timer", "total")
    _know("case_event", EVENTS_BEFORE)


def _know(table: str, kinds: str) -> None:
    known = ", ".join(f"'{kind}'" for kind in kinds.split())
    op.execute(f"""
        ALTER TABLE {table} DROP CONSTRAINT kind_is_known,
            ADD CONSTRAINT kind_is_known CHECK (kind IN ({known}))
    """)
