"""Who of several signs a step: all at once (会签), any one (或签), or one after the other (依次)."""

from enum import StrEnum

MAX_SIGNERS = 10


class Mode(StrEnum):
    """How many of a step's roles sign it; each signature is a task of its own."""

    SINGLE = "single"
    ALL = "all"  # 会签
    ANY = "any"  # 或签
    SEQUENCE = "sequence"  # 依次

    def awaited(self, signers: int, signed: tuple[int, ...]) -> tuple[int, ...]:
        """Return which signatures, numbered from 1, are asked for once these were given; none: that suffices."""
        if self in {Mode.SINGLE, Mode.ANY} and signed:
            return ()
        missing = tuple(each for each in range(1, signers + 1) if each not in signed)
        return missing[:1] if self is Mode.SEQUENCE else missing


def base_of(key: str) -> str:
    """Return the key of the step that a task belongs to: "a:1" of its second signature "a:1.2"."""
    return key.partition(".")[0]


def is_beside(key: str, other: str) -> bool:
    """Whether two tasks are different signatures of the same step, which one person does not both give."""
    return base_of(key) == base_of(other) and key.partition("+")[0] != other.partition("+")[0]


def number_of(key: str) -> int:
    """Return the number of a signature, from 1; that of a step which one person decides is 1."""
    return int(key.partition(".")[2] or 1)
