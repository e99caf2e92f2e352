"""A task says from which steps it is separate, and not who took them: that follows, and may be taken back.

Of the cases that are there the doctor derives it. And only what is done was done by somebody; a copy is sent and read
at the moments that the case's history says.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


# They were written a moment before their entries.
MOMENTS = """
UPDATE copy SET created_at = e.at FROM case_event e
 WHERE e.change_request_id = copy.change_request_id AND e.kind = 'copied' AND e.actor_id = copy.sent_by_id
   AND e.at BETWEEN copy.created_at AND copy.created_at + interval '5 seconds';
UPDATE copy SET read_at = e.at FROM case_event e
 WHERE e.change_request_id = copy.change_request_id AND e.kind = 'noted' AND e.actor_id = copy.account_id
   AND e.at BETWEEN copy.read_at AND copy.read_at + interval '5 seconds';
"""


def upgrade() -> None:
    op.execute(MOMENTS)
    op.execute("""
        ALTER TABLE task DROP COLUMN excluded_ids,
            ADD COLUMN separate_from varchar(100)[] NOT NULL DEFAULT '{}',
            ADD COLUMN asker_ids bigint[] NOT NULL DEFAULT '{}';
        ALTER TABLE task ALTER COLUMN separate_from DROP DEFAULT, ALTER COLUMN asker_ids DROP DEFAULT,
            ADD CONSTRAINT only_what_is_done_was_done_by_somebody
                CHECK (state = 'done' OR ended_by_id IS NULL AND ended_for_id IS NULL);
    """)


def downgrade() -> None:
    op.execute("""
        ALTER TABLE task DROP CONSTRAINT only_what_is_done_was_done_by_somebody,
            DROP COLUMN separate_from, DROP COLUMN asker_ids,
            ADD COLUMN excluded_ids bigint[] NOT NULL DEFAULT '{}';
        ALTER TABLE task ALTER COLUMN excluded_ids DROP DEFAULT;
    """)
