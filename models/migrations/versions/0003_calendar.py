"""The legal calendar (工作日历): the years that are known, and the days that break the week's rule."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE calendar_year (
    year integer CONSTRAINT pk_calendar_year PRIMARY KEY,
    source varchar(200) NOT NULL,
    revision integer NOT NULL,
    loaded_at timestamptz NOT NULL,
    loaded_by_id bigint CONSTRAINT fk_calendar_year_loaded_by_id_account REFERENCES account
);

CREATE TABLE calendar_exception (
    day date CONSTRAINT pk_calendar_exception PRIMARY KEY,
    year integer NOT NULL
        CONSTRAINT fk_calendar_exception_year_calendar_year REFERENCES calendar_year
            ON DELETE CASCADE,
    working boolean NOT NULL,
    name varchar(60) NOT NULL
);
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE calendar_exception, calendar_year")
