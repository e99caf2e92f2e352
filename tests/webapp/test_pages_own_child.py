"""An officer whose child it is reads of the case what a family reads, on the page of its task too."""

import pytest

from models import Account, ChangeRequest, Task
from models.enums import Ask, Role
from tests.webapp.asking.asked import asks, at
from tests.webapp.road import Road
from tests.webapp.site import Site
from webapp.policy import Person
from webapp.services.cases.claims import claim
from webapp.services.cases.comments import comment
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

COUNTY = "receiving_authorities/in_county"
WORD, QUESTION = "内部：户口存疑", "请查户口"


@pytest.fixture
def case(road: Road) -> ChangeRequest:
    """A case of which officers have spoken among themselves."""
    case = road.applied(until=COUNTY)
    comment(road.session, road.officers[road.receiving.id, Role.LEAD], case.id, WORD)
    return case


@pytest.fixture
def chief(road: Road, case: ChangeRequest) -> Person:
    """The county's chief, who was asked, and has claimed what he was asked."""
    chief = makers.an_officer(road.session, road.open_task(case).office, Role.CHIEF)
    road.session.commit()
    asks(road, case, Ask.OPINION, chief, question=QUESTION)
    return chief


@pytest.fixture
def asked(road: Road, case: ChangeRequest, chief: Person) -> Task:
    return at(road, case, "in_county:1+1")


def _becomes_a_guardian(road: Road, person: Person) -> None:
    makers.a_guardian(road.session, road.student, account=road.session.get_one(Account, person.account_id))
    road.session.commit()


def test_the_parent_reads_neither_comment_nor_question_nor_name(
    site: Site, road: Road, case: ChangeRequest, chief: Person, asked: Task
) -> None:
    visitor = site.visitor(chief)
    before = visitor.reads(f"/tasks/{asked.id}")
    names = [chief.name, road.officers[road.receiving.id, Role.LEAD].name]
    assert all(each in before for each in (WORD, QUESTION, *names))
    _becomes_a_guardian(road, chief)
    own = visitor.reads(f"/tasks/{asked.id}").replace(chief.name, "", 1)  # above the page stands who reads
    assert not any(each in own for each in (WORD, QUESTION, *names))
    assert "your own child" in own


def test_nor_who_has_claimed_it(site: Site, road: Road, case: ChangeRequest) -> None:
    task = road.open_task(case)
    handler, parent = road.officer(task), makers.an_officer(road.session, task.office, Role.HANDLER)
    claim(road.session, handler, task.id)
    visitor = site.visitor(parent)
    assert f"Claimed by {handler.name}" in visitor.reads(f"/tasks/{task.id}")
    _becomes_a_guardian(road, parent)
    assert "Claimed by" not in visitor.reads(f"/tasks/{task.id}")
