"""The place of a school elsewhere is chosen in two steps, by a script or without: the province, then city or county."""

import html
import re
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import ChangeRequest, Office, Student
from models.enums import Role, Stage
from tests.webapp.newcomers import a_newcomer, as_typed, elsewhere_at
from tests.webapp.outside.leavers import leaving
from tests.webapp.site import Site, Visitor, a_site, said
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

Form = tuple[Visitor, str, dict[str, object]]
OPTION = re.compile(r'<option(?: selected)? value="(\d{6})"(?: selected)?>')
SHOW = {"places": "1"}
JINJIANG, SONG = "510104", "410325"


@pytest.fixture
def site(here) -> Iterator[Site]:
    with a_site(here) as site:
        yield site


def of_a_newcomer(site: Site) -> Form:
    family = makers.person_of(site.session, makers.an_account(site.session, "家长"))
    return site.visitor(family), "/children/new", as_typed(a_newcomer())


def of_a_leaver(site: Site) -> Form:
    road = leaving(site.session, Stage.VOCATIONAL, grade=2)
    path = f"/children/{road.student.id}/transfer/elsewhere"
    return site.visitor(road.guardian), path, {"school": "锦江职业学校", **elsewhere_at(JINJIANG)}


def of_a_letter(site: Site) -> Form:
    registrar = makers.an_officer(site.session, makers.a_school(site.session, SONG), Role.REGISTRAR)
    return site.visitor(registrar), "/outside/letters/new", {"school": "锦江小学", **elsewhere_at(JINJIANG)}


@pytest.fixture(params=[of_a_newcomer, of_a_leaver, of_a_letter], ids=lambda form: form.__name__)
def form(request: pytest.FixtureRequest, site: Site) -> Form:
    make: Callable[[Site], Form] = request.param
    return make(site)


def offered(page: str, name: str) -> list[str]:
    """The codes that a select of a page offers."""
    select_of = re.search(rf'<select[^>]* name="{name}".*?</select>', page, re.DOTALL)
    assert select_of, name
    return OPTION.findall(select_of[0])


def rows(session: Session) -> list[int]:
    session.rollback()
    return [
        session.scalar(select(func.count()).select_from(table)) for table in (Student, Office, ChangeRequest)
    ]


def test_first_the_provinces_that_are_not_served_here_are_offered_and_no_county(form: Form) -> None:
    visitor, path, _ = form
    page = visitor.get(path).text
    assert {"110000", "510000", "650000"} <= set(offered(page, "province"))
    assert "410000" not in offered(page, "province")
    assert offered(page, "division_code") == []
    assert "Choose the province first" in page


def test_the_button_shows_the_places_of_the_province_keeps_what_was_typed_and_sends_nothing(
    form: Form, here: Session
) -> None:
    visitor, path, typed = form
    before = rows(here)
    answer = visitor.post(path, **typed | SHOW | {"division_code": ""})
    assert answer.status_code == 200, said(answer)
    places = offered(answer.text, "division_code")
    assert {place[:2] for place in places} == {"51"}
    assert "510000" not in places
    assert '<optgroup label="成都市">' in html.unescape(answer.text)
    assert f'value="{typed["school"]}"' in answer.text
    assert 'role="alert"' not in answer.text
    assert rows(here) == before


def test_another_province_shows_its_own_places(form: Form) -> None:
    visitor, path, typed = form
    answer = visitor.post(path, **typed | SHOW | {"province": "330000"})
    assert answer.status_code == 200, said(answer)
    assert {place[:2] for place in offered(answer.text, "division_code")} == {"33"}


def test_a_place_of_another_province_than_the_one_chosen_is_refused(form: Form) -> None:
    visitor, path, typed = form
    answer = visitor.post(path, **typed | {"province": "330000"})
    assert (answer.status_code, "Choose one from the list." in said(answer)) == (422, True)


def test_without_a_province_one_is_asked_for_it(form: Form) -> None:
    visitor, path, typed = form
    answer = visitor.post(path, **typed | {"province": ""})
    assert (answer.status_code, "Choose the province of the school." in said(answer)) == (422, True)


def test_enter_in_a_field_sends_the_form_once_the_place_is_chosen(site: Site) -> None:
    """A browser presses the first button of a form then, which is the one that shows places."""
    for make in (of_a_newcomer, of_a_leaver):
        visitor, path, typed = make(site)
        answer = visitor.post(path, **typed | SHOW)
        assert answer.status_code == 303, said(answer)


def test_the_script_gets_the_places_alone_whatever_was_chosen_before(form: Form, here: Session) -> None:
    visitor, path, typed = form
    before = rows(here)
    sent = {"csrf_token": visitor.token(), **typed, **SHOW}
    answer = visitor.client.post(path, data=sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert '<div id="places">' in answer.text
    assert JINJIANG in offered(answer.text, "division_code")
    assert rows(here) == before
