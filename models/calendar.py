"""The legal calendar (工作日历): which days are working days, year by year, make-up days included."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Moment
from models.people import Account


class CalendarYear(Base):
    """A year whose working days are known, and who loaded or edited it last (nobody: the system).

    `revision` grows at every edit, so that caches notice.
    """

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(200))
    revision: Mapped[int]
    loaded_at: Mapped[Moment]
    loaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    loaded_by: Mapped[Account | None] = relationship()


class CalendarException(Base):
    """A day that breaks the week's rule: a weekday off (放假) or a weekend worked (调休)."""

    __tablename__ = "calendar_exception"

    day: Mapped[date] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey("calendar_year.year", ondelete="CASCADE"))
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(60))
