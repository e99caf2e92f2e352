"""Days, time limits and refusals as people say them, in both languages."""

from datetime import UTC, date, datetime

import pytest
from flask_babel import force_locale

from models.enums import Outcome, Role, Stage
from webapp import clock
from webapp.errors import AlreadyDecided, AnotherCaseOpen, NoSuchCase
from webapp.formatting import (
    card_of,
    days_left_text,
    exact_time,
    grade_text,
    human_date,
    human_due,
    human_time,
    paper_names,
    refusal_text,
    said,
)

NOON = datetime(2022, 9, 30, 4, 0, tzinfo=UTC)
WEDNESDAY = date(2022, 10, 12)


@pytest.fixture(params=["zh_Hans_CN", "en"])
def language(request, pages):
    with pages.test_request_context(), clock.freeze(NOON), force_locale(request.param):
        yield {"zh_Hans_CN": 0, "en": 1}[request.param]


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (WEDNESDAY, ("10月12日 周三", "Wed 12 Oct")),
        (date(2022, 1, 1), ("1月1日 周六", "Sat 1 Jan")),
        (date(2023, 1, 1), ("2023年1月1日 周日", "Sun 1 Jan 2023")),
        (date(2021, 12, 31), ("2021年12月31日 周五", "Fri 31 Dec 2021")),
    ],
)
def test_a_day_is_said_with_its_weekday_and_a_day_of_another_year_with_the_year(language, day, text):
    assert human_date(day) == text[language]


@pytest.mark.parametrize(
    ("today", "days_left", "provisional", "text"),
    [
        (9, 3, False, ("10月12日 周三前，还剩 3 个工作日", "by Wed 12 Oct, 3 working days left")),
        (11, 1, False, ("10月12日 周三前，还剩 1 个工作日", "by Wed 12 Oct, 1 working day left")),
        (12, 0, False, ("10月12日 周三前，今天截止", "by Wed 12 Oct, due today")),
        (
            13,
            -1,
            False,
            ("10月12日 周三截止，已超期 1 个工作日", "was due Wed 12 Oct, 1 working day overdue"),
        ),
        (
            14,
            -2,
            False,
            ("10月12日 周三截止，已超期 2 个工作日", "was due Wed 12 Oct, 2 working days overdue"),
        ),
        (13, 0, False, ("10月12日 周三截止，已超期", "was due Wed 12 Oct, overdue")),  # a day off
        (
            9,
            3,
            True,
            ("10月12日 周三前，还剩 3 个工作日（暂定）", "by Wed 12 Oct, 3 working days left (provisional)"),
        ),
    ],
)
def test_a_time_limit_is_said_with_its_last_day_and_the_working_days_left(
    language, today, days_left, provisional, text
):
    with clock.freeze(datetime(2022, 10, today, 4, 0, tzinfo=UTC)):
        assert human_due(WEDNESDAY, days_left, provisional) == text[language]
        assert text[language].endswith(days_left_text(WEDNESDAY, days_left, provisional))


@pytest.mark.parametrize(("today", "card"), [(11, None), (12, "yellow"), (13, "red")])
def test_a_card_is_yellow_on_the_last_day_and_red_past_it(today, card):
    with clock.freeze(datetime(2022, 10, today, 4, 0, tzinfo=UTC)):
        assert card_of(WEDNESDAY) == card


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2022, 9, 30, 2, 42, tzinfo=UTC), ("10:42", "10:42")),
        (datetime(2022, 9, 29, 15, 59, tzinfo=UTC), ("9月29日 周四 23:59", "Thu 29 Sep 23:59")),
        (datetime(2022, 9, 29, 16, 0, tzinfo=UTC), ("00:00", "00:00")),
    ],
)
def test_a_moment_is_said_in_beijing_time_and_with_its_day_unless_it_is_today(language, moment, text):
    assert human_time(moment) == text[language]


def test_the_exact_time_names_its_zone(language):
    text = ("2022-09-30 12:00:00（北京时间）", "2022-09-30 12:00:00 Beijing time")
    assert exact_time(NOON) == text[language]


def test_a_refusal_is_told_with_its_facts_in_the_readers_language(language):
    refusal = AlreadyDecided(
        office="转入县教育局", role=Role.HANDLER, at=datetime(2022, 9, 30, 2, 42, tzinfo=UTC)
    )
    text = ("转入县教育局经办人已于 10:42 审核。", "转入县教育局 (Handler) already decided this at 10:42.")
    assert refusal_text(refusal) == text[language]


def test_a_refusal_without_facts_is_told_too(language):
    text = ("该生有在办业务未办结，办结后方可提出新的申请。", str(AnotherCaseOpen()))
    assert refusal_text(AnotherCaseOpen()) == text[language]


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (Outcome.RETURN, ("退回补正", "Return for correction")),
        (WEDNESDAY, ("10月12日 周三", "Wed 12 Oct")),
        (NOON, ("12:00", "12:00")),
        (None, ("—", "—")),
        (NoSuchCase(), ("没有这份申请。请核对编号，或从列表中打开。", str(NoSuchCase()))),
        ((Outcome.APPROVE,), ("通过", "Approve")),
        ((Outcome.APPROVE, Outcome.REJECT), ("通过和不通过", "Approve and Reject")),
        (
            (Role.HANDLER, Role.CHIEF, Role.DEPUTY),
            ("经办人、科长和分管局长", "Handler, Section chief, and Deputy director"),
        ),
        (7, ("7", "7")),
    ],
)
def test_every_kind_of_fact_is_said_in_the_readers_language(language, fact, text):
    assert said(fact) == text[language]


def test_papers_are_listed_as_the_language_lists_things(language):
    text = ("居住证明和户口簿", "Proof of residence and Household register")
    assert paper_names(["proof_of_residence", "household_register"]) == text[language]


@pytest.mark.parametrize(
    ("stage", "grade", "text"),
    [
        (Stage.COMPULSORY, 1, ("一年级", "Grade 1")),
        (Stage.COMPULSORY, 6, ("六年级", "Grade 6")),
        (Stage.COMPULSORY, 7, ("初一（七年级）", "Junior 1 (grade 7)")),
        (Stage.COMPULSORY, 9, ("初三（九年级）", "Junior 3 (grade 9)")),
        (Stage.SENIOR_HIGH, 1, ("高一", "Senior 1 (grade 10)")),
        (Stage.SENIOR_HIGH, 3, ("高三", "Senior 3 (grade 12)")),
        (Stage.SENIOR_HIGH, 4, ("4 年级", "Grade 4")),
        (Stage.VOCATIONAL, 1, ("中职一年级", "Vocational year 1")),
        (Stage.VOCATIONAL, 6, ("中职六年级", "Vocational year 6")),
    ],
)
def test_a_grade_is_called_as_people_of_its_stage_call_it(language, stage, grade, text):
    assert grade_text(grade, stage) == text[language]
