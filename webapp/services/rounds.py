"""What falls due, done round after round by the worker: timers, notices, and what a new day brings."""

import logging
from datetime import date

from sqlalchemy.orm import Session

from webapp import clock
from webapp.partitions import make_ahead
from webapp.services.accounts import forget_sign_ins
from webapp.services.addressees import reroute_all
from webapp.services.anchors import AnchorRefused, write_anchor
from webapp.services.context import settings_of
from webapp.services.notices import drain
from webapp.services.throttle import forget_failures
from webapp.services.timers import fire_due

log = logging.getLogger(__name__)


def do_round(session: Session) -> int:
    """Do one batch of everything that is due; return how much there was."""
    return fire_due(session) + drain(session)


def begin_day(session: Session) -> date:
    """Do what a new day asks for: partitions, memberships that change with it, what has expired, the anchor."""
    today, settings = clock.today(), settings_of(session)
    make_ahead(session.connection(), clock.now())
    session.commit()
    reroute_all(session, today)
    forget_failures(session)
    forget_sign_ins(session)
    session.commit()
    try:
        write_anchor(session, settings.audit_key, settings.data_dir / "anchors", today)
    except AnchorRefused as refused:  # the cases' work goes on; `xueji audit verify` says what is wrong
        log.error("No anchor was written: %s", refused)
    session.commit()
    return today
