"""Every route refuses strangers, outsiders and whoever has another part; no GET changes more than the access log."""

import io
from collections.abc import Callable, Iterator, Mapping

import pytest

from models.enums import Role
from tests.town import Route, Town, a_town, contents
from tests.webapp.road import A_PNG, TERM_BEGINS
from tests.webapp.site import a_seeded_site
from webapp import clock

pytestmark = pytest.mark.slow

A_YEAR = b'year = 2027\nsource = "test"\n[days_off]\n2027-01-01 = "New Year"\n2027-10-01 = "National Day"\n'

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
FAMILIES = frozenset({"guardian of another child", "nobody"})


def a_paper() -> Mapping[str, object]:
    return {"kind": "proof_of_residence", "file": (io.BytesIO(A_PNG), "photo.png")}


# By endpoint and method; what stands in braces is of a case in which none of the outsiders has a part.
ROUTES = {
    "home.home": Route("GET", "/", EVERYBODY),
    "home.children": Route("GET", "/children", frozenset({"guardian of another child"})),
    "newcomers.new": Route("GET", "/children/new", FAMILIES),
    "newcomers.new POST": Route("POST", "/children/new", FAMILIES),
    "newcomers.pupil": Route("GET", "/cases/{case}/pupil"),
    "newcomers.pupil POST": Route("POST", "/cases/{case}/pupil", sent=lambda: {"name": "林小禾"}),
    "outside.waiting": Route("GET", "/outside", OFFICERS),
    "outside.told": Route("GET", "/outside/{task}"),
    "outside.told POST": Route("POST", "/outside/{task}", sent=lambda: {"outcome": "approve"}),
    "outside.settle": Route("GET", "/outside/messages/{message}"),
    "outside.settle POST": Route("POST", "/outside/messages/{message}", sent=lambda: {"agreed": "已撤回"}),
    "letters.new": Route("GET", "/outside/letters/new", frozenset({"registrar of an uninvolved school"})),
    "letters.new POST": Route(
        "POST",
        "/outside/letters/new",
        frozenset({"registrar of an uninvolved school"}),
        sent=lambda: {"number": "G990101201405061234", "name": "林小禾"},
    ),
    "departures.school": Route("GET", "/children/{student}/transfer/elsewhere"),
    "departures.school POST": Route(
        "POST", "/children/{student}/transfer/elsewhere", sent=lambda: {"school": "锦江小学"}
    ),
    "departures.name": Route("GET", "/cases/{case}/school"),
    "departures.name POST": Route("POST", "/cases/{case}/school", sent=lambda: {"school": "锦江小学"}),
    "transfers.school": Route("GET", "/children/{student}/transfer"),
    "transfers.details": Route("GET", "/children/{student}/transfer/to/{school}"),
    "transfers.details POST": Route(
        "POST",
        "/children/{student}/transfer/to/{school}",
        sent=lambda: {"grade": "3", "reason": "household_move"},
    ),
    "changes.details": Route("GET", "/children/{student}/suspension"),
    "changes.details POST": Route(
        "POST",
        "/children/{student}/suspension",
        sent=lambda: {
            "reason": "illness",
            "hospital": "county",
            "starts_on": "2025-09-15",
            "ends_on": "2026-03-14",
        },
    ),
    "changes.papers": Route("GET", "/children/{student}/transfer/papers"),
    "changes.papers POST": Route("POST", "/children/{student}/transfer/papers", sent=a_paper),
    "changes.check": Route("GET", "/children/{student}/transfer/check"),
    "changes.exception POST": Route(
        "POST", "/children/{student}/transfer/exception", sent=lambda: {"exception": "无人照看"}
    ),
    "changes.submit POST": Route("POST", "/children/{student}/transfer/submit/{draft}"),
    "changes.discard POST": Route("POST", "/children/{student}/transfer/discard/{draft}"),
    "entry.begin": Route("GET", "/transfers/new", frozenset({"registrar of an uninvolved school"})),
    "entry.begin POST": Route("POST", "/transfers/new", frozenset({"registrar of an uninvolved school"})),
    "students.find": Route("GET", "/students", frozenset({"registrar of an uninvolved school"})),
    "students.find POST": Route("POST", "/students", frozenset({"registrar of an uninvolved school"})),
    "students.dismiss POST": Route(
        "POST", "/students/proposals/{proposal}/dismiss", sent=lambda: {"note": "已经回校"}
    ),
    "students.student": Route("GET", "/students/{pupil}"),
    "students.tell POST": Route(
        "POST", "/students/{pupil}/told", sent=lambda: {"told_on": "2025-09-05", "how": "signed"}
    ),
    "students.edit POST": Route(
        "POST", "/students/{pupil}/edit", sent=lambda: {"field": "phone", "to": "13800138000"}
    ),
    "students.semester POST": Route("POST", "/students/{pupil}/semester", sent=lambda: {"truant_hours": "3"}),
    "rosters.rosters": Route("GET", "/rosters", frozenset({"registrar of an uninvolved school"})),
    "rosters.rosters POST": Route("POST", "/rosters", frozenset({"registrar of an uninvolved school"})),
    "rosters.empty": Route("GET", "/rosters/empty.xlsx", OFFICERS),
    "rosters.roster": Route("GET", "/rosters/{roster}"),
    "rosters.send POST": Route("POST", "/rosters/{roster}/send"),
    "cases.case": Route("GET", "/cases/{case}"),
    "sheets.sheet": Route("GET", "/cases/{case}/sheet"),
    "cases.mend POST": Route("POST", "/cases/{case}/papers", sent=a_paper),
    "cases.resubmit POST": Route("POST", "/cases/{case}/resubmit"),
    "cases.withdraw POST": Route("POST", "/cases/{case}/withdraw", sent=lambda: {"confirmed": "y"}),
    "cases.urge POST": Route("POST", "/cases/{case}/urge"),
    "cases.comment POST": Route("POST", "/cases/{case}/comments", sent=lambda: {"text": "seen"}),
    "cases.copy POST": Route("POST", "/cases/{case}/copies", sent=lambda: {"to": "1"}),
    "cases.acknowledge POST": Route("POST", "/cases/{case}/copies/read"),
    "cases.revoke POST": Route("POST", "/cases/{case}/revoke", sent=lambda: {"reason": "no"}),
    "cases.terminate POST": Route("POST", "/cases/{case}/terminate", sent=lambda: {"reason": "no"}),
    "papers.paper": Route("GET", "/papers/{paper}"),
    "inbox.todo": Route("GET", "/inbox", OFFICERS),
    "inbox.overdue": Route("GET", "/inbox/overdue", OFFICERS),
    "inbox.done": Route("GET", "/inbox/done", OFFICERS),
    "inbox.copies": Route("GET", "/inbox/copies", OFFICERS),
    "tasks.task": Route("GET", "/tasks/{task}"),
    "tasks.decide POST": Route(
        "POST",
        "/tasks/{task}/decide",
        sent=lambda: {"outcome": "reject", "code": "OTHER", "version": "1", "opinion": "no"},
    ),
    "tasks.send_back POST": Route(
        "POST",
        "/tasks/{task}/return",
        sent=lambda: {"items": "proof_of_residence", "version": "1", "opinion": "blurred"},
    ),
    "tasks.save POST": Route("POST", "/tasks/{task}/opinion", sent=lambda: {"version": "1", "opinion": "no"}),
    "tasks.claim POST": Route("POST", "/tasks/{task}/claim"),
    "tasks.release POST": Route("POST", "/tasks/{task}/release"),
    "tasks.hand_over POST": Route("POST", "/tasks/{task}/hand-over", sent=lambda: {"colleague": "1"}),
    "tasks.recall POST": Route("POST", "/tasks/{task}/recall", sent=lambda: {"version": "1"}),
    "corrections.details": Route("GET", "/cases/{case}/correct"),
    "corrections.details POST": Route("POST", "/cases/{case}/correct", sent=lambda: {"grade": "3"}),
    "corrections.school": Route("GET", "/cases/{case}/correct/school"),
    "corrections.choose POST": Route("POST", "/cases/{case}/correct/school", sent=lambda: {"school": "1"}),
    "asks.send_back POST": Route(
        "POST", "/tasks/{task}/send-back", sent=lambda: {"to": "1", "version": "1", "opinion": "no"}
    ),
    "asks.ask POST": Route(
        "POST",
        "/tasks/{task}/ask",
        sent=lambda: {"kind": "opinion", "of": "1", "version": "1", "opinion": "no"},
    ),
    "asks.answer POST": Route("POST", "/tasks/{task}/answer", sent=lambda: {"version": "1", "opinion": "no"}),
    "asks.take_question_back POST": Route(
        "POST", "/tasks/{task}/take-question-back", sent=lambda: {"version": "1"}
    ),
    "bulks.recent": Route("GET", "/bulks", OFFICERS),
    "bulks.new": Route("GET", "/bulks/new?task={task}-1"),
    "bulks.send POST": Route("POST", "/bulks", sent=lambda: {"task": "{task}-1"}),
    "bulks.bulk": Route("GET", "/bulks/{bulk}"),
    "bulks.undo POST": Route("POST", "/bulks/{bulk}/undo"),
    "notices.notices": Route("GET", "/notices", EVERYBODY),
    "notices.read POST": Route("POST", "/notices/read", EVERYBODY, sent=lambda: {"upto": "1"}),
    "account.account": Route("GET", "/account", EVERYBODY),
    "account.notices POST": Route("POST", "/account/notices", EVERYBODY),
    "account.sign_out_everywhere POST": Route("POST", "/account/sign-out-everywhere", EVERYBODY),
    "substitutes.mine": Route("GET", "/account/substitutes", OFFICERS),
    "substitutes.name POST": Route("POST", "/account/substitutes", OFFICERS),
    "substitutes.end POST": Route("POST", "/account/substitutes/1/end"),
    "admin.admin": Route("GET", "/admin", frozenset({"administrator"})),
    "admin.load POST": Route(
        "POST",
        "/admin/calendar",
        frozenset({"administrator"}),
        sent=lambda: {"file": (io.BytesIO(A_YEAR), "2027.toml")},
    ),
}
# The case waits for the handler of the releasing county. Who else has a part in it, and what is open to him besides
# what is open to everybody; of the draft of another child only its family and its school know.
DESK = frozenset(
    {
        "rosters.empty",
        "substitutes.mine",
        "substitutes.name POST",
        "inbox.todo",
        "inbox.overdue",
        "inbox.done",
        "bulks.recent",
        "inbox.copies",
        "outside.waiting",
        "outside.told",
        "cases.case",
        "sheets.sheet",
        "papers.paper",
        "tasks.task",
        "cases.comment POST",
        "cases.copy POST",
        "cases.acknowledge POST",
        "cases.urge POST",
    }
) | {"outside.settle", "outside.settle POST"}
NEW = frozenset({"entry.begin", "entry.begin POST", "letters.new", "letters.new POST"}) | {
    "students.find",
    "students.find POST",
    "rosters.rosters",
    "rosters.rosters POST",
}
OF_ITS_PUPILS = frozenset(
    {
        "students.student",
        "students.dismiss POST",
        "students.tell POST",
        "students.semester POST",
        "students.edit POST",
    }
)
OF_ITS_SCHOOL = frozenset(
    {
        "departures.school",
        "departures.school POST",
        "transfers.school",
        "transfers.details",
        "transfers.details POST",
        "changes.details",
        "changes.details POST",
        "changes.papers",
        "changes.papers POST",
        "changes.check",
        "changes.exception POST",
    }
)
OF_THE_FAMILY = frozenset(
    {"home.children", "changes.submit POST", "changes.discard POST", "cases.case", "papers.paper"}
    | {"sheets.sheet"}
    | {"cases.mend POST", "cases.resubmit POST", "cases.withdraw POST", "cases.urge POST"}
    | {"newcomers.new", "newcomers.new POST", "newcomers.pupil", "newcomers.pupil POST"}
    | {"departures.name", "departures.name POST"}
    | {"corrections.details", "corrections.details POST", "corrections.school", "corrections.choose POST"}
)
DECIDING = frozenset(
    {
        "tasks.decide POST",
        "tasks.send_back POST",
        "tasks.save POST",
        "tasks.claim POST",
        "tasks.release POST",
        "tasks.hand_over POST",
        "asks.send_back POST",
        "asks.ask POST",
        "asks.answer POST",
        "asks.take_question_back POST",
        "bulks.new",
        "bulks.send POST",
        "bulks.bulk",
        "bulks.undo POST",
    }
)
ITS_LIST = frozenset({"rosters.roster"})
INSIDERS = {
    "family": OF_THE_FAMILY | OF_ITS_SCHOOL,
    "registrar of the receiving school": DESK | NEW | {"cases.revoke POST"},
    "lead of the receiving school": DESK,
    "principal of the receiving school": DESK,
    "handler of the receiving county": DESK,
    "registrar of the releasing school": DESK
    | NEW
    | OF_ITS_SCHOOL
    | OF_ITS_PUPILS
    | ITS_LIST
    | {"rosters.send POST"},
    "lead of the releasing school": DESK | ITS_LIST,
    "chief of the releasing county": DESK | {"bulks.bulk"} | ITS_LIST,
    "handler of the city above both": DESK | ITS_LIST,
    "handler of the releasing county": DESK | DECIDING | ITS_LIST,
}
INSIDE = [name for name, route in ROUTES.items() if route.open_to != EVERYBODY]

# Where strangers come in, and everybody goes out.
PUBLIC = {"sign_in.sign_in", "sign_in.check_in POST", "sign_in.sign_out POST", "sign_in.language POST"} | {
    "exchange.receive POST"  # another deployment, by its signature
}


@pytest.fixture(scope="module")
def town(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with (
        clock.freeze(TERM_BEGINS),
        a_seeded_site(new_database("seeded"), tmp_path_factory.mktemp("papers")) as site,
    ):
        town = a_town(site)
        assert (set(town.outsiders), set(town.insiders)) == (set(OUTSIDERS), set(INSIDERS))
        yield town


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


@pytest.mark.parametrize(
    ("name", "insider"),
    [(name, insider) for name in INSIDE for insider in INSIDERS if name not in INSIDERS[insider]],
)
def test_whoever_has_another_part_in_it_is_refused_and_changes_nothing(
    town: Town, name: str, insider: str
) -> None:
    before = contents(town.site.session)
    answer = town.send(town.insiders[insider], ROUTES[name])
    assert answer.status_code in (403, 404)
    assert contents(town.site.session) == before


@pytest.mark.parametrize(
    ("name", "insider"),
    [
        (name, insider)
        for name in INSIDE
        for insider in INSIDERS
        if name in INSIDERS[insider] and ROUTES[name].method == "GET"
    ],
)
def test_whoever_has_a_part_in_it_sees_it(town: Town, name: str, insider: str) -> None:
    assert town.send(town.insiders[insider], ROUTES[name]).status_code in (200, 303)


@pytest.mark.parametrize("name", ["entry.begin POST", "transfers.details POST", "changes.papers POST"])
def test_a_registrar_whose_school_may_not_begin_it_begins_nothing(town: Town, name: str) -> None:
    before = contents(town.site.session)
    town.send(town.insiders["registrar of the releasing school"], ROUTES[name])
    assert contents(town.site.session) == before


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.method == "GET"])
def test_a_get_changes_nothing_but_the_log_of_looks(town: Town, name: str) -> None:
    road = town.road
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    family, officer = town.site.visitor(road.guardian), town.site.visitor(registrar)
    visitors = [
        family,
        officer,
        town.outsiders["administrator"],
        town.insiders["handler of the releasing county"],
        town.insiders["registrar of the releasing school"],
    ]
    before = contents(town.site.session)
    answers = [town.send(visitor, ROUTES[name]).status_code for visitor in visitors]
    assert contents(town.site.session) == before
    assert {200, 303} & set(answers)
