"""The nightly check of a million students, beside reading each of their records and nothing more.

One in fifty or so is suspended, half of these for longer than allowed and told so; as many have missed lessons, half
of these too many. The schools are vocational ones of Henan and Fujian, which have rules of their own.
"""

from datetime import timedelta
from time import perf_counter, process_time

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.cases import copies
from bench.rounds import Figures, figure, merged, ratio
from bench.site import Site, own_site
from models import Enrolment, Student
from models.enums import RegistryState, Role, Stage
from webapp import clock
from webapp.config import DEMO_BEGINS
from webapp.services.demo import makers
from webapp.services.proposals.finding import STRETCH, find_proposals

STUDENTS, SCHOOLS = 1_000_000, 200
FIRST = 10_000_000  # far from the ids of whatever else there is

READ = text("""
    SELECT s.id, s.state, e.school_id, e.entered_on, e.schooling_years
      FROM student s JOIN enrolment e ON e.student_id = s.id AND e.ended_on IS NULL
     WHERE s.id > :after ORDER BY s.id LIMIT :most
""")


def measure(*, rounds: int = 3, students: int = STUDENTS) -> Figures:
    """Return the seconds of a night, its CPU seconds here, those of the floor, and their ratio."""
    nights, works, floors = [], [], []
    with own_site() as site:
        _fill(site, students)
        with site.session() as session:
            for night in range(rounds):
                floors.append(_read(session))
                seconds, work = _look(session, night)
                nights.append(seconds)
                works.append(work)
    return merged(
        figure("night_s", nights),
        figure("night_cpu_s", works),
        figure("floor_s", floors),
        ratio("night_over_floor", nights, floors),
    )


def _look(session: Session, night: int) -> tuple[float, float]:
    """Look at everybody; the first night opens all proposals, the others find them open."""
    day = DEMO_BEGINS.date() + timedelta(days=30 + night)
    begin, work = perf_counter(), process_time()
    find_proposals(session, day)
    return perf_counter() - begin, process_time() - work


def _read(session: Session) -> float:
    """Read every student's state and enrolment, stretch by stretch."""
    begin, after = perf_counter(), 0
    while rows := session.execute(READ, {"after": after, "most": STRETCH}).all():
        after = rows[-1].id
    session.rollback()
    return perf_counter() - begin


def _fill(site: Site, students: int) -> None:
    with site.session() as session:
        divisions = ("410325", "350102")
        schools = [
            makers.a_school(session, divisions[n % len(divisions)], Stage.VOCATIONAL) for n in range(SCHOOLS)
        ]
        registrar = makers.an_officer(session, schools[0], Role.REGISTRAR)
        today = clock.today()
        term = makers.a_term(session, today - timedelta(days=6), today + timedelta(days=140))
        original = makers.a_student(session, schools[0], entered=today - timedelta(days=700), grade=2)
        session.commit()
        values = {
            "original": original.id,
            "students": students,
            "first": min(school.id for school in schools),
            "schools": SCHOOLS,
            "by": registrar.account_id,
            "term": term.id,
            "suspended": RegistryState.SUSPENDED.value,
            "today": today,
        }
        assert {school.id for school in schools} == {values["first"] + n for n in range(SCHOOLS)}
    with site.superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in (_STUDENTS, _ENROLMENTS, _SUSPENDED, _SPELLS, _TOLD, _SEMESTERS):
            connection.execute(statement, values)
        connection.execute("VACUUM ANALYZE")


_EACH = "generate_series(1, %(students)s) nth"
_ID = f"{FIRST} + nth"
_STUDENTS = f"{copies(Student, _EACH, id=_ID)} WHERE original.id = %(original)s"
_ENROLMENTS = f"""
{copies(Enrolment, _EACH, student_id=_ID, school_id="%(first)s + nth %% %(schools)s")}
 WHERE original.student_id = %(original)s
"""
_SUSPENDED = f"UPDATE student SET state = %(suspended)s WHERE id > {FIRST} AND id %% 51 = 0"
_SPELLS = f"""
INSERT INTO suspension (student_id, reason, starts_on, ends_on)
SELECT id, 'illness', %(today)s::date - 400, %(today)s::date + CASE WHEN id %% 102 = 0 THEN -30 ELSE 200 END
  FROM student WHERE id > {FIRST} AND state = %(suspended)s
"""
_TOLD = f"""
INSERT INTO return_notice (suspension_id, told_on, how, recorded_by_id, recorded_at)
SELECT id, ends_on, 'signed', %(by)s, now() FROM suspension WHERE student_id > {FIRST} AND ends_on < %(today)s
"""
_SEMESTERS = f"""
INSERT INTO semester_record (student_id, term_id, truant_hours)
SELECT id, %(term)s, 30 * (1 + id %% 4) FROM student WHERE id > {FIRST} AND id %% 53 = 0
"""
