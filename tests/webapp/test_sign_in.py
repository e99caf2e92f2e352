"""Signing in and out in a browser, being sent back where one was, and choosing the language."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from models import Account, Throttle
from webapp import clock
from webapp.app import create_app
from webapp.database import db, session_at
from webapp.services.people import accounts
from webapp.views.addresses import local_path

PASSWORD = "correct horse"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SECURE = {"base_url": "https://localhost"}


@pytest.fixture(scope="module")
def site(new_database, settings_for):
    """The application with one account and one page of its own, /own-page, that only the signed-in see."""
    url = new_database()
    settings = settings_for(url)
    with session_at(url, settings) as session:
        accounts.create_account(session, "li.jianguo", PASSWORD, "李建国")
        session.commit()
    app = create_app(settings)
    app.add_url_rule("/own-page", "own_page", lambda: "your tasks", methods=["GET", "POST"])
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def browser(site):
    """A stranger's browser; nobody remembers earlier failures or choices."""
    with site.app_context():
        db.session.execute(delete(Throttle))
        db.session.scalars(select(Account)).one().locale = None
        db.session.commit()
    return site.test_client()


def token(browser, path="/sign-in", **how):
    return html.unescape(TOKEN.search(browser.get(path, **how).text)[1])


def sign_in(browser, path="/sign-in", login="li.jianguo", password=PASSWORD, **how):
    return browser.post(
        path, data={"csrf_token": token(browser, **how), "login": login, "password": password}, **how
    )


def test_a_stranger_is_sent_to_sign_in_and_from_there_back(browser):
    asked = browser.get("/own-page?tab=overdue&kind=转学")
    assert asked.status_code == 303
    assert asked.location.startswith("/sign-in?next=")
    back = sign_in(browser, asked.location)
    assert back.status_code == 303
    assert browser.get(back.location).text == "your tasks"
    assert back.location.startswith("/own-page?tab=overdue&kind=")


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(browser):
    answer = browser.get("/own-page", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/own-page"


def test_whoever_is_signed_in_is_not_asked_again(browser):
    sign_in(browser)
    assert browser.get("/sign-in?next=/own-page").location == "/own-page"


@pytest.mark.parametrize(
    ("login", "password", "status", "said"),
    [
        ("li.jianguo", "wrong horse", 401, "账号或密码不正确"),
        ("nobody", PASSWORD, 401, "账号或密码不正确"),
        ("li.jianguo", "", 422, "请输入密码"),
        ("", PASSWORD, 422, "请输入账号"),
        ("x" * 129, PASSWORD, 422, "128"),
        ("li\x00jianguo", PASSWORD, 401, "账号或密码不正确"),
    ],
)
def test_a_failed_sign_in_says_why_and_keeps_the_login_that_was_typed(browser, login, password, status, said):
    answer = sign_in(browser, login=login, password=password)
    assert answer.status_code == status
    assert said in answer.text
    assert f'value="{login}"' in answer.text
    assert PASSWORD not in answer.text
    assert browser.get("/own-page").status_code == 303


def test_too_many_failures_are_refused_with_the_time_to_try_again(browser):
    for _ in range(5):
        sign_in(browser, password="wrong horse")
    answer = sign_in(browser)
    assert answer.status_code == 429
    assert re.search(r"请在 \d\d:\d\d 之后重试", answer.text)


@pytest.mark.parametrize(
    ("target", "local"),
    [
        ("/own-page", "/own-page"),
        ("/own-page?tab=a&kind=转学", "/own-page?tab=a&kind=转学"),
        (None, "/"),
        ("", "/"),
        ("inbox", "/"),
        ("//other.site", "/"),
        ("/\\other.site", "/"),
        ("/\t/other.site", "/"),
        ("/in\nbox", "/"),
        ("https://other.site/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_nobody_is_sent_to_another_site(target, local):
    assert local_path(target) == local


def test_another_site_as_the_next_page_is_ignored_after_signing_in(browser):
    assert sign_in(browser, "/sign-in?next=//other.site").location == "/"


@pytest.mark.parametrize(
    ("method", "said"), [("GET", "登录已过期。请重新登录"), ("POST", "刚才提交的内容未被接收")]
)
def test_an_ended_sign_in_is_told_and_leads_back_to_the_page(browser, method, said):
    sign_in(browser)
    form_token = token(browser, "/nothing")
    with clock.freeze(clock.now() + timedelta(hours=9)):
        answer = browser.open(
            "/own-page?tab=overdue",
            method=method,
            data={"csrf_token": form_token},
            headers={"Referer": "http://localhost/own-page?tab=overdue"},
        )
        page = browser.get(answer.location).text
    assert answer.location == "/sign-in?next=/own-page?tab%3Doverdue"
    assert said in page


def test_signing_out_ends_the_sign_in_for_whoever_copied_the_cookie(site, browser):
    sign_in(browser)
    thief = site.test_client()
    thief.set_cookie("session", browser.get_cookie("session").value)
    assert thief.get("/own-page").status_code == 200
    answer = browser.post("/sign-out", data={"csrf_token": token(browser, "/nothing")}, follow_redirects=True)
    assert "您已退出登录" in answer.text
    assert thief.get("/own-page").status_code == 303


def test_a_form_without_its_token_is_refused_with_what_to_do(browser):
    answer = browser.post("/sign-in", data={"login": "li.jianguo", "password": PASSWORD})
    assert answer.status_code == 400
    assert "表单已失效" in answer.text
    assert "请返回并刷新页面" in answer.text
    assert browser.get("/own-page").status_code == 303


def test_a_form_from_before_signing_in_is_not_valid_after_it(browser):
    old = token(browser)
    sign_in(browser)
    assert browser.post("/own-page", data={"csrf_token": old}).status_code == 400


def test_the_cookie_is_kept_from_scripts_other_sites_and_under_https_from_plain_http(browser):
    plain = sign_in(browser).headers["Set-Cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    https = browser.application.test_client()
    answer = sign_in(https, headers={"Referer": "https://localhost/sign-in"}, **SECURE)
    assert "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("cookie", "asked", "title"),
    [
        (None, None, "登录"),
        (None, "fr", "登录"),
        (None, "en-GB,en;q=0.9,zh;q=0.5", "Sign in"),
        (None, "zh-TW", "登录"),
        ("en", "zh-CN", "Sign in"),
        ("zh_Hans_CN", "en", "登录"),
        ("../../etc", "en", "Sign in"),
    ],
)
def test_the_language_is_what_the_cookie_says_else_what_the_browser_asks_else_chinese(
    browser, cookie, asked, title
):
    if cookie:
        browser.set_cookie("language", cookie)
    page = browser.get("/sign-in", headers={"Accept-Language": asked} if asked else {}).text
    assert f"<h1>{title}</h1>" in page


def test_a_stranger_changes_the_language_and_stays_on_the_page(browser):
    answer = browser.post(
        "/language", data={"csrf_token": token(browser), "locale": "en", "next": "/sign-in?next=/own-page"}
    )
    assert answer.location == "/sign-in?next=/own-page"
    assert "<h1>Sign in</h1>" in browser.get("/sign-in").text


def test_the_language_of_an_account_goes_with_it_to_every_browser(site, browser):
    sign_in(browser)
    browser.post("/language", data={"csrf_token": token(browser, "/nothing"), "locale": "en"})
    elsewhere = site.test_client()
    sign_in(elsewhere)
    assert "There is nothing at this address" in elsewhere.get("/nothing").text


def test_an_unknown_language_changes_nothing(browser):
    browser.post("/language", data={"csrf_token": token(browser), "locale": "tlh"})
    assert browser.get_cookie("language") is None
