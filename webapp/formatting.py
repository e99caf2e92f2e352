"""How facts are said on a page: days as people say them, exact times in titles, refusals in full sentences."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import singledispatch
from typing import Literal

from babel.dates import format_date, format_datetime
from babel.lists import format_list
from flask import Flask
from flask_babel import get_locale, gettext, ngettext

from models.enums import FormField, PaperKind, Role, Stage
from webapp import clock
from webapp.errors import Refusal, Sentences
from webapp.labels import GRADES, decided, label
from webapp.services.cases.rejections import Ground
from webapp.services.changes.validation_codes import CodeMeaning
from webapp.services.registry.identity import masked

DAY = {"zh": "M月d日 EEE", "en": "EEE d MMM"}
DAY_OF_ANOTHER_YEAR = {"zh": "y年M月d日 EEE", "en": "EEE d MMM y"}


def init_formatting(app: Flask) -> None:
    """Let templates say facts: by filters, and by functions what takes several facts."""
    app.add_template_filter(human_date)
    app.add_template_filter(human_time)
    app.add_template_filter(datetime.fromisoformat, "moment")
    app.add_template_filter(exact_time)
    app.add_template_filter(time_of_day)
    app.add_template_filter(label)
    app.add_template_filter(decided)
    app.add_template_filter(masked)
    app.add_template_filter(paper_names)
    app.add_template_filter(role_names)
    app.add_template_filter(field_names)
    app.add_template_global(grade_text)
    app.add_template_global(years_text)
    app.add_template_global(human_due)
    app.add_template_global(post_text)
    app.add_template_global(days_left_text)
    app.add_template_global(card_of)


def human_date(day: date) -> str:
    """Return the day with its weekday: 10月12日 周三 or Wed 12 Oct; with the year unless it is this year."""
    patterns = DAY if day.year == clock.today().year else DAY_OF_ANOTHER_YEAR
    return format_date(day, patterns[_language()], get_locale())


def human_time(moment: datetime) -> str:
    """Return the moment in China as people say it: 10:42 today, otherwise the day with the time."""
    there = moment.astimezone(clock.SHANGHAI)
    time = f"{there:%H:%M}"
    return time if there.date() == clock.today() else f"{human_date(there.date())} {time}"


def exact_time(moment: datetime) -> str:
    """Return the moment to the second in Beijing time, for the title of whatever says it roughly."""
    there = format_datetime(moment.astimezone(clock.SHANGHAI), "yyyy-MM-dd HH:mm:ss", locale=get_locale())
    return str(gettext("%(time)s Beijing time", time=there))


def time_of_day(moment: datetime) -> str:
    """Return the time in China to the second, of what happens within the minute: 10:42:30."""
    return f"{moment.astimezone(clock.SHANGHAI):%H:%M:%S}"


def human_due(due_on: date, days_left: int, provisional: bool = False) -> str:
    """Return the last day of a time limit and how far off it is: 10月12日 周三前，还剩 3 个工作日.

    `days_left` counts working days: 0 on the last day itself, negative past it. `provisional`: the limit
    reaches into a year whose calendar is not loaded (domain 3.0.3).
    """
    day, left = human_date(due_on), days_left_text(due_on, days_left, provisional)
    if card_of(due_on) == "red":
        return str(gettext("was due %(day)s, %(left)s", day=day, left=left))
    return str(gettext("by %(day)s, %(left)s", day=day, left=left))


def card_of(due_on: date) -> Literal["red", "yellow"] | None:
    """Return the card of what is due on a day, whichever days are worked: yellow (黄牌) on it, red (红牌) past it."""
    today = clock.today()
    return "red" if due_on < today else "yellow" if due_on == today else None


def days_left_text(due_on: date, days_left: int, provisional: bool = False) -> str:
    """Return the rest of a time limit in working days: 还剩 3 个工作日, 今天截止, 已超期 2 个工作日, 已超期."""
    if days_left < 0:
        said = ngettext("%(num)d working day overdue", "%(num)d working days overdue", -days_left)
    elif card_of(due_on) == "red":  # not by a working day yet
        said = gettext("overdue")
    elif days_left == 0:
        said = gettext("due today")
    else:
        said = ngettext("%(num)d working day left", "%(num)d working days left", days_left)
    return str(gettext("%(limit)s (provisional)", limit=said) if provisional else said)


def grade_text(grade: int, stage: Stage) -> str:
    """Return what a grade is called: 三年级, 初一（七年级）, 高一, 中职二年级.

    Compulsory education counts its grades from 1 to 9; senior high and vocational schools begin again with 1.
    """
    names = GRADES[stage]
    return str(names[grade - 1] if grade <= len(names) else gettext("Grade %(grade)s", grade=grade))


def years_text(years: int) -> str:
    """Return how long something takes: 3 年."""
    return str(ngettext("%(num)d year", "%(num)d years", years))


def post_text(office: str, role: Role) -> str:
    """Return an office with a role in it: 嵩县教育局经办人. Who it is in another province, nobody here knows."""
    if role == Role.COUNTERPART:
        return office
    return str(gettext("%(office)s (%(role)s)", office=office, role=label(role)))


def code_text(found: CodeMeaning) -> str:
    """Return what the national platform found, with its code: 2002 在办业务未办结：…"""
    return f"{found.code} {found.meaning_zh if _language() == 'zh' else found.meaning_en}"


def paper_names(kinds: Iterable[str]) -> str:
    """Return a list of papers in words."""
    return said(tuple(map(PaperKind, kinds)))


def field_names(fields: Iterable[str]) -> str:
    """Return a list of what an application says in words."""
    return said(tuple(map(FormField, fields)))


def role_names(roles: Iterable[str]) -> str:
    """Return a list of roles in words."""
    return said(tuple(map(Role, roles)))


def refusal_text(refusal: Refusal) -> str:
    """Return what the refusal says, with its facts, in the visitor's language."""
    facts = {name: said(fact) for name, fact in refusal.facts.items()}
    return str(gettext(refusal.template())).format(**facts)


@singledispatch
def said(fact: object) -> str:
    """Return a fact of a sentence in the visitor's language: vocabularies, days, moments, lists of these."""
    return str(fact)


@said.register
def _(nothing: None) -> str:
    return "—"


@said.register
def _(member: StrEnum) -> str:
    return str(label(member))


@said.register
def _(day: date) -> str:
    return human_date(day)


@said.register
def _(moment: datetime) -> str:
    return human_time(moment)


@said.register
def _(ground: Ground) -> str:
    return ground.reason_zh if _language() == "zh" else ground.reason_en


@said.register
def _(reason: Refusal) -> str:
    return refusal_text(reason)


@said.register
def _(reasons: Sentences) -> str:
    return " ".join(map(refusal_text, reasons.refusals))


@said.register(tuple)
def _(facts: tuple[object, ...]) -> str:
    return format_list([said(fact) for fact in facts], locale=get_locale())


def _language() -> str:
    return str(get_locale().language)
