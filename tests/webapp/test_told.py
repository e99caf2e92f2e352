"""A refusal that is kept can be told later, in either language, with all its facts."""

import json
from datetime import UTC, date, datetime

import pytest

from models.enums import EventKind, Role
from webapp import errors
from webapp.formatting import refusal_text
from webapp.i18n import speaking
from webapp.services.calendar.working_days import DayOutOfCalendar
from webapp.services.cases.told import broken_rules, kept, told
from webapp.services.changes.eligibility import FailedRule, RulesStandAgainst

AT = datetime(2025, 9, 10, 1, 42, tzinfo=UTC)
RULE = FailedRule(
    "H2", "releasing", "block", "该生学籍被列为问题学籍。", "The record is a problem record.", "W08"
)

REFUSALS = [
    errors.AlreadyDecided(office="嵩县教育局", role=Role.HANDLER, at=AT),
    errors.DutiesSeparated(step="转入学校核对"),
    errors.DutiesSeparated(step=EventKind.OPENED),
    DayOutOfCalendar(date(2100, 1, 1)),
    RulesStandAgainst((RULE,)),
]


def through_the_database(refusal: errors.Refusal) -> dict[str, object]:
    return json.loads(json.dumps(kept(refusal)))


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: type(refusal).__name__)
@pytest.mark.parametrize("language", ["en", "zh_Hans_CN"])
def test_it_says_the_same_as_when_it_was_raised(refusal: errors.Refusal, language: str) -> None:
    again = told(through_the_database(refusal))
    with speaking(language):
        assert refusal_text(again) == refusal_text(refusal)
    assert again.facts == refusal.facts


def test_broken_rules_keep_their_wording_and_source() -> None:
    assert broken_rules(through_the_database(RulesStandAgainst((RULE,)))) == [RULE]


def test_one_that_a_later_release_does_not_know_says_at_least_that_it_cannot_be_done() -> None:
    assert str(told({"name": "OfLongAgo", "facts": {"what": "x"}, "rules": []})) == "This cannot be done."
