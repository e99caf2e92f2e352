"""A child at a school of another province, as its family enters it."""

from datetime import date
from itertools import count

from models.enums import Sex, Stage
from webapp.services.exchange.newcomers import Newcomer

_serials = count(1)


def a_newcomer() -> Newcomer:
    """A girl born on 15 January 2015, at a school in Chengdu's Jinjiang district."""
    return Newcomer(
        name="林小禾",
        registry_number=f"G51010420150115{2 * next(_serials):03d}0",
        birth_date=date(2015, 1, 15),
        sex=Sex.FEMALE,
        school="锦江小学",
        division_code="510104",
        stage=Stage.COMPULSORY,
        grade=4,
        since=date(2022, 9, 1),
    )


def as_typed(newcomer: Newcomer, **changes: object) -> dict[str, object]:
    """A child as its family types it into the form."""
    typed = {name: getattr(newcomer, name) for name in Newcomer.__slots__}
    return typed | elsewhere_at(newcomer.division_code) | changes


def elsewhere_at(division_code: str) -> dict[str, str]:
    """A place as a form takes it: the province, and a city or county of it."""
    return {"province": f"{division_code[:2]}0000", "division_code": division_code}
