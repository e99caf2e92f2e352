"""A reminder and a yellow card for the time limit of a whole case, too.

Of cases that are there already the red card alone is set: the doctor derives the rest.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TOLD_BEFORE = """
    submitted arrived approved readdressed returned record_conflict resubmitted rejected withdrawn revoked terminated
    recalled urged handed_over asked sent_back answered copied reminder yellow overdue case_overdue completed
    contradicted
"""
TOLD = TOLD_BEFORE.replace("case_overdue", "case_reminder case_yellow case_overdue")
TIMERS_BEFORE, TIMERS = "total fires expired", "reminder yellow overdue fires expired"

# What only this version can say is unsaid.
BACK = """
DELETE FROM outbox WHERE kind IN ('case_reminder', 'case_yellow');
DELETE FROM delivery WHERE notice_id IN (SELECT id FROM notice WHERE kind IN ('case_reminder', 'case_yellow'));
DELETE FROM notice WHERE kind IN ('case_reminder', 'case_yellow');
UPDATE case_timer SET kind = 'total', due_at = (due_on + interval '1 day') AT TIME ZONE 'Asia/Shanghai'
  FROM change_request WHERE id = change_request_id AND key = '';
"""


def upgrade() -> None:
    _know_timers(f"{TIMERS_BEFORE} overdue")
    op.execute("UPDATE case_timer SET kind = 'overdue' WHERE kind = 'total'")
    _know_timers(TIMERS)
    _know_notices(TOLD)


def downgrade() -> None:
    _know_timers(f"{TIMERS} total")
    op.execute(BACK)
    _know_timers(TIMERS_BEFORE)
    _know_notices(TOLD_BEFORE)


def _know_timers(kinds: str) -> None:
    _know("case_timer", kinds)


def _know_notices(kinds: str) -> None:
    _know("outbox", kinds)
    _know("notice", kinds)


def _know(table: str, kinds: str) -> None:
    known = ", ".join(f"'{kind}'" for kind in kinds.split())
    op.execute(f"""
        ALTER TABLE {table} DROP CONSTRAINT kind_is_known,
            ADD CONSTRAINT kind_is_known CHECK (kind IN ({known}))
    """)
