"""The nightly run (每晚核对) looks at every student once a day: it opens proposals, and lets others lapse.

It goes by stretches of ids, each in a transaction of its own: whoever is killed goes on where he was, and several
workers share the stretches of one day. No state of a record is ever changed here.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp import clock
from webapp.services.proposals.reservations import Reservations
from webapp.services.proposals.schools import Found
from webapp.services.proposals.withdrawals import Withdrawals

STRETCH = 20_000  # students
# A school that has said why not is asked again once this has passed (INT).
ASKED_AGAIN_AFTER = timedelta(days=30)

_BEGIN = text("""
    INSERT INTO proposal_run (day, last_student_id, looked_at, opened, lapsed, started_at)
    VALUES (:day, 0, 0, 0, 0, :now) ON CONFLICT DO NOTHING
""")
_NEXT = text("SELECT last_student_id FROM proposal_run WHERE day = :day AND ended_at IS NULL FOR UPDATE")
_STRETCH = text("""
    SELECT max(id) AS until, count(*) AS students
      FROM (SELECT id FROM student WHERE id > :after ORDER BY id LIMIT :most) stretch
""")
_OPEN = text("""
    INSERT INTO proposal (student_id, school_id, kind, reason, found_on, state)
    SELECT found.student_id, found.school_id, found.kind, found.reason, :day, 'open'
      FROM unnest(CAST(:students AS bigint[]), CAST(:schools AS bigint[]), CAST(:kinds AS varchar[]),
                  CAST(:reasons AS varchar[]))
           AS found (student_id, school_id, kind, reason)
     WHERE NOT EXISTS (SELECT FROM proposal p
                        WHERE p.student_id = found.student_id AND p.kind = found.kind AND p.reason = found.reason
                          AND p.state = 'dismissed' AND p.settled_at > :asked_after)
    ON CONFLICT DO NOTHING
    RETURNING id
""")
_LAPSE = text("""
    UPDATE proposal SET state = 'lapsed', settled_at = :now
     WHERE state = 'open' AND student_id > :after AND student_id <= :until
       AND (student_id, kind, reason) NOT IN
           (SELECT * FROM unnest(CAST(:students AS bigint[]), CAST(:kinds AS varchar[]), CAST(:reasons AS varchar[])))
    RETURNING id
""")
_ADVANCE = text("""
    UPDATE proposal_run
       SET last_student_id = :until, looked_at = looked_at + :students, opened = opened + :opened,
           lapsed = lapsed + :lapsed
     WHERE day = :day
    RETURNING looked_at, opened, lapsed
""")
_END = text("UPDATE proposal_run SET ended_at = :now WHERE day = :day AND ended_at IS NULL")

Progress = Callable[[int, int, int], None]


def find_proposals(session: Session, day: date, tell: Progress = lambda *_: None) -> None:
    """Look at everybody who was not yet looked at on that day; commits after each stretch.

    `tell` gets how many were looked at so far, and how many proposals were opened and have lapsed. A day that is
    through is not looked at again.
    """
    session.execute(_BEGIN, {"day": day, "now": clock.now()})
    session.commit()
    rules = None
    while (after := session.scalar(_NEXT, {"day": day})) is not None:
        rules = rules or (Withdrawals(session, day), Reservations(session, day))
        stretch = session.execute(_STRETCH, {"after": after, "most": STRETCH}).one()
        if stretch.until is None:
            session.execute(_END, {"day": day, "now": clock.now()})
        else:
            found = [one for each in rules for one in each.found(after, stretch.until)]
            opened, lapsed = _settle(session, day, after, stretch.until, found)
            counted = {"opened": opened, "lapsed": lapsed, "students": stretch.students}
            so_far = session.execute(_ADVANCE, {"day": day, "until": stretch.until, **counted}).one()
            tell(*so_far)
        session.commit()
    session.rollback()


def _settle(session: Session, day: date, after: int, until: int, found: Sequence[Found]) -> tuple[int, int]:
    """Open what was found in a stretch, let lapse what was not, and return how many of both."""
    now = clock.now()
    who = {
        "students": [one.student_id for one in found],
        "kinds": [one.kind.value for one in found],
        "reasons": [one.reason for one in found],
    }
    schools = [one.school_id for one in found]
    opened = {**who, "schools": schools, "day": day, "asked_after": now - ASKED_AGAIN_AFTER}
    lapsed = {**who, "after": after, "until": until, "now": now}
    return len(session.execute(_OPEN, opened).all()), len(session.execute(_LAPSE, lapsed).all())
