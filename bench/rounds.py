"""Rounds of several sides, taken in turn, so that whatever else the machine does falls upon all of them."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Figures = Mapping[str, float]
Measured = TypeVar("Measured")


def in_turn(
    sides: Mapping[str, Callable[[float], Measured]], *, rounds: int, seconds: float
) -> dict[str, list[Measured]]:
    """Return what each side measured, round by round; a side is told how many seconds a turn lasts."""
    measured: dict[str, list[Measured]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            measured[name].append(side(seconds))
    return measured


def figure(name: str, values: Sequence[float]) -> Figures:
    """Return the median under a name, and the spread beside it: the least and the most."""
    return {name: statistics.median(values), f"{name}_min": min(values), f"{name}_max": max(values)}


def ratio(name: str, over: Sequence[float], under: Sequence[float]) -> Figures:
    """Return the median and the spread of what one side is over the other, each round by itself."""
    return figure(name, [one / other for one, other in zip(over, under, strict=True)])


def merged(*figures: Figures) -> Figures:
    """Return all figures together."""
    return {name: value for some in figures for name, value in some.items()}
