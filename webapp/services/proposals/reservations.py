"""Whose reserved admission is over, so that he is to lose it (保留入学资格期满未申请入学): S1B 第七条, domain 3.8.3."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.enums import AdmissionEndReason, ChangeKind
from webapp.services.proposals.schools import Found, Schools, candidates

# Those of a stretch of ids who have no business in progress.
CANDIDATES = """
SELECT s.id AS student_id, s.state, e.school_id, r.lasts_until
  FROM reservation r
  JOIN student s ON s.id = r.student_id
  JOIN enrolment e ON e.student_id = s.id AND e.ended_on IS NULL
 WHERE r.student_id > %(after)s AND r.student_id <= %(until)s AND r.ended_on IS NULL AND r.lasts_until < %(on)s
   AND NOT EXISTS (SELECT FROM change_request c WHERE c.student_id = s.id AND c.state IN ('in_review', 'returned'))
 ORDER BY s.id
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A student as the database tells him, and the last day of his reservation."""

    student_id: int
    state: str
    school_id: int
    lasts_until: date


class Reservations:
    """The rules of a day about the end of an admission."""

    def __init__(self, session: Session, on: date) -> None:
        self._session, self._on = session, on
        self._schools = Schools(session, ChangeKind.ADMISSION_END, on)

    def found(self, after: int, until: int) -> Iterator[Found]:
        """Yield those of the students with ids in ]after, until] who are to lose their admission."""
        span = {"after": after, "until": until, "on": self._on}
        reason = AdmissionEndReason.TOO_LATE
        for one in candidates(self._session, CANDIDATES, Candidate, span):
            school = self._schools.school(one.school_id)
            late = (self._on - one.lasts_until).days
            facts = {"state": one.state, "reason": reason.value, "days_past_reservation": late}
            if school is not None and school.asks_for(facts):
                yield Found(one.student_id, one.school_id, ChangeKind.ADMISSION_END, reason)
