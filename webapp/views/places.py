"""Divisions as a form offers them: the province first, then the cities and counties of that one."""

from collections.abc import Iterator, Sequence

from flask import request
from flask_babel import gettext

from forms.choices import SelectChoice
from forms.elsewhere import SchoolElsewhereForm
from forms.letter import LetterForm
from forms.newcomer import NewcomerForm
from models import Division
from models.enums import DivisionLevel

PlaceForm = LetterForm | NewcomerForm | SchoolElsewhereForm


def offer_places(form: PlaceForm, divisions: Sequence[Division]) -> None:
    """Give a form the provinces of these divisions, and the cities and counties of the one that was chosen."""
    provinces = [place for place in divisions if place.level == DivisionLevel.PROVINCE]
    form.province.choices = [
        SelectChoice("", gettext("Please choose")),
        *(SelectChoice(place.code, place.name) for place in provinces),
    ]
    chosen = next((place for place in provinces if place.code == form.province.data), None)
    first = gettext("Please choose") if chosen else gettext("Choose the province first")
    within = _within(chosen, divisions) if chosen else ()
    form.division_code.choices = [SelectChoice("", first), *within]


def asks_for_places(form: PlaceForm) -> bool:
    """Whether only the cities and counties of a province are asked for: by the script, or by the button.

    Enter in a field presses that button too; it sends the form once one of them was chosen.
    """
    if "places" not in request.form:
        return False
    province, division = form.province.data or "", form.division_code.data or ""
    is_chosen = division != "" and division[:2] == province[:2]
    return "HX-Request" in request.headers or not is_chosen


def _within(province: Division, divisions: Sequence[Division]) -> Iterator[SelectChoice]:
    """Yield each city with its counties under its name, and alone those that lie in no city."""
    inside = [place for place in divisions if place.code[:2] == province.code[:2] and place != province]
    cities = {place.code: place.name for place in inside if place.level == DivisionLevel.CITY}
    for place in inside:
        city = cities.get(place.code) or cities.get(place.superior_code or "")
        yield SelectChoice(place.code, place.name, optgroup=city)
