"""Which forms were sent."""

from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = """
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
    op.execute("DROP TABLE form_token")
