"""What cannot be done is told in the words of the domain, in both languages, with what to do next."""

import pytest
from flask import abort
from flask_babel import force_locale
from werkzeug.exceptions import RequestEntityTooLarge

from models.enums import Role
from webapp.errors import AlreadyDecided, NoSuchCase
from webapp.formatting import refusal_text
from webapp.views.errors import TROUBLES
from webapp.views.visitor import public

REFUSALS = {
    "decided": AlreadyDecided(office="转入县教育局", role=Role.HANDLER, at="10:42"),
    "unknown": NoSuchCase(),
}


@pytest.fixture
def browser(new_pages):
    @new_pages.route("/fails/<int:status>", methods=["GET", "POST"])
    @public
    def fails(status):
        abort(status)

    @new_pages.get("/refuses/<name>")
    @public
    def refuses(name):
        raise REFUSALS[name]

    @new_pages.get("/breaks")
    @public
    def breaks():
        raise ZeroDivisionError

    return new_pages.test_client()


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("status", TROUBLES)
def test_every_kind_of_trouble_says_what_happened_and_what_to_do(browser, status, locale):
    browser.set_cookie("language", locale)
    answer = browser.get(f"/fails/{status}")
    with browser.application.test_request_context(), force_locale(locale):
        said = str(TROUBLES[status].title), str(TROUBLES[status].advice)
    assert answer.status_code == status
    assert all(text in answer.text.replace("&#39;", "'") for text in said)


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_told_with_its_own_status_and_words(browser, name):
    answer = browser.get(f"/refuses/{name}")
    with browser.application.test_request_context():
        assert refusal_text(REFUSALS[name]) in answer.text
    assert answer.status_code == REFUSALS[name].status


def test_an_address_that_takes_no_form_says_which_methods_it_knows(browser):
    answer = browser.get("/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "此地址不支持该操作" in answer.text


def test_too_large_a_form_is_refused_before_it_is_read(browser):
    browser.application.config["MAX_CONTENT_LENGTH"] = 1000
    answer = browser.post("/sign-in", data={"login": "x" * 2000})
    assert answer.status_code == RequestEntityTooLarge.code
    assert "提交的内容过大" in answer.text


def test_what_broke_is_logged_with_the_number_that_the_page_shows(browser, caplog):
    answer = browser.get("/breaks")
    references = [record.args[0] for record in caplog.records if "reference" in record.msg]
    assert answer.status_code == 500
    assert len(references) == 1
    assert references[0] in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_a_database_that_is_away_still_gives_a_page(browser):
    with browser.session_transaction() as session:
        session["_user_id"] = "a token that nothing can look up now"
    answer = browser.get("/sign-in")
    assert answer.status_code == 503
    assert "请将同一页面重新提交，不会重复办理" in answer.text


def test_a_part_of_a_page_gets_the_words_without_the_frame(browser):
    part = browser.get("/refuses/unknown", headers={"HX-Request": "true"})
    assert part.status_code == 404
    assert "没有这份申请" in part.text
    assert "<html" not in part.text


def test_after_a_form_the_page_leads_back_to_where_it_was(new_pages, browser):
    new_pages.config["WTF_CSRF_ENABLED"] = False
    sent_from = {"Referer": "http://localhost/cases/7?tab=papers#end"}
    assert 'href="/cases/7?tab=papers"' in browser.post("/fails/409", headers=sent_from).text
    assert "/cases/7" not in browser.get("/fails/409", headers=sent_from).text


@pytest.mark.parametrize(("status", "like"), [(418, 400), (501, 500)])
def test_trouble_without_words_of_its_own_is_told_as_the_senders_or_as_ours(browser, status, like):
    answer = browser.get(f"/fails/{status}")
    with browser.application.test_request_context():
        assert str(TROUBLES[like].title) in answer.text
    assert answer.status_code == status
