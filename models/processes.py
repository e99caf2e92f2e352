"""Published versions of the processes: a diagram with its tables, frozen."""

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Moment


class ProcessFile(Base):
    """The text of a file (BPMN or DMN), under its SHA-256 in hexadecimal. Never changed; many versions may have it."""

    __tablename__ = "process_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str]


class ProcessVersion(Base):
    """One version of one process. `files` maps a file's name to the SHA-256 of its text; it never changes, and
    `sha256` is that of the whole.

    Running cases keep the version they were started on; new ones take the version in force.
    """

    __tablename__ = "process_version"
    __table_args__ = (
        CheckConstraint("number > 0", name="versions_count_from_1"),
        UniqueConstraint("process", "number", name="one_process_version_per_number"),
        Index(
            "one_version_in_force_per_process", "process", unique=True, postgresql_where="retired_at IS NULL"
        ),
    )

    id: Mapped[Key]
    process: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(100))
    files: Mapped[dict[str, str]] = mapped_column(JSONB, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[Moment]
    retired_at: Mapped[Moment | None]
