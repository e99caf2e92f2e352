"""Everything the application says, it says in both languages."""

import inspect
import pkgutil
import re
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import webapp
from models import enums
from webapp.errors import Refusal
from webapp.i18n import CATALOGUES, LANGUAGES
from webapp.labels import LABELS

ROOT = Path(webapp.__file__).parent.parent
PERCENT_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")


def said_by_the_code():
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = extract_from_dir(ROOT, methods, options, DEFAULT_KEYWORDS, directory_filter=_is_ours)
    return {(context, message): f"{file}:{line}" for file, line, message, _, context in found}


def _is_ours(folder):
    return Path(folder).name not in {"node_modules", "static", "var"} and not Path(folder).name.startswith(
        "."
    )


@pytest.fixture(scope="module")
def code():
    return said_by_the_code()


@pytest.fixture(scope="module")
def chinese():
    with (CATALOGUES / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po").open("rb") as po:
        return read_po(po, "zh_Hans_CN")


def test_every_message_of_the_code_is_in_the_chinese_catalogue(code, chinese):
    known = {(message.context, message.id) for message in chinese}
    assert {message: where for message, where in code.items() if message not in known} == {}


def test_the_chinese_catalogue_says_nothing_that_the_code_does_not_say(code, chinese):
    assert [
        message.id for message in chinese if message.id and (message.context, message.id) not in code
    ] == []


def test_every_message_is_translated_and_none_is_fuzzy(chinese):
    bad = [message.id for message in chinese if message.id and (message.fuzzy or not all(_strings(message)))]
    assert bad == []


def test_a_translation_takes_the_same_facts_as_its_message(chinese):
    bad = [
        message.id
        for message in chinese
        if message.id and any(_facts(said) != _facts(_ids(message)[-1]) for said in _strings(message))
    ]
    assert bad == []


def test_the_message_of_every_refusal_is_found(code):
    for module in pkgutil.walk_packages(webapp.__path__, "webapp."):
        if module.name != "webapp.__main__":
            import_module(module.name)
    texts = {message for _, message in code}
    assert [refusal for refusal in _kinds(Refusal) if refusal.template() not in texts] == []


def test_every_member_of_every_vocabulary_has_a_label():
    vocabularies = [kind for _, kind in inspect.getmembers(enums, _is_vocabulary)]
    assert vocabularies
    assert [kind for kind in vocabularies if set(LABELS.get(kind, ())) != set(kind)] == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_within_a_vocabulary_no_two_members_have_the_same_label(pages, locale):
    with pages.test_request_context(headers={"Cookie": f"language={locale}"}):
        doubled = [
            kind
            for kind, labels in LABELS.items()
            if len({str(said) for said in labels.values()}) < len(labels)
        ]
    assert doubled == []


def _is_vocabulary(thing):
    return inspect.isclass(thing) and issubclass(thing, StrEnum) and thing is not StrEnum


def _kinds(refusal):
    return {refusal}.union(*map(_kinds, refusal.__subclasses__()))


def _ids(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


def _strings(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _facts(said):
    if PERCENT_PLACEHOLDER.search(said):
        return sorted(PERCENT_PLACEHOLDER.findall(said))
    return sorted(name for _, name, _, _ in Formatter().parse(said) if name is not None)
