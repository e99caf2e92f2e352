"""Yellow cards, and the time limit of a whole case with its timers.

Of cases that are there already only the last day of their steps is known: the doctor derives the rest.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NOTICES = """'submitted', 'arrived', 'readdressed', 'returned', 'record_conflict', 'resubmitted', 'rejected',
    'withdrawn', 'revoked', 'terminated', 'recalled', 'urged', 'handed_over', 'asked', 'sent_back',
    'answered', 'copied', 'reminder', {new}'completed', 'contradicted'"""

KINDS = """
ALTER TABLE timer DROP CONSTRAINT kind_is_known,
    ADD CONSTRAINT kind_is_known CHECK (kind IN ({timers}));
ALTER TABLE outbox DROP CONSTRAINT kind_is_known,
    ADD CONSTRAINT kind_is_known CHECK (kind IN ({notices}));
ALTER TABLE notice DROP CONSTRAINT kind_is_known,
    ADD CONSTRAINT kind_is_known CHECK (kind IN ({notices}));
"""

CASES = """
ALTER TABLE change_request ADD COLUMN limit_days integer, ADD COLUMN due_on date,
    ADD COLUMN due_provisional boolean NOT NULL DEFAULT false;

UPDATE change_request c SET limit_days = 0, due_on = coalesce(
    (SELECT max(due_on) FROM task WHERE change_request_id = c.id),
    CAST(submitted_at AT TIME ZONE 'Asia/Shanghai' AS date)) WHERE state <> 'draft';

ALTER TABLE change_request ADD CONSTRAINT a_submitted_case_has_its_limit
    CHECK ((state = 'draft') = (limit_days IS NULL) AND (state = 'draft') = (due_on IS NULL));
CREATE INDEX ix_change_request_provisional ON change_request (id) WHERE due_provisional AND state = 'in_review';

CREATE TABLE case_timer (
    change_request_id bigint
        CONSTRAINT fk_case_timer_change_request_id_change_request REFERENCES change_request ON DELETE CASCADE,
    key varchar(120),
    kind varchar(32) NOT NULL
        CONSTRAINT kind_is_known CHECK (kind IN ('total')),
    due_at timestamptz NOT NULL,
    CONSTRAINT pk_case_timer PRIMARY KEY (change_request_id, key)
);
CREATE INDEX ix_case_timer_due_at ON case_timer (due_at);
"""

# What only this version can say is unsaid.
BACK = """
DROP TABLE case_timer;
ALTER TABLE change_request DROP COLUMN limit_days, DROP COLUMN due_on, DROP COLUMN due_provisional;
UPDATE timer SET kind = 'reminder' WHERE kind = 'yellow';
DELETE FROM outbox WHERE kind IN ('yellow', 'case_overdue');
DELETE FROM delivery WHERE notice_id IN (SELECT id FROM notice WHERE kind IN ('yellow', 'case_overdue'));
DELETE FROM notice WHERE kind IN ('yellow', 'case_overdue');
"""


def upgrade() -> None:
    notices = NOTICES.format(new="'yellow', 'overdue', 'case_overdue', ")
    op.execute(KINDS.format(timers="'reminder', 'yellow', 'overdue'", notices=notices) + CASES)


def downgrade() -> None:
    notices = NOTICES.format(new="'overdue', ")
    op.execute(BACK + KINDS.format(timers="'reminder', 'overdue'", notices=notices))
