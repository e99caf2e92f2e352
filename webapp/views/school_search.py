"""Looking for a school of the provinces that are served here: by place, and by a part of its name."""

from collections.abc import Sequence

from flask import request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from forms.choices import SelectChoice
from forms.transfer import SchoolSearchForm
from models import Division, Office
from models.enums import DivisionLevel, Stage
from webapp import clock
from webapp.database import db
from webapp.labels import label
from webapp.services.changes.planning import AFTER_COMPULSORY
from webapp.services.changes.school_choice import divisions_of_province, provinces_here
from webapp.services.offices.tree import find_schools


def search_form(present: Office) -> SchoolSearchForm:
    """Return the form as it was sent; at first it looks for schools like the present one, in its province.

    Of another province than the one searched in before, the places are not known to the form yet.
    """
    provinces = provinces_here(db.session())
    codes = [province.code for province in provinces]
    here = present.division_code[:2] + "0000"
    asked = MultiDict(request.args)
    asked.setdefault("province", here if here in codes else codes[0])
    asked.setdefault("stage", present.stage or "")
    form = SchoolSearchForm(asked)
    if present.stage in AFTER_COMPULSORY:
        # Between these a student can change (普职互转): domain 3.1.4 V9.
        stages = [stage for stage in Stage if stage in AFTER_COMPULSORY]
        form.stage.choices = [SelectChoice(stage.value, label(stage)) for stage in stages]
    else:
        del form.stage
    chosen = form.province.data if form.province.data in codes else codes[0]
    form.province.choices = [SelectChoice(province.code, province.name) for province in provinces]
    places = divisions_of_province(db.session(), chosen)
    form.division.choices = [
        SelectChoice("", gettext("Anywhere in the province")),
        *_division_choices(places),
    ]
    if "province" in request.args and (form.division.data or "")[:2] != chosen[:2]:
        form.division.data = ""
    return form


def _division_choices(divisions: Sequence[Division]) -> list[SelectChoice]:
    """Each city above its counties, and the counties without a city under their province."""
    cities = {place.code: place.name for place in divisions if place.level == DivisionLevel.CITY}
    return [
        SelectChoice(place.code, place.name, optgroup=cities.get(place.superior_code or "", place.name))
        if place.level == DivisionLevel.COUNTY
        else SelectChoice(place.code, gettext("All of %(city)s", city=place.name), optgroup=place.name)
        for place in divisions
    ]


def found_by(form: SchoolSearchForm, stage: Stage | None) -> Sequence[Office]:
    """Return the schools that fit a form, of the stage that it asks for or else of this one."""
    return find_schools(
        db.session(),
        form.name.data or "",
        clock.today(),
        division_code=form.division.data or form.province.data,
        stage=form.stage.data if "stage" in form else stage,
    )
