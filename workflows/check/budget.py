"""How much of what can happen is looked at, and what each look costs."""

from dataclasses import dataclass, field

# About 10 µs each, so that a check is over within two seconds or so whatever is drawn. A diagram of 60 nodes for the
# whole country, both sides side by side (bench/check.bpmn), needs 101,000; the largest that ships 48,000.
MAX_WORK = 120_000

# What a decision costs at least, for each token that is set up for it, and for each step that it leads to.
A_DECISION, A_TOKEN, A_STEP = 6, 2, 7

# The engine looks through all its tasks for each that it runs: so many nodes passed in a row cost as one more.
PASSED_AS_ONE = 25

# A circle is seen when the engine has run 2,000 nodes, looking through them all each time.
A_CIRCLE = 25_000


class SpentError(Exception):
    """The budget is used up."""


@dataclass(slots=True)
class Budget:
    """How much may still be explored."""

    left: int = field(default_factory=lambda: MAX_WORK)
    states: int = 0
    """How many states were found."""

    def spend(self, amount: int) -> None:
        """Take from what is left; raise SpentError when it is used up."""
        self.left -= amount
        if self.left < 0:
            raise SpentError
