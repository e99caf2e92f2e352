"""Cases with histories, written through the chain that the services use, and whoever rules the database."""

import itertools
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.orm import Session

from models import ChangeRequest, NumberCounter, Paper, ProcessVersion, Task
from models.enums import CaseState, ChangeKind, EventKind, Outcome, PaperKind, Role, TaskState
from tests.workflows.diagrams import a_process
from webapp.database import sqlalchemy_url
from webapp.services.audit.case_check import STATE_AFTER
from webapp.services.cases.chain import Event, first_link, next_event, sealed
from webapp.services.cases.history import MOVES_THE_TOKEN
from webapp.services.processes.files import digest_of, keep
from workflows.definition import read_definition
from workflows.engine import complete, start

KEY = b"k" * 32
BEGINS = datetime(2025, 9, 10, 1, 2, 3, 456789, UTC)
SERIES = "ZX-202509-410323"
COMPLETED, IN_REVIEW, REJECTED, DRAFT = 1, 2, 3, 4
PROCESS = 1
FACTS = {"seats": ("转入学校", "转出学校"), "same_county": False}
AT_THE_SCHOOL = {"seat": "转入学校", "role": "registrar", "due": "10"}
FILED = {**AT_THE_SCHOOL, "blocking": "false", "outcomes": "acknowledge"}
DIAGRAM = a_process(
    "main",
    "start > p1 > in_school > p2 > county > filing > end",
    "p1 > out_school > p2",
    in_school=AT_THE_SCHOOL,
    out_school=AT_THE_SCHOOL,
    county=AT_THE_SCHOOL,
    filing=FILED,
)
FILES = {"main.bpmn": DIAGRAM.decode()}
DEFINITION = read_definition({"main.bpmn": DIAGRAM}, "main")
TRIGGERS_SLEEP = "SET session_replication_role = replica"  # and foreign keys: no people or places are needed
ADD_EVENT = """
    INSERT INTO case_event
    VALUES (%(change_request_id)s, %(seq)s, %(kind)s, %(at)s, %(actor_id)s, %(office_id)s, %(role)s,
            %(task_key)s, %(outcome)s, %(payload)s, %(mac)s)
"""


class Road:
    """One case on its way, its history written through the chain that the services use."""

    def __init__(self, session, number=None):
        self.session = session
        self.case = ChangeRequest(
            kind=ChangeKind.TRANSFER,
            state=CaseState.DRAFT,
            student_id=1,
            applicant_id=1,
            applicant_ids=[1],
            from_school_id=1,
            to_school_id=2,
            process_version_id=PROCESS,
            form={"grade": 7, "reason": "household_move"},
            facts={**FACTS, "seats": [*FACTS["seats"]]},
            seats={"转入学校": 2, "转出学校": 1},
            token=start(DEFINITION, FACTS).state,
            version=1,
            event_count=0,
            last_mac=b"",
            record_version=1,
            saved_at=BEGINS,
        )
        session.add(self.case)
        session.flush()
        self.case.student_id = self.case.id  # one open case each
        self.clock = (BEGINS + timedelta(hours=hours) for hours in itertools.count(self.case.id))
        if number:
            self.open(number)

    def open(self, number):
        self.case.number, self.case.submitted_at, self.case.state = number, next(self.clock), "in_review"
        self.case.limit_days, self.case.due_on = 30, date(2025, 10, 28)
        seal = sealed({name: getattr(self.case, name) for name in ChangeRequest.__table__.columns.keys()})  # noqa: SIM118
        papers = {PaperKind.HOUSEHOLD_REGISTER: self.paper().sha256}
        told = {"case": seal, "papers": papers, "process": digest_of(FILES)}
        self.write(EventKind.OPENED, self.case.submitted_at, told)

    def paper(self):
        paper = Paper(
            change_request_id=self.case.id,
            kind=PaperKind.HOUSEHOLD_REGISTER,
            sha256="a" * 64,
            media_type="image/png",
            size=1,
            filename="户口簿.png",
            uploaded_by_id=1,
            uploaded_at=BEGINS,
        )
        self.session.add(paper)
        return paper

    def task(self, key):
        task = Task(
            change_request_id=self.case.id,
            key=key,
            step=key.partition(":")[0],
            seat="转入学校",
            seat_office_id=2,
            seat_role=Role.REGISTRAR,
            office_id=2,
            role=Role.REGISTRAR,
            vacant=False,
            separate_from=[],
            asker_ids=[],
            state=TaskState.OPEN,
            blocking=DEFINITION.steps[key.partition(":")[0]].blocking,
            opened_at=BEGINS,
            limit_days=10,
            due_on=date(2025, 9, 24),
            due_provisional=False,
        )
        self.session.add(task)
        return task

    def decide(self, key, kind, outcome):
        if kind in MOVES_THE_TOKEN:
            self.case.token = complete(DEFINITION, self.case.token, key, outcome, FACTS).state
        task, at = self.task(key), next(self.clock)
        task.state, task.outcome, task.ended_at, task.ended_by_id = TaskState.DONE, outcome, at, 2
        if kind in STATE_AFTER:
            self.case.state = STATE_AFTER[kind]
            self.case.ended_at = None if self.case.state.is_open else at
        seat = {"office_id": 2, "role": Role.REGISTRAR, "actor_id": 2, "task_key": key, "outcome": outcome}
        self.write(kind, at, {"opinion": "材料齐全", "pages": 1}, **seat)

    def write(self, kind, at, payload, **rest):
        previous = self.case.last_mac or first_link(KEY, self.case.id)
        place = {"change_request_id": self.case.id, "seq": self.case.event_count + 1}
        event = next_event(KEY, previous, Event(kind=kind, at=at, payload=payload, **place, **rest))
        self.session.connection().exec_driver_sql(ADD_EVENT, event.values())
        self.case.event_count, self.case.last_mac = event.seq, event.mac


def publish(session):
    """Publish the process that the cases run by."""
    version = ProcessVersion(process="main", number=1, title="main", files=keep(session, FILES))
    version.id, version.published_at, version.sha256 = PROCESS, BEGINS, digest_of(FILES)
    session.add(version)


def four_cases(session):
    publish(session)
    completed = Road(session, f"{SERIES}-00001")
    completed.decide("in_school:1", EventKind.DECIDED, Outcome.APPROVE)
    completed.decide("out_school:1", EventKind.DECIDED, Outcome.APPROVE)
    completed.decide("county:1", EventKind.COMPLETED, Outcome.APPROVE)
    completed.decide("filing:1", EventKind.ACKNOWLEDGED, Outcome.ACKNOWLEDGE)
    in_review = Road(session, f"{SERIES}-00002")
    in_review.decide("in_school:1", EventKind.DECIDED, Outcome.APPROVE)
    in_review.decide("out_school:1", EventKind.DECIDED, Outcome.APPROVE)
    in_review.task("county:1")
    rejected = Road(session, f"{SERIES}-00003")
    rejected.decide("in_school:1", EventKind.REJECTED, Outcome.REJECT)
    beside = rejected.task("out_school:1")
    beside.state, beside.ended_at = TaskState.CANCELLED, rejected.case.ended_at
    Road(session)
    session.add(NumberCounter(series=SERIES, last_serial=3))


def opened(url):
    """A session of whoever rules the database."""
    engine = create_engine(sqlalchemy_url(url.replace("//xueji@", "//postgres@")), poolclass=NullPool)
    session = Session(engine)
    session.execute(text(TRIGGERS_SLEEP))
    return session


def tamper(url, *statements):
    with opened(url) as session:
        for statement in statements:
            assert session.connection().exec_driver_sql(statement).rowcount, f"{statement} changed nothing"
        session.commit()
