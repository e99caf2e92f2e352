"""The pages about other provinces (外省), as an officer of the case sees them."""

from collections.abc import Iterator

import pytest

from models.enums import CaseState, Role
from tests.webapp.site import Site, a_site, said
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


@pytest.fixture
def site(here) -> Iterator[Site]:
    with a_site(here) as site:
        yield site


@pytest.fixture
def registrar(site, inbound):
    return site.visitor(inbound.officers[inbound.receiving.id, Role.REGISTRAR])


def an_answer(**given: object) -> dict[str, object]:
    return {
        "outcome": "approve",
        "told_by": "成都市锦江区教育局 王老师",
        "told_at": "2025-09-10T09:00",
        "reference": "川教函〔2025〕12号",
        **given,
    }


def test_what_another_province_is_asked_for_is_listed(registrar, inbound, asked) -> None:
    page = registrar.reads("/outside")
    assert inbound.student.name in page
    assert "四川省" in page
    assert "Not connected: by telephone or letter" in page


def test_what_was_told_is_taken_down_and_stands_in_the_history(registrar, inbound, asked) -> None:
    task = inbound.open_task(asked)
    answer = registrar.post(f"/outside/{task.id}", version=asked.version, **an_answer())
    assert answer.status_code == 303, said(answer)
    assert inbound.open_task(asked).step == "outside_releasing"
    assert "Told by 成都市锦江区教育局 王老师" in registrar.reads(f"/cases/{asked.id}")


def test_codes_of_the_platform_are_taken_down_and_explained_to_the_family(
    site, registrar, inbound, asked
) -> None:
    task = inbound.open_task(asked)
    given = an_answer(outcome="return", codes="2003")
    answer = registrar.post(f"/outside/{task.id}", version=asked.version, **given)
    assert answer.status_code == 303, said(answer)
    assert inbound.state_of(asked) == CaseState.RETURNED
    page = site.visitor(inbound.guardian).reads(f"/cases/{asked.id}")
    assert "2003" in page
    assert "clear the problem record" in page


def test_a_family_corrects_name_and_number_that_the_platform_found_wrong(
    site, registrar, inbound, asked
) -> None:
    task = inbound.open_task(asked)
    registrar.post(f"/outside/{task.id}", version=asked.version, **an_answer(outcome="return", codes="2001"))
    family = site.visitor(inbound.guardian)
    assert "Correct name and number" in family.reads(f"/cases/{asked.id}")
    number = inbound.student.registry_number
    wrong = family.post(f"/cases/{asked.id}/pupil", name="林 晓禾", registry_number=number)
    assert (wrong.status_code, "without blanks" in said(wrong)) == (422, True)
    right = family.post(f"/cases/{asked.id}/pupil", name="林晓禾", registry_number=number)
    assert right.status_code == 303
    assert "林晓禾" in family.reads(f"/cases/{asked.id}")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"told_by": " "}, "Say which office told you"),
        ({"told_by": "\u200b\u2060"}, "Say which office told you"),
        ({"told_by": "……"}, "Say which office told you"),
        ({"outcome": "acknowledge"}, "Choose one from the list"),
        ({"outcome": "return"}, "Choose what the platform found"),
        ({"told_at": "yesterday"}, "Not a valid datetime"),
    ],
)
def test_an_answer_without_its_source_is_refused_and_kept(registrar, inbound, asked, wrong, problem) -> None:
    task = inbound.open_task(asked)
    answer = registrar.post(f"/outside/{task.id}", version=asked.version, **an_answer(**wrong))
    assert answer.status_code == 422
    assert problem in said(answer)
    assert "川教函〔2025〕12号" in answer.text


def test_an_officer_without_a_part_in_the_case_takes_nothing_down(site, inbound, asked, here) -> None:
    elsewhere = makers.an_officer(here, makers.a_school(here, "410324"), Role.REGISTRAR)
    task = inbound.open_task(asked)
    for visitor in (site.visitor(elsewhere), site.visitor(inbound.guardian)):
        assert visitor.get(f"/outside/{task.id}").status_code == 403
        assert visitor.post(f"/outside/{task.id}", version=asked.version, **an_answer()).status_code == 403
