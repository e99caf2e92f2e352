"""Tasks of cases, each with the little around it that the database insists on."""

from contextlib import contextmanager
from datetime import UTC, date, datetime

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Division, Membership, Office, Student, Task, Timer
from models.enums import (
    CaseState,
    ChangeKind,
    DivisionLevel,
    IdentityType,
    OfficeKind,
    OfficeLevel,
    RegistryState,
    Role,
    Seat,
    Sex,
    TaskState,
    TimerKind,
)
from webapp.database import sqlalchemy_url

HENAN, LUOYANG, XINAN, YIYANG = 1, 2, 3, 4
OPENED = datetime(2025, 9, 1, 2, 0, tzinfo=UTC)


def a_bureau(session, division_code, path):
    """The bureau of a division, whose id ends its path."""
    level = {1: "province", 2: "city", 3: "county"}[len(path)]
    session.add(Division(code=division_code, name=division_code, level=DivisionLevel(level)))
    session.flush()
    bureau = Office(
        id=path[-1],
        kind=OfficeKind.BUREAU,
        level=OfficeLevel(level),
        name=f"{division_code}教育局",
        division_code=division_code,
        path=path,
        valid_from=date(2000, 1, 1),
    )
    session.add(bureau)
    session.flush()
    return bureau


@contextmanager
def four_bureaus(url):
    """A session on a database with Henan, Luoyang and two of its counties, of which nothing stays."""
    engine = create_engine(sqlalchemy_url(url))
    with Session(engine) as session:
        a_bureau(session, "410000", [HENAN])
        a_bureau(session, "410300", [HENAN, LUOYANG])
        a_bureau(session, "410323", [HENAN, LUOYANG, XINAN])
        a_bureau(session, "410327", [HENAN, LUOYANG, YIYANG])
        yield session
    engine.dispose()


def an_account(session, **given):
    account = Account(password_hash="-", name="王芳", created_at=OPENED, **given)
    session.add(account)
    session.flush()
    return account


def a_member(session, office_id, role, *, login, begins=date(2000, 1, 1), ends=None, disabled_at=None):
    """Somebody who holds a role in an office."""
    account = an_account(session, login=login, disabled_at=disabled_at)
    membership = Membership(
        account_id=account.id, office_id=office_id, role=role, valid_from=begins, valid_to=ends
    )
    session.add(membership)
    session.flush()
    return membership


def a_task(
    session, seat_office_id, seat_role=Role.HANDLER, *, number, timer=None, state=TaskState.OPEN, **given
):
    """An open task of a case of its own, addressed to the seat itself."""
    case = _a_case(session, seat_office_id, number)
    task = Task(
        change_request_id=case.id,
        key="in_county:1",
        step="in_county",
        seat=Seat.RECEIVING_COUNTY,
        seat_office_id=seat_office_id,
        seat_role=seat_role,
        state=state,
        blocking=True,
        **{
            "office_id": seat_office_id,
            "role": seat_role,
            "vacant": False,
            "excluded_ids": [],
            "opened_at": OPENED,
            "limit_days": 10,
            "due_on": date(2025, 9, 15),
            "due_provisional": False,
            "days_left": None if state == TaskState.OPEN else 3,
        }
        | given,
    )
    session.add(task)
    session.flush()
    session.add(Timer(task_id=task.id, kind=TimerKind.REMINDER, due_at=timer or OPENED))
    session.flush()
    return task


def _a_case(session, school_id, number):
    applicant = an_account(session, login=f"guardian-{number}")
    student = Student(
        name="李明",
        sex=Sex.MALE,
        birth_date=date(2012, 5, 6),
        identity_type=IdentityType.RESIDENT,
        state=RegistryState.ENROLLED,
        version=1,
        created_at=OPENED,
    )
    session.add(student)
    session.flush()
    case = ChangeRequest(
        number=number,
        kind=ChangeKind.TRANSFER,
        state=CaseState.IN_REVIEW,
        student_id=student.id,
        applicant_id=applicant.id,
        from_school_id=school_id,
        form={},
        facts={},
        seats={},
        version=1,
        event_count=0,
        last_mac=b"",
        record_version=1,
        saved_at=OPENED,
        submitted_at=OPENED,
    )
    session.add(case)
    session.flush()
    return case
