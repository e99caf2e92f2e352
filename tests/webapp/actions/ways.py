"""Ways that a case goes when anybody does anything to it: families of them, which have the same actions."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from sqlalchemy.orm import Session

from models import ChangeRequest
from models.enums import EventKind, Stage
from tests.webapp.actions.at_random import ACTIONS
from tests.webapp.changed_processes import with_step
from tests.webapp.outside.arrivals import arriving
from tests.webapp.outside.leavers import leaving
from tests.webapp.passing import passing
from tests.webapp.road import Road, a_road
from tests.webapp.timed_processes import EDGE, FLOW, TWO_HOURS, drawn
from webapp.services.demo import makers
from webapp.services.exchange.outside import open_mirrored
from webapp.services.processes.versions import publish

CODES = (f"36350{serial:05d}" for serial in count(1))
FUJIAN = {"stage": Stage.VOCATIONAL, "releasing_in": "350102", "receiving_in": "350203", "grade": 1}
VOCATIONAL = {"stage": Stage.VOCATIONAL, "releasing_in": "410323"}
SIGNED = {"role": "handler chief"}
ON_SITE = '<xj:outcome id="on_site" name="需要现场核查"/>'


def numbered(session: Session, **where: object) -> Road:
    """A road to a school with a code, of which Fujian makes its pupils' numbers."""
    road = a_road(session, **where)
    road.receiving.school_code = next(CODES)
    return road


def applied(road: Road) -> ChangeRequest:
    return road.applied()


def asked_for(road: Road) -> ChangeRequest:
    """Another province asks for the pupil."""
    platform = makers.an_account(road.session, "四川省学籍平台")
    case = open_mirrored(road.session, platform.id, road.student.id, road.form)
    road.session.commit()
    return case


@dataclass(frozen=True)
class Way:
    """Who goes where, so that a case goes by the process; how it begins; and what is changed in the diagram."""

    process: str
    make: Callable[[Session], Road] = numbered
    begin: Callable[[Road], ChangeRequest] = applied
    files: Mapping[str, bytes] | None = None

    @contextmanager
    def begun(self, road: Road) -> Iterator[tuple[Session, ChangeRequest]]:
        """A new case on a road, in a session of which nothing stays."""
        with passing(road.session) as own:
            if self.files:
                publish(own, self.process, self.files)
            yield own, self.begin(replace(road, session=own))


@dataclass(frozen=True)
class Family:
    """Ways of a kind, in a deployment that serves these provinces (none: all); and what never happens on them."""

    ways: Mapping[str, Way]
    provinces: tuple[str, ...] = ()
    never: frozenset[str] = frozenset()
    entries: Collection[str] = (EventKind.RECORD_CONFLICT,)

    def expected(self) -> set[str]:
        """What is to be done on them at least once: actions, and entries that nobody makes by hand."""
        return {*(ACTIONS.keys() - self.never), *self.entries}


def _way(process: str, files: Mapping[str, bytes] | None = None, **where: object) -> Way:
    return Way(process, partial(numbered, **where), files=files)


def _signed(**changes: str) -> Way:
    return _way("transfer", with_step("transfer", "in_county", **SIGNED | changes))


NO_OUTSIDE, NO_OTHER_OUTCOME, NO_FILING = "write down an answer", "own outcome", "acknowledge"
FAMILIES = {
    "within a province": Family(
        {
            "transfer": _way("transfer"),
            "of two cities": _way("transfer", receiving_in="410122", stage=Stage.SENIOR_HIGH, grade=2),
            "both agree": _way("transfer_both_agree", number="2599000001", **FUJIAN),
            "releasing first": _way("transfer_releasing_first", receiving_in="410122", grade=2, **VOCATIONAL),
        },
        never=frozenset({NO_OUTSIDE, NO_OTHER_OUTCOME}),
    ),
    "across provinces": Family(
        {
            "transfer": _way("cross_province_transfer", receiving_in="350203", number="G990101201405069027"),
            "both agree": _way("cross_province_both_agree", receiving_in="350203", grade=1, **VOCATIONAL),
            "releasing first": _way(
                "cross_province_releasing_first",
                receiving_in="340102",
                grade=2,
                number="G990101200905069025",
                **VOCATIONAL,
            ),
        },
        never=frozenset({NO_OUTSIDE, NO_OTHER_OUTCOME}),
    ),
    "with another province": Family(
        {
            "from there": Way("cross_province_transfer", arriving),
            "asked for by them": Way("cross_province_transfer", leaving, asked_for),
            "there, releasing first": Way(
                "cross_province_releasing_first", partial(leaving, stage=Stage.VOCATIONAL, grade=2)
            ),
        },
        provinces=("41",),
        never=frozenset({NO_OTHER_OUTCOME}),
    ),
    "signed by several": Family(
        {
            "all": _signed(mode="all"),
            "any": _signed(mode="any"),
            "one after the other": _signed(mode="sequence"),
            "both agree, all": _way(
                "transfer_both_agree",
                with_step("transfer_both_agree", "in_lead", role="lead principal", mode="all"),
                number="2599000002",
                **FUJIAN,
            ),
        },
        never=frozenset({NO_OUTSIDE, NO_OTHER_OUTCOME}),
    ),
    "drawn otherwise": Family(
        {
            "timers": _way("transfer", drawn(FLOW, TWO_HOURS, EDGE)),
            "an outcome of its own": _way(
                "transfer", with_step("transfer", "in_county", ON_SITE, outcomes="approve on_site")
            ),
        },
        never=frozenset({NO_OUTSIDE, NO_FILING}),
        entries=(EventKind.RECORD_CONFLICT, EventKind.FIRED),
    ),
}
