"""What every answer forbids the browser, and what the templates must not contain for it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Response

import webapp
from webapp.app import create_app
from webapp.config import Settings
from webapp.views.visitor import public

IN_ALL = (Path(webapp.__file__).parent / "templates").rglob("*.html")
TEMPLATES = sorted(
    path for path in IN_ALL if path.parent.name != "mail"
)  # an e-mail has neither policy nor stylesheet
FORBIDDEN = {
    "an inline style": re.compile(r"<style|\sstyle\s*="),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)|javascript:"),
    "an inline handler": re.compile(r"<[^>]*\son\w+\s*=|hx-on|js:"),
    "text trusted as markup": re.compile(r"\|\s*safe\b|autoescape\s+false"),
}
POSTED_FORM = re.compile(r"<form[^>]*method=.post.*?</form>", re.DOTALL | re.IGNORECASE)


@pytest.mark.parametrize("path", ["/sign-in", "/no-such-page", "/sign-out", "/language"])
def test_every_answer_allows_only_our_own_scripts_and_is_not_kept(pages, path):
    headers = pages.test_client().get(path).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "form-action": "'self'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_a_view_may_be_stricter_than_the_rest(new_pages):
    @new_pages.get("/paper")
    @public
    def paper():
        return Response("a paper", headers={"Content-Security-Policy": "sandbox"})

    assert new_pages.test_client().get("/paper").headers["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_contains_nothing_that_the_policy_forbids(template):
    source = template.read_text()
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(source)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_is_posted_carries_its_tokens(template):
    forms = POSTED_FORM.findall(template.read_text())
    assert [form for form in forms if "form_tokens()" not in form] == []


@pytest.mark.parametrize(("proxies", "secure"), [(0, False), (1, True)])
def test_a_proxys_word_on_https_counts_only_where_one_is_trusted(
    settings_for: Callable[[str], Settings], proxies: int, secure: bool
) -> None:
    settings = settings_for("postgresql:///no_such_database?host=/nowhere")
    client = create_app(settings.model_copy(update={"trusted_proxies": proxies})).test_client()
    answer = client.get("/sign-in", headers={"X-Forwarded-Proto": "https"})
    assert ("Secure" in answer.headers["Set-Cookie"]) is secure
