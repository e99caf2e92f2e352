"""What the national platform's codes mean, in the words of the rules that a case was started under (校验代码)."""

from collections.abc import Iterable
from dataclasses import dataclass

from workflows.definition import Definition

CODES = ("2001", "2002", "2003")


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """A code, what it means and how it is repaired, in both languages; `owner` is `receiving` or `releasing`."""

    code: str
    owner: str
    meaning_zh: str
    meaning_en: str
    repair_zh: str
    repair_en: str
    source: str


def meanings(definition: Definition, codes: Iterable[str] = CODES) -> list[CodeMeaning]:
    """Return what the codes mean; a code that the rules do not know is left out."""
    table = definition.decisions["validation_codes"]
    found = ((code, table.decide({"code": code})) for code in codes)
    return [
        CodeMeaning(code, **{name: str(answer[name]) for name in CodeMeaning.__slots__ if name != "code"})
        for code, answer in found
        if answer is not None
    ]
