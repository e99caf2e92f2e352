"""Tasks of cases, each with the little around it that the database insists on."""

from contextlib import contextmanager
from datetime import UTC, date, datetime

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
from tests.webapp.sessions import a_session
from webapp.services.offices.addressees import reroute_all

HENAN, LUOYANG, XINAN, YIYANG = 1, 2, 3, 4
OPENED = datetime(2025, 9, 1, 2, 0, tzinfo=UTC)


# What a task has that nobody has touched yet.
UNTOUCHED = {
    "key": "in_county:1",
    "step": "in_county",
    "seat": Seat.RECEIVING_COUNTY,
    "blocking": True,
    "vacant": False,
    "opened_at": OPENED,
    "limit_days": 10,
    "due_on": date(2025, 9, 15),
    "due_provisional": False,
}


def a_bureau(session, division_code, path):
    """The bureau of a division, whose id ends its path."""
    level = {1: "province", 2: "city", 3: "county"}[len(path)]
    _added(session, Division(code=division_code, name=division_code, level=DivisionLevel(level)))
    bureau = Office(
        id=path[-1],
        kind=OfficeKind.BUREAU,
        level=OfficeLevel(level),
        name=f"{division_code}教育局",
        division_code=division_code,
        path=path,
        valid_from=date(2000, 1, 1),
    )
    return _added(session, bureau)


@contextmanager
def four_bureaus(url):
    """A session on a database with Henan, Luoyang and two of its counties, of which nothing stays."""
    with a_session(url) as session:
        a_bureau(session, "410000", [HENAN])
        a_bureau(session, "410300", [HENAN, LUOYANG])
        a_bureau(session, "410323", [HENAN, LUOYANG, XINAN])
        a_bureau(session, "410327", [HENAN, LUOYANG, YIYANG])
        yield session


def an_account(session, **given):
    return _added(session, Account(password_hash="-", name="王芳", created_at=OPENED, **given))


def a_member(session, office_id, role, *, login, begins=date(2000, 1, 1), ends=None, disabled_at=None):
    """Somebody who holds a role in an office."""
    account = an_account(session, login=login, disabled_at=disabled_at)
    membership = Membership(
        account_id=account.id, office_id=office_id, role=role, valid_from=begins, valid_to=ends
    )
    return _added(session, membership)


def a_child(session):
    """A child who is at no school yet."""
    student = Student(
        name="李明",
        sex=Sex.MALE,
        birth_date=date(2012, 5, 6),
        identity_type=IdentityType.RESIDENT,
        state=RegistryState.ENROLLED,
        version=1,
        created_at=OPENED,
    )
    return _added(session, student)


def a_task(
    session, seat_office_id, seat_role=Role.HANDLER, *, number, timer=None, state=TaskState.OPEN, **given
):
    """An open task of a case of its own, addressed to the seat itself."""
    case = _a_case(session, seat_office_id, number)
    days_left = None if state == TaskState.OPEN else 3
    addressed = {"office_id": seat_office_id, "role": seat_role, "separate_from": [], "asker_ids": []}
    task = Task(
        change_request_id=case.id,
        seat_office_id=seat_office_id,
        seat_role=seat_role,
        state=state,
        **UNTOUCHED | addressed | {"days_left": days_left} | given,
    )
    _added(session, task)
    _added(session, Timer(task_id=task.id, kind=TimerKind.REMINDER, due_at=timer or OPENED))
    return task


def _a_case(session, school_id, number):
    case = ChangeRequest(
        number=number,
        kind=ChangeKind.TRANSFER,
        state=CaseState.IN_REVIEW,
        student_id=a_child(session).id,
        applicant_id=an_account(session, login=f"guardian-{number}").id,
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
        limit_days=40,
        due_on=date(2025, 11, 3),
    )
    return _added(session, case)


def _added(session, row):
    session.add(row)
    session.flush()
    return row


def rerouted(session, on):
    """Send all open tasks to whoever is to be asked on a day, as the worker does then; the ids of those that moved."""
    return [task_id for moved in reroute_all(session, on) for task_id in moved]
