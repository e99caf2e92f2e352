"""Copies (抄送) on the pages: sent from a case or a task, found under a tab, and read."""

import re

import pytest

from models import ChangeRequest, Task
from models.enums import Role
from tests.webapp.road import Road, work_off
from tests.webapp.site import Site, Visitor, said

pytestmark = pytest.mark.slow


@pytest.fixture
def lead(site: Site, road: Road) -> Visitor:
    """The releasing school's lead at a browser."""
    return site.visitor(road.officers[road.releasing.id, Role.LEAD])


def to_lead(road: Road, **said: object) -> dict[str, object]:
    """A copy to the releasing school's lead."""
    return {"to": road.officers[road.releasing.id, Role.LEAD].account_id, "word": "请知悉", **said}


def test_a_copy_is_found_under_its_tab_opened_and_read(
    registrar: Visitor, lead: Visitor, road: Road, case: ChangeRequest, task: Task
) -> None:
    page = f"/cases/{case.id}"
    assert "Copy for information" in registrar.reads(page)
    answer = registrar.post(f"{page}/copies", **to_lead(road, task=task.id))
    assert answer.location == f"/tasks/{task.id}"
    work_off(road.session)
    assert "is copied to you for information" in lead.reads("/notices")
    assert "Copies 1" in lead.reads("/inbox")
    tab = lead.get("/inbox/copies")
    sender = road.officer(task).name
    assert f"{sender}: 请知悉" in said(tab)
    assert "Not read yet" in said(tab)
    assert f'href="{page}"' in tab.text
    assert f"{sender} copied this case to you" in lead.reads(page)
    assert lead.post(f"{page}/copies/read").location == "/inbox/copies"
    assert "Copies 0" in lead.reads("/inbox/copies")
    assert "copied this case to you" not in lead.reads(page)
    history = registrar.reads(page)
    assert "Read the copy" in history
    assert "Copied for information" in history


def test_the_family_reads_nothing_of_it(
    site: Site, registrar: Visitor, lead: Visitor, road: Road, case: ChangeRequest
) -> None:
    registrar.post(f"/cases/{case.id}/copies", **to_lead(road))
    lead.post(f"/cases/{case.id}/copies/read")
    work_off(road.session)
    family = site.visitor(road.guardian)
    for page in (f"/cases/{case.id}", "/notices"):
        words = family.reads(page)
        assert "请知悉" not in words
        assert "cop" not in words.lower()


@pytest.mark.parametrize("nobody", [{}, {"to": 2**40}, {"to": "x"}])
def test_a_copy_to_nobody_is_refused_and_the_word_kept(
    registrar: Visitor, case: ChangeRequest, nobody: dict[str, object]
) -> None:
    answer = registrar.post(f"/cases/{case.id}/copies", word="请知悉", **nobody)
    assert answer.status_code == 422
    assert 'value="请知悉"' in answer.text
    assert re.search(r"<details open>\s*<summary class=\"btn\">Copy for information", answer.text)


def test_whoever_was_sent_nothing_reads_what_will_be_listed(lead: Visitor) -> None:
    assert "Nothing was copied to you" in lead.reads("/inbox/copies")
    assert lead.get("/inbox/copies?after=2~1").status_code == 400
    assert lead.get("/inbox/copies?after=1~1").status_code == 200
