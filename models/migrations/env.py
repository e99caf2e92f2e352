"""Alembic's entry: runs migrations on the one database, online only."""

from alembic import context
from sqlalchemy import create_engine, pool

from models import Base

url = context.config.get_main_option("sqlalchemy.url")
assert url, "models.migrations runs through webapp.database.migrate"

with create_engine(url, poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
