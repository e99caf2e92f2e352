"""Who is deemed to have withdrawn (应按退学处理的学生), by the conditions of a withdrawal that the school begins."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from psycopg.rows import class_row
from sqlalchemy.orm import Session

from models import Office
from models.enums import ChangeKind, WithdrawalReason
from webapp.services.changes.change import GOVERNING_PROCESS, ChangeNotGoverned, in_force
from webapp.services.changes.kinds.withdrawal import OWN_WISH, WithdrawalForm, withdrawal_facts
from webapp.services.changes.packs import rule_packs, stage_of
from webapp.services.changes.studies import Studies
from webapp.services.changes.suspensions import unbroken
from webapp.services.changes.terms import present_terms
from webapp.services.context import connection_of
from workflows.decisions import DecisionTable
from workflows.values import Value

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


@dataclass(frozen=True, slots=True)
class Found:
    """A student for whom the rules ask for a withdrawal, and on which ground."""

    student_id: int
    school_id: int
    reason: WithdrawalReason


class Withdrawals:
    """The rules of a day, and what is known of schools, kept while one student after the other is looked at."""

    def __init__(self, session: Session, on: date) -> None:
        self._session, self._on = session, on
        self._terms = present_terms(session, on)
        self._school = cache(self._read_school)

    def found(self, after: int, until: int) -> Iterator[Found]:
        """Yield those of the students with ids in ]after, until] who are deemed to have withdrawn."""
        span = {"after": after, "until": until, "on": self._on}
        with connection_of(self._session).cursor(row_factory=class_row(Candidate)) as cursor:
            candidates = cursor.execute(CANDIDATES, span).fetchall()
        for candidate in candidates:
            yield from self._grounds(candidate)

    def _grounds(self, candidate: Candidate) -> Iterator[Found]:
        school = self._school(candidate.school_id)
        if school is None:
            return
        studies = Studies(
            entered_on=candidate.entered_on,
            schooling_years=candidate.schooling_years,
            spells=unbroken([(starts_on, ends_on) for starts_on, ends_on in candidate.spells]),
            told_on=candidate.told_on,
            truant_hours=school.hours_of_term(candidate.truancy),
            semesters_passed=None,
        )
        for reason in SEEN:
            facts = withdrawal_facts(WithdrawalForm(reason), studies, self._on)
            hits = school.rules.hits({**school.facts, "state": candidate.state, **facts})
            if not any(hit.outputs["severity"] != "warn" for hit in hits):
                yield Found(candidate.student_id, candidate.school_id, reason)

    def _read_school(self, school_id: int) -> "_School | None":
        """None for a school whose students' withdrawals nothing governs."""
        school = self._session.get_one(Office, school_id)
        try:
            _, governing = in_force(self._session, GOVERNING_PROCESS)
            packs = rule_packs(governing.decisions, school)
            chosen = governing.decisions["change_governing"].decide(
                {"kind": ChangeKind.WITHDRAWAL.value, "packs": packs}
            )
            _, definition = in_force(self._session, str(chosen["process"]) if chosen else "")
        except ChangeNotGoverned:
            return None
        facts: dict[str, Value] = {
            "packs": packs,
            "stage": stage_of(school),
            "moment": "application",
            "side": "own",
        }
        return _School(
            facts, self._terms.of(school.division_code), definition.decisions["withdrawal_eligibility"]
        )


@dataclass(frozen=True, slots=True)
class _School:
    facts: Mapping[str, Value]
    term_id: int | None
    rules: DecisionTable

    def hours_of_term(self, truancy: Iterable[tuple[int, int]]) -> int | None:
        """The hours missed in the present term; none if the school has entered none."""
        return next((hours for term_id, hours in truancy if term_id == self.term_id), None)
