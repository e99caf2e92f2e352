"""`look`: what would come of an application before it is made, told as the pages tell it; nothing is written."""

from collections.abc import Iterable
from typing import Literal

from models.enums import PaperKind, Seat
from webapp.scenarios.applying import Wanted, wanted_change
from webapp.scenarios.chains import ChainStep, require_way, way_ahead
from webapp.scenarios.refusals import words_of_rule
from webapp.scenarios.strict import UnexpectedError
from webapp.scenarios.world import World
from webapp.services.changes.eligibility import failed_rules, wanted_papers


class Look(Wanted):
    """What is told of a change: exactly these rules `refused` or `warned`, these papers `required` or `optional`.

    `says` is part of what is said of these rules and papers, `chain` the way that it would take; `at` the receiving
    school, what stands against it as that school agrees.
    """

    at: Literal[Seat.RECEIVING_SCHOOL] | None = None
    refused: tuple[str, ...] | None = None
    warned: tuple[str, ...] | None = None
    says: str = ""
    required: tuple[PaperKind, ...] | None = None
    optional: tuple[PaperKind, ...] | None = None
    chain: tuple[ChainStep, ...] | None = None


def look(world: World, wanted: Look) -> None:
    """UnexpectedError, saying what was found, unless exactly what is expected is told."""
    change = wanted_change(world, wanted)
    failed = failed_rules(world.session, change, "receiving_school" if wanted.at else "application")
    papers = wanted_papers(change)
    _compare("refused", (rule.rule for rule in failed if rule.blocks), wanted.refused)
    _compare("warned", (rule.rule for rule in failed if not rule.blocks), wanted.warned)
    words = " ".join([*map(words_of_rule, failed), *(f"{paper.kind} {paper.source}" for paper in papers)])
    if wanted.says not in words:
        raise UnexpectedError(f"found {words}")
    _compare("required", (paper.kind for paper in papers if paper.required), wanted.required)
    _compare("optional", (paper.kind for paper in papers if not paper.required), wanted.optional)
    if wanted.chain is not None:
        require_way(way_ahead(change), wanted.chain)


def _compare(what: str, found: Iterable[str], wanted: Iterable[str] | None) -> None:
    told = sorted(found)
    if wanted is not None and told != sorted(wanted):
        raise UnexpectedError(f"{what}: found {', '.join(told) or 'nothing'}")
