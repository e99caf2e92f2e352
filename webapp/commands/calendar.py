"""`xueji calendar`: time limits in working days, and the years whose working days are loaded."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from models import CalendarYear
from webapp.clock import SHANGHAI
from webapp.commands.sessions import command_session
from webapp.services.calendar.due_dates import missing_years
from webapp.services.calendar.files import read_year
from webapp.services.calendar.working_days import calendar_of
from webapp.services.calendar.years import load_shipped_years, load_year, loaded_years, set_day

LIMIT = re.compile(r"(?P<days>[0-9]{1,4})wd")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def calendar() -> None:
    """Compute time limits in working days; load and correct the years."""


def _moment(_: click.Context, __: click.Parameter, given: str) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
        return moment.astimezone(SHANGHAI) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        raise click.BadParameter(f"“{given}” is no moment; write it as 2022-09-30T10:00") from None


def _working_days(_: click.Context, __: click.Parameter, given: str) -> int:
    limit = LIMIT.fullmatch(given)
    if limit is None:
        raise click.BadParameter(f"“{given}” is no limit in working days; write it as 5wd")
    return int(limit["days"])


@calendar.command()
@click.argument("start", callback=_moment)
@click.argument("limit", callback=_working_days)
@json_option
def due(start: datetime, limit: int, *, as_json: bool) -> None:
    """Print the last day of a LIMIT (5wd) that an event at START (2022-09-30T10:00, in China) sets off."""
    with _calendar_session() as session:
        working_calendar = calendar_of(session)
    found = working_calendar.due(start.date(), limit)
    missing = working_calendar.missing_years(start.date(), found.day)
    doubt = f" (provisional: {_listed(missing)} not loaded)" if found.provisional else ""
    facts = {"due": found.day.isoformat(), "provisional": found.provisional}
    _tell(facts, f"{found.day:%Y-%m-%d %A}{doubt}", as_json=as_json)


@calendar.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def load(file: Path, *, as_json: bool) -> None:
    """Load a year from FILE (TOML: year, source, days_off, make_up_days) in place of what is known of it."""
    year = read_year(file.read_bytes(), file.name)
    with _calendar_session() as session:
        moved = load_year(session, year)
        session.commit()
    facts = {
        "year": year.year,
        "days_off": len(year.days_off),
        "make_up_days": len(year.make_up_days),
        "due_dates_changed": moved,
    }
    _tell(facts, f"{year.year} is loaded; {moved} due dates changed.", as_json=as_json)


@calendar.command("set")
@click.argument("day", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("what", type=click.Choice(["work", "off"]))
@click.argument("name")
@json_option
def set_command(day: datetime, what: str, name: str, *, as_json: bool) -> None:
    """Declare one DAY of a loaded year worked or off, and its NAME such as 防汛抢险."""
    with _calendar_session() as session:
        moved = set_day(session, day.date(), working=what == "work", name=name)
        session.commit()
    _tell({"due_dates_changed": moved}, f"{moved} due dates changed.", as_json=as_json)


@calendar.command()
@json_option
def years(*, as_json: bool) -> None:
    """List the years that are loaded, by whom and when, and those that open tasks' due dates wait for."""
    with _calendar_session() as session:
        loaded = {year.year: _about(year) for year in loaded_years(session)}
        missing = missing_years(session)
    lines = [f"{year}  {'  '.join(filter(None, about.values()))}" for year, about in loaded.items()]
    wanted = [f"missing: {_listed(missing)}"] if missing else []
    _tell({"loaded": loaded, "missing": missing}, "\n".join(lines + wanted), as_json=as_json)


def _about(year: CalendarYear) -> dict[str, str | None]:
    """What is listed of a year; nobody loaded it but the system if there is no login."""
    loaded_at = year.loaded_at.astimezone(SHANGHAI).isoformat(timespec="minutes")
    login = year.loaded_by.login if year.loaded_by else None
    return {"source": year.source, "loaded_at": loaded_at, "loaded_by": login}


@contextmanager
def _calendar_session() -> Iterator[Session]:
    """A session on a database that holds at least the years this installation ships."""
    with command_session() as session:
        load_shipped_years(session)
        session.commit()
        yield session


def _listed(years_: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(years_)))


def _tell(facts: Mapping[str, object], words: str, *, as_json: bool) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else words)
