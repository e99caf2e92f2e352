"""Whatever anybody does to a case, in whatever order: it is done, or refused by name, and the doctor finds nothing.

RANDOM_ACTIONS=500 in the environment tries that many sequences on each way instead of a few, other ones each time,
and looks for the shortest that goes wrong.
"""

import os
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import randrange
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import CaseEvent
from models.enums import EventKind
from tests.webapp.actions.crowds import a_crowd, another_school, take
from tests.webapp.actions.turns import Crowd
from tests.webapp.actions.ways import CODES, FAMILIES, Way
from tests.webapp.road import TERM_BEGINS, Road, work_off
from webapp import clock
from webapp.services.context import settings_of
from webapp.services.doctor.examination import Doctor
from webapp.services.notices.timers import fire_due

pytestmark = pytest.mark.slow

MORE = int(os.environ.get("RANDOM_ACTIONS", "0"))
EXAMPLES = settings(
    max_examples=MORE or 3,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink] if MORE else [Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
ENDS = (
    EventKind.COMPLETED,
    EventKind.REJECTED,
    EventKind.WITHDRAWN,
    EventKind.REVOKED,
    EventKind.TERMINATED,
)

STEPS = st.lists(
    st.tuples(
        st.integers(0, 9999),  # what, of that which makes sense
        st.sampled_from([0] * 60 + [*range(12)]),  # who: mostly somebody who might
        st.integers(0, 5),  # which task, of somebody else
        st.integers(0, 40),
    ),
    min_size=20,
    max_size=34,
)
MOST_ROUNDS = 1 if MORE else 40


@dataclass(frozen=True)
class Played:
    """A way with the people about it, and the school that the family may choose instead."""

    way: Way
    road: Road
    people: Sequence[int]
    other_school_id: int


@pytest.mark.parametrize("name", FAMILIES)
def test_whatever_anybody_does_the_case_stands_where_its_history_leads(session: Session, name: str) -> None:
    """On the ways of a family, in as many rounds as it takes until each action was done and not only refused."""
    family = FAMILIES[name]
    if family.provinces:
        here = settings_of(session).model_copy(update={"provinces": family.provinces})
        session.info["settings"] = here
    ways = {f"{name}, {kind}": played(session, way) for kind, way in family.ways.items()}
    done: Counter[str] = Counter()
    for number in range(MOST_ROUNDS):
        for called, one in ways.items():
            missing = family.expected() - done.keys() if number else set()
            if missing or not number:
                try_anything(f"{called}, {number}", one, done, missing)
    assert MORE or family.expected() - done.keys() == set()


def played(session: Session, way: Way) -> Played:
    road = way.make(session)
    people, other = a_crowd(road), another_school(road, next(CODES))
    work_off(session)
    return Played(way, road, people, other)


def try_anything(name: str, played: Played, done: Counter[str], missing: Collection[str]) -> None:
    """Try sequences of actions on a way, above all those that are missing.

    Counts the actions that are done, and the entries of the histories.
    """

    @seed(randrange(2**32) if MORE else crc32(name.encode()))
    @EXAMPLES
    @given(STEPS)
    def anything(steps: list[tuple[int, int, int, int]]) -> None:
        note(name)
        with played.way.begun(played.road) as (own, case):
            crowd = Crowd(own, case.id, played.people, played.other_school_id, TERM_BEGINS)
            assert crowd.case.facts["process"] == played.way.process
            for number, (what, who, task, pick) in enumerate(steps):
                if not crowd.waits():
                    break
                with clock.freeze(crowd.now):
                    take(crowd, done, missing, what=what, who=who, task=task, pick=pick)
                if number % 6 == 5:
                    assert_sound(crowd)
            with clock.freeze(crowd.now):
                work_off(own)
            done.update(assert_sound(crowd))

    anything()


def assert_sound(crowd: Crowd) -> list[EventKind]:
    """The doctor finds nothing, the token is what the history folds to, and at most one entry ends the case.

    Returns the entries of the case.
    """
    with clock.freeze(crowd.now):
        fire_due(crowd.session)  # a recall may arm what is over already
        diagnosis = Doctor.at_work(crowd.session).examine(crowd.case_id)
    assert diagnosis.findings == []
    assert diagnosis.sheet is not None
    assert diagnosis.sheet.standing.token == crowd.case.token
    entries = crowd.session.query(CaseEvent).filter_by(change_request_id=crowd.case_id)
    kinds = [event.kind for event in entries]
    assert sum(kind in ENDS for kind in kinds) <= 1
    crowd.session.rollback()
    return kinds
