"""Transfers to measure with.

Most lead from one county's school to another county's and are approved by six officers; those to a vocational school
in Fujian by two schools and two authorities, these at the same time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from psycopg import Connection
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Base,
    CaseEvent,
    CaseTimer,
    ChangeRequest,
    Division,
    Enrolment,
    Office,
    Paper,
    Student,
    Task,
    Timer,
)
from models.enums import Role, Stage, TransferReason
from webapp import clock
from webapp.policy import Person
from webapp.services.cases import applications
from webapp.services.changes.eligibility import wanted_papers
from webapp.services.changes.kinds.transfer import Transfer, TransferForm, transfer_of
from webapp.services.changes.planning import change_of_case
from webapp.services.demo import makers
from webapp.services.papers.made_up import upload_made_up_papers
from webapp.services.people.accounts import HASHER
from workflows import engine

CITY = "420100"  # 武汉市
PASSWORD = "measured-daily"
SIMING, SONG = "350203", "410325"  # 厦门市思明区, 嵩县
ENTERED = date(2023, 9, 1)
TERMS = ((date(2025, 9, 1), date(2026, 1, 20)), (date(2026, 9, 1), date(2027, 1, 20)))


@dataclass(frozen=True)
class Road:
    """The way between two schools: who decides on it, by office and role, and a case that was just opened."""

    case_id: int
    officers: Mapping[tuple[int, Role], Person]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open task of a case, and who is to decide it."""

    case_id: int
    student_id: int
    task_id: int
    version: int
    officer: Person


def make_roads(session: Session, number: int) -> list[Road]:
    """Make roads between counties of one city, no two of which share an office; at most six. Commits."""
    return [
        _make_road(session, makers.a_school(session, here), makers.a_school(session, there), grade=3)
        for here, there in islice(_pairs_of_counties(session), number)
    ]


def more_cases(session: Session, road: Road, number: int) -> tuple[Person, list[int]]:
    """Let a guardian who can sign in apply for more pupils on a road, as the first one did. Commits."""
    first = session.get_one(ChangeRequest, road.case_id)
    session.refresh(first)
    login = f"family-{road.case_id}"
    family = makers.an_account(session, "家长", login, HASHER.hash(PASSWORD))
    case_ids = []
    for _ in range(number):
        student = makers.a_student(session, first.from_school, grade=first.form["grade"], entered=ENTERED)
        guardian = makers.a_guardian(session, student, account=family)
        form = TransferForm(first.to_school_id, first.form["grade"], TransferReason.HOUSEHOLD_MOVE)
        case_ids.append(_apply(session, guardian, student, form))
    return guardian, case_ids


def make_parallel_road(session: Session) -> Road:
    """Make a road from a vocational school of Henan to one of Fujian (domain 3.1.4 V7). Commits."""
    for opens_on, closes_on in TERMS:
        makers.a_term(session, opens_on, closes_on)
    receiving = makers.a_school(session, SIMING, Stage.VOCATIONAL, school_code="3635000008")
    releasing = makers.a_school(session, SONG, Stage.VOCATIONAL)
    return _make_road(session, receiving, releasing, grade=2, entered=TERMS[0][0])


def copy_case(connection: Connection, road: Road, number: int) -> list[int]:
    """Return new cases that stand where the road's own was opened, one student each.

    Their histories are copied too, and chained to another case: nothing but the audit would notice.
    """
    rows = connection.execute(_COPY, {"case": road.case_id, "number": number})
    return [case_id for (case_id,) in rows]


def staff_bureaus(connection: Connection) -> None:
    """Let a handler and a lead serve in every bureau of the country, so that looking people up costs what it does."""
    connection.execute(_STAFF, {"since": makers.LONG_AGO, "now": clock.now()})


def waiting_tasks(connection: Connection, road: Road, case_ids: Sequence[int]) -> list[Waiting]:
    """Return a task of each case that waits for one; none once they have ended."""
    rows = connection.execute(_WAITING, {"cases": list(case_ids)})
    return [
        Waiting(case_id, student_id, task_id, version, road.officers[office_id, Role(role)])
        for case_id, student_id, task_id, version, office_id, role in rows
    ]


def _pairs_of_counties(session: Session) -> Iterator[tuple[str, str]]:
    counties = select(Division.code).where(Division.superior_code == CITY).order_by(Division.code)
    codes = session.scalars(counties).all()
    return zip(codes[::2], codes[1::2], strict=False)


def _make_road(
    session: Session, receiving: Office, releasing: Office, *, grade: int, entered: date = ENTERED
) -> Road:
    student = makers.a_student(session, releasing, grade=grade, entered=entered)
    form = TransferForm(receiving.id, grade, TransferReason.HOUSEHOLD_MOVE)
    transfer = transfer_of(session, student.id, form, clock.today())
    officers = _officers(session, transfer)
    guardian = makers.a_guardian(session, student)
    return Road(_apply(session, guardian, student, form), officers)


def _apply(session: Session, guardian: Person, student: Student, form: TransferForm) -> int:
    """Return a case that was just submitted, with all its papers."""
    draft = applications.save_draft(session, guardian, student.id, form)
    wanted = wanted_papers(change_of_case(session, draft))
    required = [paper.kind for paper in wanted if paper.required]
    upload_made_up_papers(session, guardian, draft, required)
    return applications.submit(session, guardian, draft.id).id


def _officers(session: Session, transfer: Transfer) -> dict[tuple[int, Role], Person]:
    """Let somebody who can sign in hold each role that the transfer will ask for."""
    asked = {
        (transfer.seats[planned.step.seat], Role(role))
        for planned in engine.preview(transfer.definition, transfer.facts())
        for role in planned.step.roles
        if planned.skipped is None
    }
    return {seat: _an_officer(session, *seat) for seat in asked}


def _an_officer(session: Session, office_id: int, role: Role) -> Person:
    office = session.get_one(Office, office_id)
    account = makers.an_account(session, office.name, f"{role}-{office_id}", HASHER.hash(PASSWORD))
    return makers.an_officer(session, office, role, account=account)


def copies(table: type[Base], source: str, **new: str) -> str:
    """SQL that inserts copies of the row `original`, one for each row of `source`, but for the `new` values."""
    columns = [column.name for column in table.__table__.columns if column.name != "id" or "id" in new]
    values = [new.get(column, f"original.{column}") for column in columns]
    name = table.__tablename__
    return (
        f"INSERT INTO {name} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {name} original, {source}"
    )


_WHOSE = "(SELECT student_id FROM change_request WHERE id = %(case)s)"
# The enrolment counts as a change of the copied record.
_COPY = f"""
WITH students AS (
    {copies(Student, "generate_series(1, %(number)s)", version="original.version - 1")}
     WHERE original.id = {_WHOSE} RETURNING id
), enrolled AS (
    {copies(Enrolment, "students", student_id="students.id")} WHERE student_id = {_WHOSE}
), cases AS (
    {copies(ChangeRequest, "students", student_id="students.id", number="'copy-' || students.id")}
     WHERE original.id = %(case)s RETURNING id
), tasks AS (
    {copies(Task, "cases", change_request_id="cases.id")}
     WHERE original.change_request_id = %(case)s RETURNING id
), timers AS (
    {copies(Timer, "tasks", task_id="tasks.id")}
     WHERE original.task_id = (SELECT id FROM task WHERE change_request_id = %(case)s)
), totals AS (
    {copies(CaseTimer, "cases", change_request_id="cases.id")} WHERE original.change_request_id = %(case)s
), papers AS (
    {copies(Paper, "cases", change_request_id="cases.id")} WHERE original.change_request_id = %(case)s
), histories AS (
    {copies(CaseEvent, "cases", change_request_id="cases.id")} WHERE original.change_request_id = %(case)s
)
SELECT id FROM cases
"""

_WAITING = """
SELECT DISTINCT ON (c.id) c.id, c.student_id, t.id, c.version, t.office_id, t.role
  FROM task t JOIN change_request c ON c.id = t.change_request_id
 WHERE c.id = ANY(%(cases)s) AND c.state = 'in_review' AND t.state = 'open' ORDER BY c.id, t.id
"""

_STAFF = """
WITH seats AS (
    SELECT id, role FROM office, unnest(ARRAY['handler', 'lead']) AS role WHERE kind = 'bureau'
), accounts AS (
    INSERT INTO account (login, password_hash, name, created_at)
    SELECT 'staff-' || role || id, '!', role, %(now)s FROM seats RETURNING id, login
)
INSERT INTO membership (account_id, office_id, role, valid_from)
SELECT accounts.id, seats.id, seats.role, %(since)s FROM seats JOIN accounts ON login = 'staff-' || role || seats.id
"""
