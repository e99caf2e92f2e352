"""When a text says something, and what cannot stand in one."""

import pytest

from models.text import UNWRITABLE, says_something


@pytest.mark.parametrize("text", ["同意", "a", "7", " 不同意。", "ᠠ", "ئا"])
def test_a_letter_or_a_digit_says_something(text):
    assert says_something(text)


@pytest.mark.parametrize("text", ["", "  ", "……", "\u200b", "\u3164", "\u115f\u1160", "\uffa0.", "\u034f"])
def test_what_shows_nothing_says_nothing(text):
    assert not says_something(text)


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\u202e", "\u2066"])
def test_signs_that_no_keyboard_sends_or_that_turn_text_round_are_unwritable(sign):
    assert UNWRITABLE.search(f"同{sign}ABC")


@pytest.mark.parametrize("text", ["line\nline\tend", "𠮷·买买提", "👨‍👩‍👧"])
def test_line_ends_rare_characters_and_emoji_are_writable(text):
    assert not UNWRITABLE.search(text)
