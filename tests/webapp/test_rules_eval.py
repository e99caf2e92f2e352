"""`xueji rules eval`: what becomes of a change, told without an application."""

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from models import Base
from models.enums import RegistryState, Stage, SuspensionReason
from webapp import clock
from webapp.cli import main
from webapp.commands.rules_eval import SOLVED_BY
from webapp.database import session_at
from webapp.services.changes.eligibility import FailedRule
from webapp.services.changes.fact_catalogue import ONE_SIDED
from webapp.services.changes.planning import KINDS
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

NUMBER, AWAY = "G990101201405060027", "G990101201405060035"
AT = "2025-09-10T09:00"


@pytest.fixture(scope="module")
def site(new_database, settings_for):
    """A seeded site with a pupil of Xin'an county, one of Song county who is suspended, and their schools."""
    settings = settings_for(new_database("seeded"))
    with session_at(settings.database_url, settings) as session:
        makers.a_term(session, date(2025, 2, 17), date(2025, 7, 5))
        makers.a_term(session, date(2025, 9, 1), date(2026, 1, 20))
        home = makers.a_school(session, "410323", Stage.COMPULSORY, name="甲校")
        makers.a_school(session, "410325", Stage.COMPULSORY, name="乙校", school_code="3141000001")
        makers.a_student(session, home, entered=date(2023, 9, 1), number=NUMBER)
        away = makers.a_student(session, home, number=AWAY, state=RegistryState.SUSPENDED)
        makers.a_spell(session, away, SuspensionReason.ILLNESS, date(2025, 3, 1), date(2026, 2, 28))
        session.commit()
    return settings


@pytest.fixture
def xueji(site, monkeypatch):
    """Runs `xueji rules eval …`; returns the exit code, what was printed, and what was said on the side."""
    for name, value in site.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(clock._clock, "ahead", timedelta(0))

    def run(*arguments):
        result = CliRunner().invoke(main, ["rules", "eval", *arguments])
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture
def told(xueji):
    """What is told of a change of the pupil in JSON."""

    def of(kind, *arguments, student=NUMBER, at=AT):
        code, printed, said = xueji(kind, "--student", student, "--at", at, *arguments, "--json")
        assert code == 0, said
        return json.loads(printed)

    return of


def rules_of(told):
    return [failed["rule"] for failed in told["failed"]]


def test_a_transfer_is_told_with_its_process_levels_deadlines_and_papers(told):
    transfer = told("transfer", "--to", "乙校")
    assert (transfer["process"], transfer["version"], transfer["begun_by"]) == ("transfer", 1, ["转入学校"])
    assert transfer["packs"]["receiving"][0] == "k12-henan-comp"
    assert (transfer["failed"], transfer["blocked"]) == ([], False)
    assert [
        (step["seat"], step["roles"], step["limit_days"], step["due"]) for step in transfer["levels"]
    ] == [
        ("转入学校", ["registrar"], 10, "2025-09-24"),
        ("转入学校", ["lead"], 10, "2025-10-14"),
        ("转入县级", ["handler"], 10, "2025-10-28"),
        ("转出学校", ["registrar"], 10, "2025-11-11"),
        ("转出学校", ["lead"], 10, "2025-11-25"),
        ("转出县级", ["handler"], 10, "2025-12-09"),
    ]
    assert (transfer["limit_days"], transfer["due"], transfer["provisional"]) == (60, "2025-12-09", False)
    assert transfer["papers"][0]["required"]
    assert all(paper["source"] for paper in transfer["papers"])


def test_all_rules_that_stand_against_it_are_told_with_who_can_solve_them(told):
    transfer = told(
        "transfer", "--to", "乙校", "--form", "grade=4", "--form", "reason=other", "--language", "en"
    )
    assert transfer["form"] == {
        "to_school_id": transfer["form"]["to_school_id"],
        "grade": 4,
        "reason": "other",
        "note": "",
        "exception": "",
        "schooling_years": 9,
        "major_code": "",
        "major_name": "",
    }
    assert rules_of(transfer) == ["T-P6", "T-P9"]
    assert transfer["blocked"]
    assert all(failed["message"].isascii() for failed in transfer["failed"])
    assert all(failed["source"] and failed["solved_by"] in SOLVED_BY for failed in transfer["failed"])


SOLVERS = {
    ("block", "receiving"): "receiving",
    ("block", "releasing"): "present",
    ("warn", "own"): "present",
    ("block", "both"): "family",
    ("exception", "releasing"): "authority",
}


@pytest.mark.parametrize(("severity", "side"), SOLVERS)
def test_whoever_can_solve_a_broken_rule_is_named(severity, side):
    failed = FailedRule("T-P6", side, severity, "", "", "")
    assert failed.solved_by == SOLVERS[severity, side]
    assert failed.solved_by in SOLVED_BY


def test_messages_are_in_the_language_of_the_site_or_the_one_that_is_asked_for(told):
    here = told("readmission")
    there = told("readmission", "--language", "en")
    assert rules_of(here) == rules_of(there) == ["RE-P1"]
    assert here["failed"][0]["message"].startswith("该生不在休学期间")
    assert there["failed"][0]["message"].startswith("The student is not suspended")


def test_deadlines_count_from_the_moment_that_is_given(told):
    later = told("transfer", "--to", "乙校", at="2025-12-22T09:00")
    assert later["at"] == "2025-12-22T09:00:00+08:00"
    assert [step["due"] for step in later["levels"][:2]] == [
        "2026-01-06",
        "2026-01-20",
    ]  # 4 January is a make-up day (调休)
    assert told("transfer", "--to", "乙校", at="2026-12-17T09:00")["provisional"]


@pytest.mark.parametrize("kind", [kind for kind in ONE_SIDED if Stage.COMPULSORY in KINDS[kind].offered_at])
def test_a_change_of_every_kind_is_filled_in_as_most_would(told, kind):
    change = told(kind.value)
    assert change["kind"] == kind
    assert {step["seat"] for step in change["levels"]} <= {"学校", "县级", "市级", "省级"}
    assert list(change["packs"]) == ["own"]


def test_who_is_suspended_comes_back_after_his_spell(told):
    readmission = told("readmission", student=AWAY, at="2026-03-02T09:00")
    assert readmission["failed"] == []
    assert readmission["form"]["returns_on"] == "2026-03-02"
    early = told("readmission", "--form", "hospital=none", student=AWAY, at="2026-03-02T09:00")
    assert rules_of(early) == ["RE-P4"]


def test_it_is_told_in_words_too(xueji):
    arguments = ("transfer", "--student", NUMBER, "--to", "乙校", "--at", AT, "--form", "grade=4")
    code, printed, _ = xueji(*arguments, "--language", "en")
    lines = printed.splitlines()
    assert code == 0
    assert lines[0] == "transfer v1  转学（转入方发起）"
    assert "releasing: 甲校, under k12-henan-comp, k12-national-2013" in lines
    assert lines[4].startswith("form: ")
    assert lines[4].endswith(", grade=4, reason=household_move, schooling_years=9")
    assert "Rules that it breaks: 1" in lines
    assert any(line.startswith("  block T-P6 (") for line in lines)
    assert any("; who can solve it: " in line for line in lines)
    assert " 1  转入学校  乙校  registrar  转入学校核对  10 working days, by 2025-09-24" in lines
    assert "The whole: 60 working days, by 2025-12-09" in lines
    assert any(line.startswith("  required ") for line in lines)


def test_nothing_is_written_and_nobody_is_said_to_have_looked(told, site):
    """A command has no account; whoever runs it has the database itself."""

    def rows():
        with session_at(site.database_url, site) as session:
            counted = {
                name: session.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in Base.metadata.tables
            }
            return counted, session.scalar(text("SELECT sum(version) FROM student"))

    before = rows()
    told("transfer", "--to", "乙校")
    assert rows() == before


WRONG = {
    ("holiday", "--student", NUMBER): "'holiday' is not one of 'transfer'",
    ("transfer", "--to", "乙校"): "Missing option '--student'",
    ("transfer", "--student", "G0", "--to", "乙校"): "no such student as G0; give the registry number",
    ("transfer", "--student", "9" * 30, "--to", "乙校"): "no such student",
    ("transfer", "--student", NUMBER, "--to", "丙校"): "no such school as 丙校; give its code, exact name or id",
    ("transfer", "--student", NUMBER): "say which school the transfer leads to",
    ("suspension", "--student", NUMBER, "--to", "乙校"): "a suspension leads to no other school",
    ("transfer", "--student", NUMBER, "--to", "甲校"): "already attends this school",
    ("transfer", "--student", NUMBER, "--to", "乙校", "--form", "grade=99"): "has no grade 99",
    ("suspension", "--student", NUMBER, "--form", "why=illness"): "does not ask for why; it asks for reason, starts_on",
    ("transfer", "--student", NUMBER, "--to", "乙校", "--form", "to_school_id=1"): "does not ask for to_school_id",
    ("suspension", "--student", NUMBER, "--form", "reason=tired"): "reason: Input should be 'illness'",
    ("suspension", "--student", NUMBER, "--form", "ends_on=soon"): "ends_on: Input should be a valid date",
    ("suspension", "--student", NUMBER, "--form", "ends_on=9999-12-31"): "ends_on: give a day from 1990-01-01",
    ("suspension", "--student", NUMBER, "--form", f"rest_months={10**20}"): "rest_months: give a number from 0",
    ("suspension", "--student", NUMBER, "--form", "=illness"): "“=illness” is no answer",
    ("suspension", "--student", NUMBER, "--form", "reason"): "“reason” is no answer; write it as grade=2",
    ("suspension", "--student", NUMBER, "--form", "note=a", "--form", "note=b"): "note is answered twice",
    ("suspension", "--student", NUMBER, "--at", "soon"): "“soon” is no moment",
    ("suspension", "--student", NUMBER, "--language", "fr"): "'fr' is not one of 'zh', 'en'",
}  # fmt: skip


@pytest.mark.parametrize("arguments", WRONG)
def test_what_is_wrong_in_the_command_is_told_with_what_to_do(xueji, arguments):
    code, printed, said = xueji(*arguments, "--json")
    assert (code, printed) == (2, "")
    assert WRONG[arguments] in said


def test_a_change_that_no_process_governs_is_refused(xueji, site, monkeypatch):
    elsewhere = site.model_copy(update={"provinces": ("35",)})
    for name, value in elsewhere.environment().items():
        monkeypatch.setenv(name, value)
    code, printed, said = xueji("suspension", "--student", NUMBER)
    assert (code, printed) == (1, "")
    assert "No process is in force" in said
