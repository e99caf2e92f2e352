"""Who is asked beside the steps of a diagram (加签, 委派, 退回上一环节), and outcomes that a diagram names itself."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

EVENTS_BEFORE = """
    opened decided returned resubmitted rejected withdrawn revoked terminated recalled
    urged commented claimed released handed_over acknowledged record_conflict completed settled
"""
EVENTS = EVENTS_BEFORE.replace("recalled", "recalled asked sent_back signed answered unasked")
NOTICES_BEFORE = """
    submitted arrived readdressed returned record_conflict resubmitted rejected withdrawn revoked terminated recalled
    urged handed_over reminder overdue completed contradicted
"""
NOTICES = NOTICES_BEFORE.replace("handed_over", "handed_over asked sent_back answered")

TASKS = """
ALTER TABLE task
    DROP CONSTRAINT outcome_is_known,
    ALTER COLUMN outcome TYPE varchar(64),
    ADD COLUMN ask varchar(32)
        CONSTRAINT ask_is_known CHECK (ask IN ('second_look', 'opinion', 'delegation', 'cosignature')),
    ADD COLUMN asked_from varchar(120),
    ADD CONSTRAINT who_is_asked_beside_is_asked_from_a_task CHECK ((ask IS NULL) = (asked_from IS NULL));
ALTER TABLE case_event ALTER COLUMN outcome TYPE varchar(64);
"""

TASKS_BEFORE = """
ALTER TABLE case_event ALTER COLUMN outcome TYPE varchar(32);
ALTER TABLE task
    DROP COLUMN asked_from,
    DROP COLUMN ask,
    ALTER COLUMN outcome TYPE varchar(32),
    ADD CONSTRAINT outcome_is_known CHECK (outcome IN ('approve', 'reject', 'return', 'acknowledge'));
"""


def upgrade() -> None:
    op.execute(TASKS)
    _know(EVENTS, "case_event")
    _know(NOTICES, "outbox", "notice")


def downgrade() -> None:
    _know(NOTICES_BEFORE, "outbox", "notice")
    _know(EVENTS_BEFORE, "case_event")
    op.execute(TASKS_BEFORE)


def _know(kinds: str, *tables: str) -> None:
    known = ", ".join(f"'{kind}'" for kind in kinds.split())
    for table in tables:
        op.execute(f"""
            ALTER TABLE {table} DROP CONSTRAINT kind_is_known,
                ADD CONSTRAINT kind_is_known CHECK (kind IN ({known}))
        """)
