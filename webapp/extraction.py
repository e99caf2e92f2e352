"""What translators get: what Babel finds in the code, and the docstrings of refusals, which are messages too."""

import ast
import inspect
from collections.abc import Collection, Iterator
from typing import IO, Any

from babel.messages.extract import extract_python

Message = Any  # line, function, message id, comments: Babel's own annotation differs from what it yields


def extract_with_refusals(
    source: IO[bytes],
    keywords: dict[str, Any],
    comment_tags: Collection[str],
    options: Any,  # noqa: ANN401 - Babel's
) -> Iterator[Message]:
    """Yield the messages of one Python file as Babel's extractors do: line, function, message id, comments."""
    yield from extract_python(source, keywords, comment_tags, options)
    source.seek(0)
    yield from _refusals(ast.parse(source.read()))


def _refusals(module: ast.Module) -> Iterator[Message]:
    known = {"Refusal"}
    for definition in module.body:
        if not isinstance(definition, ast.ClassDef):
            continue
        kin = {definition.name, *(ast.unparse(base).rpartition(".")[2] for base in definition.bases)}
        if known & kin:
            known.add(definition.name)
            text = inspect.cleandoc(ast.get_docstring(definition) or "")
            yield definition.lineno, None, " ".join(text.split()), []
