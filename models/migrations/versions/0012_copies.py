"""Opinions that officers have not given yet; and which forms were sent."""

from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE draft_opinion (
    task_id bigint CONSTRAINT fk_draft_opinion_task_id_task REFERENCES task,
    account_id bigint CONSTRAINT fk_draft_opinion_account_id_account REFERENCES account,
    text text NOT NULL,
    items varchar(32)[] NOT NULL,
    saved_at timestamptz NOT NULL,
    CONSTRAINT pk_draft_opinion PRIMARY KEY (task_id, account_id)
);

CREATE TABLE form_token (
    token bytea CONSTRAINT pk_form_token PRIMARY KEY,
    account_id bigint NOT NULL CONSTRAINT fk_form_token_account_id_account REFERENCES account,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_form_token_created_at ON form_token (created_at);
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE form_token, draft_opinion")
