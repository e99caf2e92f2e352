"""From text to Python's syntax tree, once nothing is left that Python could read in a way of its own."""

import ast
import re
from keyword import iskeyword

from workflows.values import ExpressionError

MAX_LENGTH = 500
MAX_DEPTH = 20
ALLOWED = (
    "allowed are names (a-z 0-9 _), numbers of at most 12 digits without leading zeros and 3 after the point, "
    "quoted text of at most 200 characters, == != < <= > >= in, and or not, + -, ( ), [ , ], "
    'outcome("step"), date("2026-01-01")'
)

_TOKEN = re.compile(
    r"""[ \t\r\n]+
    | (?<!\w) (?P<text> "[^"\\]{0,200}" | '[^'\\]{0,200}' ) (?! \s* ["'] )
    | (?: 0 | [1-9][0-9]{0,11} ) (?: \.[0-9]{1,3} )? (?! [\w.] )
    | (?P<word> [a-z][a-z0-9_]* | True | False | None ) (?! \w )
    | == | != | <= | >= | [-+<>()\[\],]""",
    re.VERBOSE,
)
_KEYWORDS = frozenset({"and", "or", "not", "in", "True", "False", "None"})


def parse(text: str) -> ast.expr:
    """Return the tree of a text made of our tokens, at most MAX_DEPTH deep; raise ExpressionError otherwise."""
    if not text.strip():
        raise ExpressionError("an expression cannot be empty")
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"{len(text):,} characters are too many, {MAX_LENGTH} are allowed")
    _refuse_foreign_tokens(text)
    tree = _tree(re.sub(r"[\t\r\n]", " ", text))
    _refuse_depth(tree)
    return tree


def _refuse_foreign_tokens(text: str) -> None:
    position = depth = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None or not _is_ours(token):
            found = text[position : position + 20]
            raise ExpressionError(f"{found!r} at column {position + 1} is not allowed; {ALLOWED}")
        depth += (token[0] in "([") - (token[0] in ")]")
        if depth > MAX_DEPTH:
            raise ExpressionError(f"more than {MAX_DEPTH} brackets in one another at column {position + 1}")
        position = token.end()
    if depth > 0:
        raise ExpressionError("a bracket is not closed")


def _is_ours(token: re.Match[str]) -> bool:
    if word := token["word"]:
        return word in _KEYWORDS or not iskeyword(word)
    return not token["text"] or token["text"].isprintable()


def _tree(line: str) -> ast.expr:
    indent = len(line) - len(line.lstrip())
    try:
        return ast.parse(line.strip(), mode="eval").body
    except SyntaxError as error:
        # Python's own words for it change from one version to the next.
        place = f"at column {indent + error.offset}" if error.offset else "at the end"
        raise ExpressionError(f"the expression cannot be read {place}") from None


def _refuse_depth(tree: ast.expr) -> None:
    level: list[ast.AST] = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if level:
        raise ExpressionError(f"more than {MAX_DEPTH} operators in one another")
