"""The pages of a pupil who goes to a province that is not served here, by application or on its letter."""

from collections.abc import Iterator

import pytest

from models.enums import OverlayKind, Role, Stage
from tests.webapp.newcomers import elsewhere_at
from tests.webapp.outside.leavers import leaving
from tests.webapp.outside.letters import a_letter, cases_of, registrar_of
from tests.webapp.road import Road
from tests.webapp.site import Site, Visitor, a_site, said
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

LINK = "To a school of a province that is not served here"


@pytest.fixture
def site(here) -> Iterator[Site]:
    with a_site(here) as site:
        yield site


@pytest.fixture
def desk(site, outbound) -> Visitor:
    """The registrar of the school that the pupil leaves, at a browser."""
    return site.visitor(registrar_of(outbound))


def letter_of(road: Road, **changes: object) -> dict[str, object]:
    letter = a_letter(road)
    return {
        "number": letter.number,
        "name": letter.name,
        "school": letter.school,
        **elsewhere_at(letter.division_code),
        "grade": letter.grade,
        "reason": letter.reason.value,
        "told_by": letter.evidence.told_by,
        "told_at": "2025-09-10T09:00",
        "reference": letter.evidence.reference,
        **changes,
    }


def test_a_family_reads_that_it_applies_at_the_receiving_school(site, outbound) -> None:
    family = site.visitor(outbound.guardian)
    assert LINK in family.reads(f"/children/{outbound.student.id}/transfer")
    path = f"/children/{outbound.student.id}/transfer/elsewhere"
    page = family.reads(path)
    assert "Apply at the school that the child shall go to" in page
    assert "第十四条" in page
    assert family.post(path, **elsewhere_at("510104"), school="锦江学校").status_code == 422


def test_a_forged_address_of_a_school_elsewhere_leads_to_the_same_advice(site, outbound) -> None:
    path = f"/children/{outbound.student.id}/transfer/to/{outbound.receiving.id}"
    answer = site.visitor(outbound.guardian).post(path, grade="3", reason="household_move")
    assert answer.status_code == 422
    assert f"Apply at {outbound.receiving.name}" in said(answer)


@pytest.mark.parametrize("who", ["family", "registrar"])
def test_a_vocational_pupils_school_elsewhere_is_named_and_leads_to_the_details(site, here, who) -> None:
    road = leaving(here, Stage.VOCATIONAL, grade=2)
    visitor = site.visitor(road.guardian if who == "family" else registrar_of(road))
    path = f"/children/{road.student.id}/transfer/elsewhere"
    answer = visitor.post(path, **elsewhere_at("330106"), school="西湖职业学校")
    assert answer.status_code == 303, said(answer)
    details = answer.headers["Location"]
    assert "To 西湖职业学校" in visitor.reads(details)
    answer = visitor.post(details, grade="2", schooling_years="3", reason="household_move")
    assert answer.status_code == 303, said(answer)
    assert "浙江省教育厅" in visitor.reads(f"/children/{road.student.id}/transfer/check")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"school": "……"}, "Type the name of the school."),
        ({"division_code": "410325"}, "Choose one from the list."),
        ({"division_code": ""}, "Choose where the school is."),
    ],
)
def test_a_school_elsewhere_without_name_or_place_is_refused(site, here, wrong, problem) -> None:
    road = leaving(here, Stage.VOCATIONAL, grade=2)
    path = f"/children/{road.student.id}/transfer/elsewhere"
    given = elsewhere_at("330106") | {"school": "西湖职业学校"} | wrong
    answer = site.visitor(road.guardian).post(path, **given)
    assert answer.status_code == 422
    assert problem in said(answer)


def test_a_child_at_a_school_elsewhere_is_offered_no_other_one_elsewhere(site, inbound) -> None:
    family = site.visitor(inbound.guardian)
    assert LINK not in family.reads(f"/children/{inbound.student.id}/transfer")
    assert family.get(f"/children/{inbound.student.id}/transfer/elsewhere").status_code == 403


def test_a_letter_is_taken_down_and_told_to_the_family_with_its_number(site, desk, outbound) -> None:
    assert "A letter asks for a pupil" in desk.reads("/outside")
    answer = desk.post("/outside/letters/new", **letter_of(outbound))
    assert answer.status_code == 303, said(answer)
    case = answer.headers["Location"]
    for visitor in (desk, site.visitor(outbound.guardian)):
        page = visitor.reads(case)
        assert "Asked for by letter" in page
        assert "Letter of 成都市锦江区教育局 王老师" in page
        assert "川教函〔2025〕31号" in page


def test_what_is_found_wrong_is_told_in_words_and_the_letter_is_kept(desk, outbound, here) -> None:
    makers.an_overlay(here, outbound.student, OverlayKind.PROBLEM)
    here.commit()
    answer = desk.post("/outside/letters/new", **letter_of(outbound))
    assert answer.status_code == 422
    assert "answer it with what was found: 2003." in said(answer)
    assert "2003 Open problem record" in said(answer)
    assert "川教函〔2025〕31号" in answer.text


def test_of_a_province_that_is_connected_the_page_says_that_it_asks_by_message(
    connected, site, desk, outbound
) -> None:
    assert "What these ask for comes by itself: 四川省" in desk.reads("/outside/letters/new")
    answer = desk.post("/outside/letters/new", **letter_of(outbound))
    assert (answer.status_code, "四川省 is connected" in said(answer)) == (409, True)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"told_by": "\u200b"}, "Say which office wrote it"),
        ({"told_at": ""}, "Say when the letter came."),
        ({"division_code": "410325"}, "Choose one from the list."),
        ({"grade": ""}, "Type the grade as a number."),
        ({"number": "12"}, "A registry number is"),
        ({"reason": "none"}, "Choose one from the list."),
    ],
)
def test_a_letter_that_says_too_little_is_refused_and_kept(desk, outbound, wrong, problem) -> None:
    answer = desk.post("/outside/letters/new", **letter_of(outbound, **wrong))
    assert answer.status_code == 422
    assert problem in said(answer)
    assert cases_of(outbound) == 0


def test_only_registrars_find_the_letters(site, outbound, here) -> None:
    lead = outbound.officers[outbound.releasing.id, Role.LEAD]
    for person in (lead, outbound.guardian):
        visitor = site.visitor(person)
        assert visitor.get("/outside/letters/new").status_code == 403
        assert visitor.post("/outside/letters/new", **letter_of(outbound)).status_code == 403
    assert "A letter asks for a pupil" not in site.visitor(lead).reads("/outside")
    assert cases_of(outbound) == 0
