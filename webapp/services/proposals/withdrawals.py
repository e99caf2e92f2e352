"""Who is deemed to have withdrawn (应按退学处理的学生), by the conditions of a withdrawal that the school begins."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.enums import ChangeKind, WithdrawalReason
from webapp.services.changes.kinds.withdrawal import OWN_WISH, WithdrawalForm, withdrawal_facts
from webapp.services.changes.studies import Studies
from webapp.services.changes.suspensions import unbroken
from webapp.services.proposals.schools import Found, Schools, candidates

# What a night can see; since when somebody is away without leave, his school has to say.
SEEN = tuple(reason for reason in WithdrawalReason if reason not in {*OWN_WISH, WithdrawalReason.ABSENCE})

# Those of a stretch of ids of whom one of these grounds can be true at all, and who have no business in progress.
CANDIDATES = """
SELECT s.id AS student_id, s.state, e.school_id, e.entered_on, e.schooling_years, told.on_day AS told_on,
       coalesce(spells.found, '{}') AS spells, coalesce(truancy.found, '{}') AS truancy
  FROM student s
  JOIN enrolment e ON e.student_id = s.id AND e.ended_on IS NULL
  LEFT JOIN LATERAL (
       SELECT array_agg(ARRAY[starts_on, coalesce(ended_on, ends_on)] ORDER BY starts_on, id) AS found
         FROM suspension WHERE student_id = s.id AND coalesce(ended_on, ends_on) >= starts_on
       ) spells ON s.state = 'suspended'
  LEFT JOIN LATERAL (
       SELECT min(n.told_on) AS on_day FROM suspension p JOIN return_notice n ON n.suspension_id = p.id
        WHERE p.student_id = s.id AND p.ended_on IS NULL
       ) told ON s.state = 'suspended'
  LEFT JOIN LATERAL (
       SELECT array_agg(ARRAY[term_id, truant_hours]) AS found
         FROM semester_record WHERE student_id = s.id AND truant_hours > 0
       ) truancy ON true
 WHERE s.id > %(after)s AND s.id <= %(until)s
   AND (s.state = 'suspended' OR truancy.found IS NOT NULL
        OR e.entered_on + make_interval(years => e.schooling_years) < %(on)s)
   AND NOT EXISTS (SELECT FROM change_request c WHERE c.student_id = s.id AND c.state IN ('in_review', 'returned'))
 ORDER BY s.id
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A student as the database tells him; spells are (first day, last day), truancy (term, hours)."""

    student_id: int
    state: str
    school_id: int
    entered_on: date
    schooling_years: int
    told_on: date | None
    spells: list[tuple[date, date]]
    truancy: list[tuple[int, int]]


class Withdrawals:
    """The rules of a day, and what is known of schools, kept while one student after the other is looked at."""

    def __init__(self, session: Session, on: date) -> None:
        self._session, self._on = session, on
        self._schools = Schools(session, ChangeKind.WITHDRAWAL, on)

    def found(self, after: int, until: int) -> Iterator[Found]:
        """Yield those of the students with ids in ]after, until] who are deemed to have withdrawn."""
        span = {"after": after, "until": until, "on": self._on}
        for candidate in candidates(self._session, CANDIDATES, Candidate, span):
            yield from self._grounds(candidate)

    def _grounds(self, candidate: Candidate) -> Iterator[Found]:
        school = self._schools.school(candidate.school_id)
        if school is None:
            return
        studies = Studies(
            entered_on=candidate.entered_on,
            schooling_years=candidate.schooling_years,
            spells=unbroken([(starts_on, ends_on) for starts_on, ends_on in candidate.spells]),
            told_on=candidate.told_on,
            truant_hours=_hours_of(school.term_id, candidate.truancy),
            semesters_passed=None,
        )
        for reason in SEEN:
            facts = withdrawal_facts(WithdrawalForm(reason), studies, self._on)
            if school.asks_for({"state": candidate.state, **facts}):
                yield Found(candidate.student_id, candidate.school_id, ChangeKind.WITHDRAWAL, reason)


def _hours_of(term_id: int | None, truancy: Iterable[tuple[int, int]]) -> int | None:
    """The hours missed in a term; none if the school has entered none."""
    return next((hours for term, hours in truancy if term == term_id), None)
