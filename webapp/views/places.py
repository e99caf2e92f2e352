"""Divisions as a form offers them."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext

from forms.choices import SelectChoice
from models import Division
from models.enums import DivisionLevel


def place_choices(divisions: Sequence[Division]) -> list[SelectChoice]:
    """Return the cities and counties to choose from, each under the name of its province, and first none of them."""
    return [SelectChoice("", gettext("Please choose")), *_by_province(divisions)]


def _by_province(divisions: Sequence[Division]) -> Iterator[SelectChoice]:
    provinces = {place.code[:2]: place.name for place in divisions if place.level == DivisionLevel.PROVINCE}
    for place in divisions:
        if place.level != DivisionLevel.PROVINCE:
            yield SelectChoice(place.code, place.name, optgroup=provinces[place.code[:2]])
