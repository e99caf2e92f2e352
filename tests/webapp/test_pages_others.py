"""First pages of administrators, auditors and whoever has no role at all; a school that begins a transfer."""

import io
import re
from datetime import datetime

import click
import pytest
from sqlalchemy import select

from models import CalendarYear, ChangeRequest, Membership, Office
from models.enums import CaseState, Role, Stage
from tests.webapp.road import Road, a_road
from tests.webapp.site import Site, Visitor, said
from webapp import clock
from webapp.cli import main as xueji
from webapp.services.demo import makers
from webapp.services.offices import addressees

pytestmark = pytest.mark.slow

NUMBERS = iter(f"G99010120140506{serial:04d}" for serial in range(1000, 9999))
FULL_WIDTH = {ord(sign): ord(sign) + 0xFEE0 for sign in "g0123456789"}
YEAR = b"""
year = 2027
source = "State Council"
[days_off]
2027-01-01 = "New Year"
2027-10-01 = "National Day"
"""


@pytest.fixture
def road(session):
    return a_road(session, number=next(NUMBERS))


@pytest.fixture
def administrator(site: Site, road: Road) -> Visitor:
    ministry = road.session.get_one(Office, road.receiving.path[0])
    person = makers.an_officer(road.session, ministry, Role.ADMINISTRATOR)
    return site.visitor(person)


def upload(visitor: Visitor, data: bytes, name: str = "2027.toml"):
    return visitor.post("/admin/calendar", file=(io.BytesIO(data), name))


def test_an_auditor_reads_what_he_can_do_and_by_which_commands(site, road):
    bureau = road.session.get_one(Office, road.receiving.path[0])
    page = site.visitor(makers.an_officer(road.session, bureau, Role.AUDITOR)).get("/").text
    assert {command.name for command in commands_of(page)} == {"audit"}
    assert '<a href="/" aria-current="page">' in page


def test_an_administrator_reads_which_commands_are_his(administrator):
    names = {command.name for command in commands_of(administrator.get("/admin").text)}
    assert names == {"account", "appoint", "calendar", "process"}


def commands_of(page: str) -> list[click.Command]:
    """The commands that a page tells of, each of which must exist down to its last word."""
    told = [re.findall(r"\b[a-z]+", line) for line in re.findall("<code>xueji (.*?)</code>", page)]
    for first, *others in told:
        command = xueji.commands[first]
        if isinstance(command, click.Group):
            assert command.commands.keys() >= set(others[:1])
    return [xueji.commands[first] for first, *_ in told]


@pytest.mark.parametrize("path", ["/", "/children"])
def test_the_navigation_marks_the_page_of_the_children_where_it_is_the_first_too(site, road, path):
    assert '<a href="/children" aria-current="page">' in site.visitor(road.guardian).get(path).text


def test_whoever_has_no_role_reads_what_to_do(site, session):
    nobody = makers.person_of(session, makers.an_account(session, "路人"))
    assert "Ask your child's school to bind the child to your account." in site.visitor(nobody).reads("/")


def test_an_officer_who_is_a_parent_too_finds_his_children(site, road):
    account = road.session.get_one(makers.Account, road.guardian.account_id)
    teacher = makers.an_officer(road.session, road.receiving, Role.REGISTRAR, account=account)
    visitor = site.visitor(teacher)
    assert visitor.get("/").location == "/inbox"
    assert road.student.name in visitor.reads("/children")


def test_a_deadline_in_a_year_not_loaded_is_a_task_for_the_administrator(site, road, administrator):
    with clock.freeze(datetime(2026, 12, 20, 9, tzinfo=clock.SHANGHAI)):
        case = road.applied()
        boss = road.session.get_one(Office, road.receiving.path[0])
        administrator = site.visitor(makers.an_officer(road.session, boss, Role.ADMINISTRATOR))
        assert "reach into 2027, whose working days are not loaded" in administrator.reads("/admin")
        assert "(provisional)" in site.visitor(road.guardian).reads(f"/cases/{case.id}")
        assert upload(administrator, YEAR).location == "/admin"
        page = administrator.reads("/admin")
        assert "Every open task's time limit lies in a loaded year." in page
        assert f"2027: State Council loaded by {boss.name}{Role.ADMINISTRATOR}, 09:00" in page
        assert "(provisional)" not in site.visitor(road.guardian).reads(f"/cases/{case.id}")
    road.session.delete(road.session.get_one(CalendarYear, 2027))
    road.session.commit()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is no calendar of a year"),
        (b"\x00\xff", "2027.toml is no calendar of a year. It is not written in TOML."),
        (b"a = " + b"[" * 20_000, "It is not written in TOML."),
        (
            b"year = 2027\n",
            "“source” has to name the announcement, in 200 characters at most. “days_off” has to",
        ),
        (
            b"year = 2027\nsource = 'x'\n[days_off]\n2028-01-01 = 'New Year'\n",
            "2028-01-01 does not belong to 2027",
        ),
        (
            b"year = 2027\nsource = 'x'\n[days_off]\n2027-01-01 = 'New Year'\n",
            "By law everybody has 2027-10-01 off",
        ),
        (b"# " + b"x" * 70_000, "too large to be the calendar of one year"),
    ],
)
def test_a_file_that_is_no_year_is_refused_with_what_is_wrong(administrator, session, data, complaint):
    answer = upload(administrator, data)
    assert answer.status_code == 422
    assert complaint in said(answer)
    assert session.get(CalendarYear, 2027) is None


def test_a_year_without_a_file_is_asked_for(administrator):
    answer = administrator.post("/admin/calendar")
    assert answer.status_code == 422
    assert "Choose a file first." in said(answer)


def test_vacant_seats_are_listed_with_who_stands_in(site, road, administrator):
    road.applied()
    holder = road.officers[road.receiving.id, Role.REGISTRAR]
    membership = select(Membership).where(
        Membership.account_id == holder.account_id, Membership.role == Role.REGISTRAR
    )
    road.session.scalars(membership).one().valid_to = clock.today()
    road.session.flush()
    addressees.reroute(road.session, road.receiving.id, clock.today())
    road.session.commit()
    page = administrator.reads("/admin")
    assert f"{road.receiving.name} Registrar 1 Wed 24 Sep {road.receiving.name} Registry lead" in page
    lead = site.visitor(road.officers[road.receiving.id, Role.LEAD])
    assert "Standing in" in lead.reads("/inbox")


def begin(registrar: Visitor, road: Road, **changed: object):
    typed = {
        "number": road.student.registry_number,
        "name": road.student.name,
        "school_id": road.receiving.id,
        "reason": "household_move",
    }
    return registrar.post("/transfers/new", **{**typed, **changed})


def test_a_receiving_school_begins_a_transfer_by_number_and_name(registrar, road):
    answer = begin(registrar, road)
    assert answer.location == f"/children/{road.student.id}/transfer/to/{road.receiving.id}"
    assert road.student.name in registrar.reads(answer.location)
    draft = road.session.scalars(
        select(ChangeRequest).where(ChangeRequest.student_id == road.student.id)
    ).one()
    assert draft.state == CaseState.DRAFT


def test_a_full_width_number_with_a_small_letter_is_the_same_number(registrar, road):
    typed = road.student.registry_number.lower().translate(FULL_WIDTH)
    assert begin(registrar, road, number=f" {typed} ").status_code == 303


@pytest.mark.parametrize(
    ("changed", "status", "complaint"),
    [
        ({"number": "410323"}, 422, "A registry number is G, L or J with 18 characters"),
        ({"number": "G99010120140506000"}, 422, "A registry number is G, L or J with 18 characters"),
        ({"number": "G9901012014050600' OR"}, 422, "A registry number is G, L or J with 18 characters"),
        ({"number": "G990101201405069999"}, 404, "There is no such student record."),
        ({"name": "somebody else"}, 404, "There is no such student record."),
        ({"name": "a\x00b"}, 422, "This holds a character that cannot be written."),
        ({"school_id": "1"}, 422, "Choose one from the list"),
        ({"reason": "none"}, 422, "Choose one from the list"),
        ({"name": "\u200b"}, 422, "Type the student's name."),
    ],
)
def test_a_number_or_name_that_does_not_fit_finds_nobody_and_keeps_what_was_typed(
    registrar, road, changed, status, complaint
):
    answer = begin(registrar, road, **changed)
    assert answer.status_code == status
    assert complaint in said(answer)
    assert road.student.name in answer.text or "name" in changed


def test_only_the_side_that_begins_a_transfer_can_begin_it(site, session):
    road = a_road(session, stage=Stage.VOCATIONAL, grade=1, number=next(NUMBERS))
    receiving = site.visitor(road.officers[road.receiving.id, Role.REGISTRAR])
    releasing = site.visitor(road.officers[road.releasing.id, Role.REGISTRAR])
    refused = begin(receiving, road)
    assert refused.status_code == 403
    assert "is started by the Releasing school, not by your school" in said(refused)
    answer = begin(releasing, road, school_id=road.releasing.id)
    assert answer.location == f"/students/{road.student.id}"
    assert f"/children/{road.student.id}/transfer" in releasing.get(answer.location).text


def test_a_lost_phone_is_signed_out_from_another_browser(site: Site) -> None:
    person = a_road(site.session).guardian
    phone, desk = site.visitor(person), site.visitor(person)
    assert "this browser" in desk.reads("/account")
    desk.post("/account/sign-out-everywhere")
    for browser in (phone, desk):
        assert browser.get("/account").status_code == 303
