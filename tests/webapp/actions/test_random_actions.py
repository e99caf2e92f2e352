"""Whatever anybody does to a case, in whatever order: it is done, or refused by name, and the doctor finds nothing.

RANDOM_ACTIONS=500 in the environment tries that many sequences on each process instead of a few, other ones each time,
and looks for the shortest that goes wrong.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count
from random import randrange
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import CaseEvent
from models.enums import EventKind, Stage
from tests.webapp.actions.at_random import Crowd
from tests.webapp.actions.crowds import WEIGHED, a_crowd, take
from tests.webapp.changed_processes import with_step
from tests.webapp.passing import passing
from tests.webapp.road import TERM_BEGINS, Road, a_road, work_off
from tests.webapp.timed_processes import EDGE, FLOW, TWO_HOURS, drawn
from webapp import clock, errors
from webapp.services.doctor.examination import Doctor
from webapp.services.notices.timers import fire_due
from webapp.services.processes.versions import publish

pytestmark = pytest.mark.slow

MORE = int(os.environ.get("RANDOM_ACTIONS", "0"))
EXAMPLES = settings(
    max_examples=MORE or 4,
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
VOCATIONAL = {"stage": Stage.VOCATIONAL, "releasing_in": "410323"}
ON_SITE = '<xj:outcome id="on_site" name="需要现场核查"/>'

CODES = (f"36350{serial:05d}" for serial in count(1))

STEPS = st.lists(
    st.tuples(
        st.sampled_from(WEIGHED),
        st.sampled_from([0] * 60 + [*range(20)]),  # who: mostly somebody who might
        st.integers(0, 5),  # which task, of somebody else
        st.integers(0, 40),
    ),
    min_size=25,
    max_size=50,
)


@dataclass(frozen=True)
class Way:
    """Where a transfer goes from and to, so that it goes by the process, and a step that is changed in that."""

    process: str
    where: dict[str, object] = field(default_factory=dict)
    step: str = ""
    is_timed: bool = False
    changes: dict[str, str] = field(default_factory=dict)


SIGNED = {"role": "handler chief"}
WAYS = {
    "transfer": Way("transfer"),
    "transfer of two cities": Way(
        "transfer", {"receiving_in": "410122", "stage": Stage.SENIOR_HIGH, "grade": 2}
    ),
    "transfer_both_agree": Way(
        "transfer_both_agree",
        VOCATIONAL | {"releasing_in": "350102", "receiving_in": "350203", "grade": 1, "number": "2599000001"},
    ),
    "transfer_releasing_first": Way(
        "transfer_releasing_first", VOCATIONAL | {"receiving_in": "410122", "grade": 2}
    ),
    "cross_province_transfer": Way(
        "cross_province_transfer", {"receiving_in": "350203", "number": "G990101201405069027"}
    ),
    "cross_province_both_agree": Way(
        "cross_province_both_agree", VOCATIONAL | {"receiving_in": "350203", "grade": 1}
    ),
    "cross_province_releasing_first": Way(
        "cross_province_releasing_first",
        VOCATIONAL | {"receiving_in": "340102", "grade": 2, "number": "G990101200905069025"},
    ),
    "with timers": Way("transfer", is_timed=True),
    "all sign": Way("transfer", {}, "in_county", changes=SIGNED | {"mode": "all"}),
    "any signs": Way("transfer", {}, "in_county", changes=SIGNED | {"mode": "any"}),
    "one signs after the other": Way("transfer", {}, "in_county", changes=SIGNED | {"mode": "sequence"}),
    "both agree, all sign": Way(
        "transfer_both_agree",
        VOCATIONAL | {"releasing_in": "350102", "receiving_in": "350203", "grade": 1, "number": "2599000002"},
        "in_lead",
        changes={"role": "lead principal", "mode": "all"},
    ),
    "an outcome of its own": Way(
        "transfer", {}, "in_county", changes={"outcomes": "approve on_site", "inside": ON_SITE}
    ),
}


@contextmanager
def a_case(session: Session, road: Road, way: Way, people: list[int]) -> Iterator[Crowd]:
    """A new case on a road, of which nothing stays."""
    with passing(session) as own:
        if way.step:
            publish(own, way.process, with_step(way.process, way.step, **way.changes))
        if way.is_timed:
            publish(own, way.process, drawn(FLOW, TWO_HOURS, EDGE))
        case = replace(road, session=own).applied()
        yield Crowd(own, case.id, people, TERM_BEGINS)


@pytest.mark.parametrize("name", WAYS)
def test_whatever_anybody_does_the_case_stands_where_its_history_leads(session: Session, name: str) -> None:
    way = WAYS[name]
    road = a_road(session, **way.where)
    road.receiving.school_code = next(CODES)  # of which Fujian makes a pupil's number
    people = a_crowd(road)
    work_off(session)

    @seed(randrange(2**32) if MORE else crc32(name.encode()))
    @EXAMPLES
    @given(STEPS)
    def anything(steps: list[tuple[str, int, int, int]]) -> None:
        with a_case(session, road, way, people) as crowd:
            assert crowd.case.facts["process"] == way.process
            for number, (what, who, task, pick) in enumerate(steps):
                if not crowd.waits():
                    break
                tried(crowd, what, who=who, task=task, pick=pick)
                if number % 3 == 2:
                    assert_sound(crowd)
            tried(crowd, "the worker's round", who=0, task=0, pick=0)
            assert_sound(crowd)

    anything()


def tried(crowd: Crowd, what: str, **choices: int) -> None:
    with clock.freeze(crowd.now), suppress(errors.Refusal):
        take(crowd, what, **choices)
    crowd.session.rollback()


def assert_sound(crowd: Crowd) -> None:
    """The doctor finds nothing, the token is what the history folds to, and at most one entry ends the case."""
    with clock.freeze(crowd.now):
        fire_due(crowd.session)  # a recall may arm what is over already
        diagnosis = Doctor.at_work(crowd.session).examine(crowd.case_id)
    assert diagnosis.findings == []
    assert diagnosis.sheet is not None
    assert diagnosis.sheet.standing.token == crowd.case.token
    kinds = [
        event.kind for event in crowd.session.query(CaseEvent).filter_by(change_request_id=crowd.case_id)
    ]
    assert sum(kind in ENDS for kind in kinds) <= 1
    crowd.session.rollback()
