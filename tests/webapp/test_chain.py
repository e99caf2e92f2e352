"""`xueji chain`, `process` and `setup`, as an administrator types them."""

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from models import Division, ProcessVersion
from models.enums import OfficeLevel, Stage
from webapp import clock
from webapp.cli import main
from webapp.database import session_at
from webapp.services.demo import makers
from workflows.shipped import shipped_processes

pytestmark = pytest.mark.slow

NUMBER = "G990101201405060027"


@pytest.fixture(scope="module")
def site(new_database, settings_for):
    """A seeded site with a pupil in Xin'an county, and schools to go to; its settings and the schools' ids."""
    settings = settings_for(new_database("seeded"))
    with session_at(settings.database_url, settings) as session:
        makers.a_term(session, date(2025, 2, 17), date(2025, 7, 5))
        makers.a_term(session, date(2025, 9, 1), date(2026, 1, 20))
        high = Stage.SENIOR_HIGH
        home = makers.a_school(session, "410323", high, name="甲高中")
        makers.a_student(session, home, grade=2, entered=date(2024, 9, 1), number=NUMBER)
        schools = {
            "乙高中": makers.a_school(session, "410122", high, name="乙高中", school_code="3141000001"),
            "济源": makers.a_school(session, "419001", high, name="丙高中"),
            "市属": makers.a_school(session, "410302", high, OfficeLevel.CITY, name="丁高中"),
            "外省": makers.a_school(session, "350203", high, name="外省高中"),
            "同名": makers.a_school(session, "410122", high, name="丙高中"),
        }
        ids = {name: str(school.id) for name, school in schools.items()}
        session.commit()
    return settings, ids


@pytest.fixture
def xueji(site, monkeypatch):
    """Runs `xueji …`; returns the exit code, what was printed, and what was said on the side."""
    settings, _ = site
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(clock._clock, "ahead", timedelta(0))

    def run(*arguments):
        result = CliRunner().invoke(main, arguments)
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture
def way(xueji):
    """The steps of a transfer of the pupil to a school."""

    def of(to, at="2025-09-10T09:00"):
        code, printed, _ = xueji("chain", "transfer", "--student", NUMBER, "--to", to, "--at", at, "--json")
        assert code == 0
        return json.loads(printed)

    return of


def test_the_way_names_seats_offices_roles_and_last_days_in_order(way):
    steps = [step for step in way("乙高中") if not step["skipped"]]
    assert [(step["seat"], step["office"], step["roles"], step["due"]) for step in steps] == [
        ("转入学校", "乙高中", ["registrar"], "2025-09-24"),
        ("转入学校", "乙高中", ["lead"], "2025-10-14"),
        ("转入县级", "中牟县教育局", ["handler"], "2025-10-28"),
        ("转入市级", "郑州市教育局", ["handler"], "2025-11-11"),
        ("转出学校", "甲高中", ["registrar"], "2025-11-25"),
        ("转出学校", "甲高中", ["lead"], "2025-12-09"),
        ("转出县级", "新安县教育局", ["handler"], "2025-12-23"),
        ("转出市级", "洛阳市教育局", ["handler"], "2026-01-07"),
    ]
    assert {(step["limit_days"], step["provisional"], step["blocking"]) for step in steps} == {
        (10, False, True)
    }


def test_a_seat_that_does_not_exist_is_skipped_and_says_so(way, site):
    _, ids = site
    skipped = {step["seat"]: step for step in way(ids["济源"]) if step["skipped"] == "no_seat"}
    assert skipped.keys() == {"转入市级"}
    assert skipped["转入市级"]["why"] == "skipped: there is no such office on this side"
    assert (skipped["转入市级"]["office"], skipped["转入市级"]["due"]) == (None, None)


def test_what_the_levels_do_not_ask_for_is_skipped_and_says_so(way):
    skipped = {step["step"]: step["skipped"] for step in way("乙高中") if step["skipped"]}
    assert skipped["共同市级核办"] == "skip_when"


def test_a_city_run_school_has_no_county_step(way, site):
    _, ids = site
    taken = [step["seat"] for step in way(ids["市属"]) if not step["skipped"]]
    assert "转入县级" not in taken
    assert "转出县级" in taken


def test_the_way_to_another_province_goes_up_both_sides_and_ends_with_the_file(way):
    taken = [step for step in way("外省高中") if not step["skipped"]]
    assert [(step["step"], step["blocking"]) for step in taken[2:]] == [
        ("转入县级核办", True),
        ("转入市级核办", True),
        ("转出学校核对", True),
        ("转出学校审核", True),
        ("转出县级核办", True),
        ("转出市级核办", True),
        ("转入学校调档", True),
        ("转出学校寄送档案", False),
        ("转入学校确认报到", False),
    ]
    assert (taken[-2]["limit_days"], taken[-1]["limit_days"]) == (20, 10)


def test_a_last_day_in_a_year_that_is_not_loaded_is_provisional(way):
    assert [step["provisional"] for step in way("乙高中", at="2026-12-17T09:00") if not step["skipped"]] == [
        True
    ] * 8


@pytest.mark.parametrize("to", ["3141000001", "乙高中", "id"])
def test_a_school_is_named_by_its_code_its_name_or_its_id(way, site, to):
    _, ids = site
    assert way(ids["乙高中"] if to == "id" else to)[0]["office"] == "乙高中"


def test_the_student_may_be_named_by_its_id_too(xueji):
    code, printed, _ = xueji("chain", "transfer", "--student", "1", "--to", "乙高中")
    assert code == 0
    assert printed.startswith(" 1  转入学校  乙高中  registrar  转入学校核对  10 working days, by ")


REFUSED = {
    ("--student", "G0", "--to", "乙高中"): "no such student",
    ("--student", "9" * 30, "--to", "乙高中"): "no such student",
    ("--student", NUMBER, "--to", "戊高中"): "no such school",
    ("--student", NUMBER, "--to", "1"): "no such school",
    ("--student", NUMBER, "--to", "丙高中"): "several schools are called 丙高中; give one of the ids",
    ("--student", NUMBER, "--to", "乙高中", "--at", "soon"): "“soon” is no moment",
    ("--student", NUMBER, "--to", "乙高中", "--at", "0001-01-01T00:00"): "is not on a day from 1990-01-01",
    ("--student", NUMBER, "--to", "乙高中", "--at", "9999-12-31T23:59-12:00"): "to 2099-12-31",
    ("--student", NUMBER): "Missing option '--to'",
}


@pytest.mark.parametrize("arguments", REFUSED)
def test_what_is_not_there_is_told_without_a_traceback(xueji, arguments):
    code, printed, said = xueji("chain", "transfer", *arguments, "--json")
    assert code in {1, 2}
    assert printed == ""
    assert REFUSED[arguments] in said


def test_the_published_processes_are_listed(xueji):
    code, printed, _ = xueji("process", "list", "--json")
    listed = {
        version["process"]: (version["version"], version["in_force"]) for version in json.loads(printed)
    }
    assert (code, listed["transfer"]) == (0, (1, True))
    assert "transfer v1  转学（转入方发起）  in force" in xueji("process", "list")[1].splitlines()


def test_a_process_shows_its_steps_and_tables(xueji):
    code, printed, _ = xueji("process", "show", "transfer_both_agree", "--json")
    shown = json.loads(printed)
    assert (code, shown["process"]) == (0, "transfer_both_agree")
    filing = next(step for step in shown["steps"] if not step["blocking"])
    assert filing["seat"] == "转入县级"
    assert (filing["blocking"], filing["skip_when"], filing["outcomes"]) == (
        False,
        "filing != 'county'",
        ["acknowledge"],
    )
    assert "transfer_levels" in shown["tables"]
    assert (
        "转入县级 handler: 转入县级备案, filing only (备案)"
        in xueji("process", "show", "transfer_both_agree")[1]
    )


def test_a_process_shows_its_steps_in_the_order_of_the_diagram(xueji):
    _, printed, _ = xueji("process", "show", "transfer", "--json")
    seats = [step["seat"] for step in json.loads(printed)["steps"]]
    levels = ["县级", "市级", "省级"]
    into, out = [f"转入{level}" for level in levels], [f"转出{level}" for level in levels]
    schools = ["转入学校"] * 2, ["转出学校"] * 2
    in_common, exceptions = into, out
    assert seats == [*exceptions, *schools[0], *into, *schools[1], *out, *in_common]


def test_a_process_that_is_not_published_is_told_with_those_that_are(xueji):
    code, printed, said = xueji("process", "show", "graduation", "--json")
    assert (code, printed) == (2, "")
    assert (
        "there is no process graduation; published are: admission_end, cancellation, cross_province_both_agree, "
        in said
    )


def test_setup_loads_what_every_installation_needs_and_may_be_repeated(
    xueji, new_database, monkeypatch, site
):
    settings, _ = site
    url = new_database()
    monkeypatch.setenv("XUEJI_DATABASE_URL", url)
    for _ in range(2):
        assert xueji("setup")[0] == 0
    with session_at(url, settings) as session:
        assert session.scalars(select(func.count()).select_from(Division)).one() > 3000
        assert session.scalars(select(func.count()).select_from(ProcessVersion)).one() == len(
            shipped_processes()
        )
