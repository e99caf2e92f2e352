"""The frame round every page: the banner of the demo, who is signed in, in which language."""

from datetime import UTC, datetime

import pytest

from models.enums import OfficeKind, OfficeLevel, Role
from webapp import clock
from webapp.app import create_app
from webapp.policy import Person, Post
from webapp.views.visitor import Visitor

URL = "postgresql:///no_such_database?host=/nowhere"
LAWFUL_DAY = datetime(2025, 9, 10, 1, 0, tzinfo=UTC)
HANDLER = Post(5, "祥符区教育局", OfficeKind.BUREAU, OfficeLevel.COUNTY, Role.HANDLER, (1, 5))
REGISTRAR = Post(9, "祥符区实验中学", OfficeKind.SCHOOL, OfficeLevel.COUNTY, Role.REGISTRAR, (1, 5, 9))


@pytest.mark.parametrize("shown_for", [{"demo": True}, {"now": LAWFUL_DAY}])
def test_the_banner_shows_the_day_when_it_is_not_the_worlds(settings_for, shown_for):
    app = create_app(settings_for(URL).model_copy(update=shown_for))
    with clock.freeze(LAWFUL_DAY):
        assert "演示 · 今天是9月10日 周三" in app.test_client().get("/sign-in").text


def test_in_production_there_is_no_banner(pages):
    assert "demo-banner" not in pages.test_client().get("/sign-in").text


@pytest.mark.parametrize(("locale", "lang"), [("en", "en"), ("zh_Hans_CN", "zh-Hans-CN")])
def test_a_site_chooses_the_language_of_those_who_have_not(settings_for, locale, lang):
    app = create_app(settings_for(URL).model_copy(update={"locale": locale}))
    assert f'<html lang="{lang}">' in app.test_client().get("/sign-in").text


@pytest.mark.parametrize(
    ("posts", "children", "said"),
    [
        ((HANDLER,), (), ["祥符区教育局 经办人"]),
        ((HANDLER, REGISTRAR), (), ["祥符区教育局 经办人", "祥符区实验中学 学籍管理员"]),
        ((), (7,), ["家长"]),
        ((HANDLER,), (7,), ["祥符区教育局 经办人", "家长"]),
        ((), (), []),
    ],
)
def test_the_top_bar_says_who_is_signed_in_and_as_what(pages, posts, children, said):
    person = Person(1, "李建国", "li.jianguo", None, 1, posts, children)
    bar = top_bar(pages, person)
    assert "<strong>李建国</strong>" in bar
    assert [line.strip() for line in bar.splitlines() if line.strip().startswith("<span>")] == [
        f"<span>{each}</span>" for each in said
    ]
    assert "退出" in bar


def top_bar(pages, person):
    page = pages.jinja_env.from_string('{% extends "base.html" %}{% block title %}a page{% endblock %}')
    with pages.test_request_context():
        return page.render(current_user=Visitor(person, "token"), get_flashed_messages=lambda **_: [])
