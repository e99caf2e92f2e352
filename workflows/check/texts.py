"""Can what a table says to people be read in both languages, and are its placeholders ones that are filled in?"""

import re
from collections.abc import Iterator

from workflows.check.report import Code

CHINESE, ENGLISH = "_zh", "_en"

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[A-Za-z]")
# In English a Chinese term may stand beside the English one: "suspended from study (休学)".
_TERM = re.compile(r"\([^()]*\)")
# A placeholder, or a brace that is none of one.
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


def faults(column: str, text: str, placeholders: frozenset[str]) -> Iterator[tuple[Code, str]]:
    """Yield what is wrong with the text of a column named …_zh or …_en."""
    if not text.strip():
        yield Code.NOT_TRANSLATED, f"'{column}' is empty"
        return
    if column.endswith(CHINESE) and not _HAN.search(text):
        yield Code.NOT_TRANSLATED, f"'{column}' is not Chinese"
    english = _TERM.sub("", text)
    if column.endswith(ENGLISH) and (_HAN.search(english) or not _LATIN.search(english)):
        yield (
            Code.NOT_TRANSLATED,
            f"'{column}' is not English; a Chinese term stands in parentheses beside its own",
        )
    known = [f"{{{name}}}" for name in sorted(placeholders)]
    for found in _BRACES.findall(text):
        if found not in known:
            said = f"'{column}' has {found}; filled in here: {' '.join(known) or 'none'}"
            yield Code.PLACEHOLDER_UNKNOWN, said
