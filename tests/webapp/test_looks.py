"""Who could have seen a child: looks, lists and look-ups are in the access log, and guessing is slowed down."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AccessLog
from models.enums import NumberKind, Role
from tests.webapp.registry_numbers import a_registry_number
from tests.webapp.road import Road, a_road
from tests.webapp.site import Site, said
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.cases.families import find_record
from webapp.services.demo import makers
from webapp.services.notices.outbox import drain
from webapp.services.people.throttle import FAILED_LOOK_UPS, LOOK_UP_WINDOW, TooManyFailedLookUps
from webapp.services.registry.identity import check_character
from webapp.services.registry.numbers import JNumberMistyped

pytestmark = pytest.mark.slow

NOBODYS_NUMBER = "G990101201405089999"
AUDIT = Path(__file__).parents[2] / "docs" / "audit.md"


@pytest.fixture
def road(session: Session) -> Road:
    return a_road(session, number=a_registry_number())


@pytest.fixture
def registrar(road: Road) -> Person:
    return road.officers[road.receiving.id, Role.REGISTRAR]


def looks(road: Road, person: Person) -> list[tuple[str, int | None, list[int] | None]]:
    """What the log says that somebody looked at: what, whose data, and whose on a list."""
    road.session.rollback()
    columns = select(AccessLog.what, AccessLog.student_id, AccessLog.listed_ids).order_by(AccessLog.id)
    rows = road.session.execute(columns.where(AccessLog.account_id == person.account_id))
    return [(what, student_id, listed_ids) for what, student_id, listed_ids in rows]


def who_could_have_seen(session: Session, student_id: int) -> set[int]:
    """An auditor's question, as docs/audit.md answers it."""
    (question,) = re.findall(r"```sql\n(.*?)```", AUDIT.read_text(), re.DOTALL)
    return {look.account_id for look in session.execute(text(question), {"student": student_id})}


# ---- lists ----


def test_a_page_of_the_inbox_is_one_look_at_everybody_on_it(
    site: Site, road: Road, registrar: Person
) -> None:
    road.applied()
    sibling = makers.a_student(road.session, road.releasing, grade=3, entered=date(2024, 9, 1))
    other = Road(road.session, sibling, makers.a_guardian(road.session, sibling), *places(road))
    other.applied()
    site.visitor(registrar).reads("/inbox")
    assert looks(road, registrar) == [("inbox", None, sorted([road.student.id, sibling.id]))]


def places(road: Road) -> tuple[object, ...]:
    return road.releasing, road.receiving, road.form


def test_what_was_decided_is_listed_and_logged_too(site: Site, road: Road, registrar: Person) -> None:
    road.approve(road.applied())
    site.visitor(registrar).reads("/inbox/done")
    assert looks(road, registrar) == [("done", None, [road.student.id])]


@pytest.mark.parametrize("page", ["/inbox", "/inbox/overdue", "/inbox/done", "/notices"])
def test_a_page_that_lists_nobody_is_no_look(site: Site, road: Road, registrar: Person, page: str) -> None:
    site.visitor(registrar).reads(page)
    assert looks(road, registrar) == []


def test_notices_name_children_and_are_a_look_at_them(site: Site, road: Road, registrar: Person) -> None:
    road.applied()
    while drain(road.session):
        pass
    site.visitor(registrar).reads("/notices")
    assert looks(road, registrar) == [("notices", None, [road.student.id])]


@pytest.mark.parametrize("page", ["/children", "/notices"])
def test_a_family_that_lists_its_own_children_looks_at_nobody_elses(
    site: Site, road: Road, page: str
) -> None:
    road.applied()
    while drain(road.session):
        pass
    site.visitor(road.guardian).reads(page)
    assert looks(road, road.guardian) == []


def test_an_auditor_finds_everybody_who_could_have_seen_a_child(site: Site, road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    clerk, county = road.officer(task), road.officers[road.receiving.superior_id, Role.HANDLER]
    unconcerned = road.officers[road.releasing.id, Role.LEAD]
    site.visitor(clerk).reads("/inbox")
    site.visitor(county).reads(f"/cases/{case.id}")
    site.visitor(unconcerned).reads("/inbox")
    road.session.rollback()
    assert who_could_have_seen(road.session, road.student.id) == {clerk.account_id, county.account_id}


# ---- look-ups ----


def test_a_look_up_is_logged_whether_it_finds_somebody_or_not(road: Road, registrar: Person) -> None:
    number, name = road.student.registry_number, road.student.name
    find_record(road.session, registrar, number, name)
    for wrong in ((number, "somebody else"), (NOBODYS_NUMBER, name)):
        with pytest.raises(errors.NoSuchStudent):
            find_record(road.session, registrar, *wrong)
    assert looks(road, registrar) == [
        ("look-up", road.student.id, None),
        ("look-up", None, None),
        ("look-up", None, None),
    ]


def guess(road: Road, person: Person, times: int) -> None:
    for _ in range(times):
        with pytest.raises(errors.NoSuchStudent):
            find_record(road.session, person, NOBODYS_NUMBER, "somebody")


def test_whoever_goes_on_guessing_finds_nobody_for_an_hour(road: Road, registrar: Person) -> None:
    right = (road.student.registry_number, road.student.name)
    guess(road, registrar, FAILED_LOOK_UPS)
    with pytest.raises(TooManyFailedLookUps, match=r"try again after 10:00\."):
        find_record(road.session, registrar, *right)
    colleague = makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    assert find_record(road.session, colleague, *right).student_id == road.student.id
    with clock.freeze(clock.now() + LOOK_UP_WINDOW + timedelta(seconds=1)):
        assert find_record(road.session, registrar, *right).student_id == road.student.id


def test_who_finds_whom_he_looks_for_may_look_all_day(road: Road, registrar: Person) -> None:
    guess(road, registrar, FAILED_LOOK_UPS - 1)
    for _ in range(3):
        find_record(road.session, registrar, road.student.registry_number, road.student.name)
    guess(road, registrar, 1)


def test_a_mistyped_number_is_no_guess(road: Road, registrar: Person) -> None:
    body = "41032320120506001"
    wrong = "0" if check_character(body) != "0" else "1"
    with pytest.raises(JNumberMistyped):
        find_record(road.session, registrar, f"{NumberKind.NO_IDENTITY.value}{body}{wrong}", "李明")
    assert looks(road, registrar) == []


def test_the_page_says_until_when_there_is_nothing_to_look_up(
    site: Site, road: Road, registrar: Person
) -> None:
    guess(road, registrar, FAILED_LOOK_UPS)
    typed = {
        "number": road.student.registry_number,
        "name": road.student.name,
        "school_id": road.receiving.id,
        "reason": "household_move",
    }
    answer = site.visitor(registrar).post("/transfers/new", **typed)
    assert answer.status_code == 429
    assert "Too many look-ups have found nobody" in said(answer)
