"""Every route refuses strangers and whoever has no part in the matter; no GET changes more than the access log."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import Account, Base, Office, Paper
from models.enums import OfficeKind, Role
from tests.webapp.road import A_PNG, TERM_BEGINS, Road, a_road
from tests.webapp.site import Site, Visitor, a_seeded_site
from webapp import clock
from webapp.policy import Person
from webapp.services import makers

A_YEAR = b'year = 2027\nsource = "test"\n[days_off]\n2027-01-01 = "New Year"\n'

OUTSIDERS = (
    "guardian of another child",
    "handler of another county",
    "registrar of an uninvolved school",
    "administrator",
    "auditor",
    "nobody",
)
NOBODY: frozenset[str] = frozenset()
EVERYBODY = frozenset(OUTSIDERS)
OFFICERS = frozenset({"handler of another county", "registrar of an uninvolved school"})


@dataclass(frozen=True)
class Route:
    """One way in: its method and address, what is sent, and which outsiders may come in all the same."""

    method: str
    path: str
    open_to: frozenset[str] = NOBODY
    sent: Callable[[], Mapping[str, object]] = dict


def a_paper() -> Mapping[str, object]:
    return {"kind": "proof_of_residence", "file": (io.BytesIO(A_PNG), "photo.png")}


# By endpoint and method; what stands in braces is of a case in which none of the outsiders has a part.
ROUTES = {
    "home.home": Route("GET", "/", EVERYBODY),
    "home.children": Route("GET", "/children", frozenset({"guardian of another child"})),
    "transfers.school": Route("GET", "/children/{student}/transfer"),
    "transfers.details": Route("GET", "/children/{student}/transfer/to/{school}"),
    "transfers.details POST": Route(
        "POST",
        "/children/{student}/transfer/to/{school}",
        sent=lambda: {"grade": "3", "reason": "household_move"},
    ),
    "transfers.papers": Route("GET", "/children/{student}/transfer/papers"),
    "transfers.papers POST": Route("POST", "/children/{student}/transfer/papers", sent=a_paper),
    "transfers.check": Route("GET", "/children/{student}/transfer/check"),
    "transfers.submit POST": Route("POST", "/children/{student}/transfer/submit/{draft}"),
    "entry.begin": Route("GET", "/transfers/new", frozenset({"registrar of an uninvolved school"})),
    "entry.begin POST": Route("POST", "/transfers/new", frozenset({"registrar of an uninvolved school"})),
    "cases.case": Route("GET", "/cases/{case}"),
    "cases.mend POST": Route("POST", "/cases/{case}/papers", sent=a_paper),
    "cases.resubmit POST": Route("POST", "/cases/{case}/resubmit"),
    "cases.withdraw POST": Route("POST", "/cases/{case}/withdraw", sent=lambda: {"confirmed": "y"}),
    "papers.paper": Route("GET", "/papers/{paper}"),
    "inbox.todo": Route("GET", "/inbox", OFFICERS),
    "inbox.overdue": Route("GET", "/inbox/overdue", OFFICERS),
    "inbox.done": Route("GET", "/inbox/done", OFFICERS),
    "tasks.task": Route("GET", "/tasks/{task}"),
    "tasks.decide POST": Route(
        "POST", "/tasks/{task}/decide", sent=lambda: {"outcome": "reject", "version": "1", "opinion": "no"}
    ),
    "tasks.send_back POST": Route(
        "POST",
        "/tasks/{task}/return",
        sent=lambda: {"items": "proof_of_residence", "version": "1", "opinion": "blurred"},
    ),
    "notices.notices": Route("GET", "/notices", EVERYBODY),
    "notices.read POST": Route("POST", "/notices/read", EVERYBODY),
    "account.account": Route("GET", "/account", EVERYBODY),
    "account.sign_out_everywhere POST": Route("POST", "/account/sign-out-everywhere", EVERYBODY),
    "admin.admin": Route("GET", "/admin", frozenset({"administrator"})),
    "admin.load POST": Route(
        "POST",
        "/admin/calendar",
        frozenset({"administrator"}),
        sent=lambda: {"file": (io.BytesIO(A_YEAR), "2027.toml")},
    ),
}
# Where strangers come in, and everybody goes out.
PUBLIC = {"sign_in.sign_in", "sign_in.check_in POST", "sign_in.sign_out POST", "sign_in.language POST"}


@dataclass
class Town:
    """A case on its way, a draft beside it, and people who have nothing to do with either."""

    site: Site
    road: Road
    outsiders: Mapping[str, Visitor]
    ids: Mapping[str, int]

    def send(self, visitor: Visitor, route: Route):
        path = route.path.format_map(self.ids)
        return visitor.get(path) if route.method == "GET" else visitor.post(path, **route.sent())


@pytest.fixture(scope="module")
def town(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with (
        clock.freeze(TERM_BEGINS),
        a_seeded_site(new_database(), tmp_path_factory.mktemp("papers")) as site,
    ):
        yield a_town(site)


def a_town(site: Site) -> Town:
    session = site.session
    road = a_road(session)
    case = road.applied()
    sibling = makers.a_student(session, road.releasing, grade=3, entered=date(2024, 9, 1))
    both = makers.a_guardian(session, sibling, account=session.get_one(Account, road.guardian.account_id))
    session.commit()
    draft = Road(session, sibling, both, road.releasing, road.receiving, road.form).draft()
    ids = {
        "case": case.id,
        "task": road.open_task(case).id,
        "paper": session.scalars(select(Paper.id).where(Paper.change_request_id == case.id)).first(),
        "student": sibling.id,
        "draft": draft.id,
        "school": road.receiving.id,
    }
    outsiders = {name: site.visitor(person) for name, person in strangers_to(session, road).items()}
    return Town(site, road, outsiders, ids)


def strangers_to(session: Session, road: Road) -> dict[str, Person]:
    elsewhere = makers.a_school(session, "410324")
    bureaus = select(Office).where(Office.kind == OfficeKind.BUREAU)
    county = session.scalars(bureaus.where(Office.division_code == "410324")).one()
    above = [session.get_one(Office, office_id) for office_id in road.receiving.path[:-1]]
    people = {
        "guardian of another child": makers.a_guardian(session, makers.a_student(session, elsewhere)),
        "handler of another county": makers.an_officer(session, county, Role.HANDLER),
        "registrar of an uninvolved school": makers.an_officer(session, elsewhere, Role.REGISTRAR),
        "administrator": makers.an_officer(session, above[0], Role.ADMINISTRATOR),
        "auditor": makers.an_officer(session, above[-1], Role.AUDITOR),
        "nobody": makers.person_of(session, makers.an_account(session, "nobody")),
    }
    session.commit()
    assert set(people) == set(OUTSIDERS)
    return people


def contents(session: Session) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a digest of them; the log of looks apart."""
    session.rollback()
    digest = "SELECT count(*), md5(string_agg(row::text, '|' ORDER BY row::text)) FROM {} AS row"
    tables = [table.name for table in Base.metadata.sorted_tables if table.name != "access_log"]
    return {name: tuple(session.execute(text(digest.format(name))).one()) for name in tables}


def test_every_route_is_in_the_table(town: Town) -> None:
    rules = town.site.app.url_map.iter_rules()
    found = {
        f"{rule.endpoint} {method}".removesuffix(" GET")
        for rule in rules
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert found == set(ROUTES) | PUBLIC


@pytest.mark.parametrize("name", ROUTES)
def test_a_stranger_is_sent_to_sign_in(town: Town, name: str) -> None:
    answer = town.send(town.site.stranger(), ROUTES[name])
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")


@pytest.mark.parametrize(
    ("name", "outsider"),
    [(name, outsider) for name in ROUTES for outsider in OUTSIDERS if outsider not in ROUTES[name].open_to],
)
def test_whoever_has_no_part_in_it_is_refused_and_changes_nothing(
    town: Town, name: str, outsider: str
) -> None:
    before = contents(town.site.session)
    answer = town.send(town.outsiders[outsider], ROUTES[name])
    assert answer.status_code in (403, 404)
    assert contents(town.site.session) == before


@pytest.mark.parametrize(
    ("name", "outsider"),
    [(name, outsider) for name in ROUTES for outsider in OUTSIDERS if outsider in ROUTES[name].open_to],
)
def test_whoever_may_come_in_comes_in(town: Town, name: str, outsider: str) -> None:
    assert town.send(town.outsiders[outsider], ROUTES[name]).status_code in (200, 303, 422)


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.method == "GET"])
def test_a_get_changes_nothing_but_the_log_of_looks(town: Town, name: str) -> None:
    road = town.road
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    family, officer = town.site.visitor(road.guardian), town.site.visitor(registrar)
    visitors = [family, officer, town.outsiders["administrator"]]
    before = contents(town.site.session)
    answers = [town.send(visitor, ROUTES[name]).status_code for visitor in visitors]
    assert contents(town.site.session) == before
    assert {200, 303} & set(answers)
