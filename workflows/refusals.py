"""Refusals of things that do not depend on each other, gathered so that a reader can be told of them all."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'due'?" for a word that is nearly a known one, nothing for others."""
    near = get_close_matches(word, sorted(known), n=1)
    return f"; did you mean '{near[0]}'?" if near else ""


class GatheredError(Exception):
    """What is wrong with a file; `others` is what else is wrong with it, as far as one can tell."""

    others: tuple["GatheredError", ...] = ()
    element: str | None = None
    """The id of the element that is wrong, where it is known."""
    line: int | None = None


class Refusals:
    """Gathers refusals of one kind and raises the first of them with the others behind it."""

    def __init__(self, kind: type[GatheredError]) -> None:
        self._kind = kind
        self._found: list[GatheredError] = []

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep what is refused inside, and go on."""
        try:
            yield
        except self._kind as error:
            self._found += [error, *error.others]

    def refuse(self) -> None:
        """Raise what was gathered, if anything."""
        if self._found:
            first, *others = self._found
            first.others = tuple(others)
            raise first
