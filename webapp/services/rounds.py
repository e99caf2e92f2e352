"""What falls due, done round after round by the worker: timers, bulks, notices, and what a new day brings.

What waits for other machines (`send_due`, `post_due`) and what takes long (`Days`) is done beside the rounds.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp import clock
from webapp.database import PASSING
from webapp.partitions import make_ahead
from webapp.services.audit.anchors import AnchorRefused, write_anchor
from webapp.services.calendar.due_dates import recompute_due_dates
from webapp.services.calendar.working_days import REVISION
from webapp.services.cases.bulk_runs import run_due
from webapp.services.cases.diagram_timers import follow_calendar
from webapp.services.cases.drafts import forget_drafts
from webapp.services.cases.failures import FAILURES
from webapp.services.cases.firings import fire_due_timers
from webapp.services.cases.opinions import forget_opinions
from webapp.services.context import settings_of
from webapp.services.exchange.handling import handle_due
from webapp.services.exchange.sending import send_due
from webapp.services.notices.deliveries import forget_deliveries
from webapp.services.notices.outbox import drain
from webapp.services.notices.posting import post_due
from webapp.services.notices.timers import fire_due
from webapp.services.offices.addressees import reroute_all
from webapp.services.people.accounts import forget_sign_ins
from webapp.services.people.once import forget_tokens
from webapp.services.people.throttle import forget_failures
from webapp.services.proposals.finding import find_proposals
from webapp.services.rosters.sending import submit_due

log = logging.getLogger(__name__)


def do_round(session: Session) -> int:
    """Do one batch of everything that is due here; return how much there was."""
    work = (fire_due, fire_due_timers, run_due, submit_due, drain, handle_due)
    return sum(do(session) for do in work)


def work_off(session: Session) -> None:
    """Do all that is due by now, and send what is to go out, as a worker would have done."""
    while do_round(session) + send_due(session) + post_due(session):
        pass


class Days:
    """What a new day asks for, and a calendar that was edited: once for each of them."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._calendar: int | None = None

    def __call__(self, session: Session) -> int:
        """Do it if it is time to, commit, and return whether it was."""
        calendar = session.execute(text(f"SELECT {REVISION}")).scalar_one()
        session.rollback()
        if self._day != clock.today():
            self._day = begin_day(session)
        elif self._calendar != calendar:
            _follow_calendar(session, self._day)
            session.commit()
        else:
            return False
        self._calendar = calendar
        return True


def begin_day(session: Session) -> date:
    """Do what a new day asks for, and return it: partitions, due dates, memberships, what has expired, the anchor,
    proposals.

    What fails is logged, and keeps nothing else waiting. What another attempt need not meet is raised.
    """
    today = clock.today()
    for what, do in DAYS_WORK.items():
        try:
            do(session, today)
            session.commit()
        except PASSING:
            raise
        except (*FAILURES, OSError, AnchorRefused) as failed:
            session.rollback()
            log.error("The day's work was done but for the %s: %s", what, failed)
    return today


def _make_partitions(session: Session, _today: date) -> None:
    make_ahead(session.connection(), clock.now())


def _follow_calendar(session: Session, _today: date) -> None:
    """A step that was just being opened while the calendar was changed has the day of before."""
    recompute_due_dates(session)
    follow_calendar(session)


def _follow_memberships(session: Session, today: date) -> None:
    for _ in reroute_all(session, today):
        session.commit()


def _forget_what_expired(session: Session, _today: date) -> None:
    forget_failures(session)
    forget_sign_ins(session)
    forget_drafts(session)
    forget_opinions(session)
    forget_deliveries(session)
    forget_tokens(session)


def _write_anchor(session: Session, today: date) -> None:
    settings = settings_of(session)
    write_anchor(session, settings.audit_key, settings.data_dir / "anchors", today)


def _find_proposals(session: Session, today: date) -> None:
    find_proposals(session, today)


DAYS_WORK: Mapping[str, Callable[[Session, date], None]] = {
    "partitions": _make_partitions,
    "due dates": _follow_calendar,
    "memberships": _follow_memberships,
    "cleaning": _forget_what_expired,
    "anchor": _write_anchor,
    "proposals": _find_proposals,
}
