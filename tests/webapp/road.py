"""A transfer with everybody it needs, made on a seeded database: what the tests of the road share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import count

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, object_session

from models import ChangeRequest, Membership, Office, Student, Task, Term
from models.enums import (
    CaseState,
    OfficeLevel,
    Outcome,
    PaperKind,
    ProofOfHospital,
    Role,
    Stage,
    SuspensionReason,
    TaskState,
    TransferReason,
)
from webapp import clock
from webapp.policy import Person
from webapp.services import rounds
from webapp.services.cases.applications import save_draft, submit
from webapp.services.cases.corrections import resubmit
from webapp.services.cases.decisions import decide, return_to_applicant
from webapp.services.cases.paths import path_of
from webapp.services.changes.change import ChangeForm
from webapp.services.changes.kinds.suspension import SuspensionForm
from webapp.services.changes.kinds.transfer import TransferForm
from webapp.services.changes.planning import planned
from webapp.services.demo import makers
from webapp.services.offices.kept_from import kept_from
from webapp.services.papers.files import add_paper

TERM_BEGINS = datetime(2025, 9, 10, 9, tzinfo=clock.SHANGHAI)
A_PNG = b"\x89PNG\r\n\x1a\n and so on"
A_CLEARER_PNG = A_PNG + b", in focus"

DATA_WRONG = "DATA_WRONG"  # a ground on which every seat may reject

_serials = count(1)


@dataclass
class Road:
    """One family's transfer from one school to another, with one officer in every seat on the way."""

    session: Session
    student: Student
    guardian: Person
    releasing: Office
    receiving: Office
    form: ChangeForm
    officers: dict[tuple[int, str], Person] = field(default_factory=dict)

    def draft(self, *papers: PaperKind, by: Person | None = None) -> ChangeRequest:
        """The family's, or somebody else's."""
        who = by or self.guardian
        draft = save_draft(self.session, who, self.student.id, self.form)
        for kind in papers or (PaperKind.PROOF_OF_RESIDENCE, PaperKind.TRANSFER_FORM):
            add_paper(self.session, who, draft, kind=kind, filename=f"{kind}.png", data=A_PNG)
        self.session.commit()
        return draft

    def applied(self, until: str | None = None, *, by: Person | None = None) -> ChangeRequest:
        """Apply, and let everybody approve until the case comes to a step, if one is given."""
        case = submit(self.session, by or self.guardian, self.draft(by=by).id)
        if until is not None:
            self.approve_until(case, until)
        return case

    def open_task(self, case: ChangeRequest) -> Task:
        return self.open_tasks(case)[0]

    def open_tasks(self, case: ChangeRequest) -> list[Task]:
        self.session.expire_all()
        return [task for task in case.tasks if task.state == TaskState.OPEN]

    def state_of(self, case: ChangeRequest) -> CaseState:
        self.session.refresh(case)
        return case.state

    def officer(self, task: Task) -> Person:
        return self.officers[task.seat_office_id, task.seat_role]

    def decide(self, case: ChangeRequest, outcome: Outcome, opinion: str = "") -> CaseState:
        """Let whoever has the case's next task decide it."""
        task, version = self.open_task(case), case.version
        officer, code = self.officer(task), DATA_WRONG if outcome == Outcome.REJECT else None
        return decide(
            self.session, officer, task.id, outcome=outcome, version=version, opinion=opinion, code=code
        ).state

    def approve(self, case: ChangeRequest, *, times: int = 1) -> CaseState:
        for _ in range(times):
            state = self.decide(case, Outcome.APPROVE)
        return state

    def approve_until(self, case: ChangeRequest, step: str) -> Task:
        while (task := self.open_task(case)).step != step:
            self.approve(case)
        return task

    def send_back(self, case: ChangeRequest, *items: PaperKind, reason: str = "看不清") -> None:
        """Let whoever has the case's next task return it for papers, by default for the proof of residence."""
        task, wanted = self.open_task(case), items or (PaperKind.PROOF_OF_RESIDENCE,)
        officer, version = self.officer(task), case.version
        return_to_applicant(self.session, officer, task.id, items=wanted, reason=reason, version=version)

    def mend(self, case: ChangeRequest) -> None:
        """Let the family give another proof of residence, and hand the case in again."""
        proof = {"kind": PaperKind.PROOF_OF_RESIDENCE, "filename": "clear.png", "data": A_CLEARER_PNG}
        add_paper(self.session, self.guardian, case, **proof)
        resubmit(self.session, self.guardian, case.id)

    def rival(self) -> "Road":
        """Another family that wants the same place."""
        student = makers.a_student(self.session, self.releasing, entered=date(2024, 9, 1))
        guardian = makers.a_guardian(self.session, student)
        self.session.commit()
        return replace(self, student=student, guardian=guardian)


def kept(task: Task) -> set[int]:
    """Who must not decide a task today."""
    session = object_session(task)
    assert session is not None
    return kept_from(session, task.id, clock.today())


def a_road(
    session: Session,
    *,
    releasing_in: str = "410323",
    receiving_in: str = "410325",
    stage: Stage = Stage.COMPULSORY,
    run_by: OfficeLevel = OfficeLevel.COUNTY,
    grade: int = 3,
    number: str | None = None,
) -> Road:
    """Make schools, family and officers for a transfer; by default from Xin'an county to Song county, Luoyang."""
    terms(session)
    releasing = makers.a_school(session, releasing_in, stage, run_by)
    receiving = makers.a_school(session, receiving_in, stage, run_by)
    student = makers.a_student(session, releasing, grade=grade, entered=date(2024, 9, 1), number=number)
    guardian = makers.a_guardian(session, student)
    form = TransferForm(receiving.id, grade, TransferReason.HOUSEHOLD_MOVE)
    road = Road(session, student, guardian, releasing, receiving, form)
    fill_seats(road)
    session.commit()
    return road


def a_suspension(road: Road) -> Road:
    """Let the same family want its child suspended for half a year, with everybody who is asked then."""
    form = SuspensionForm(
        SuspensionReason.ILLNESS, date(2025, 9, 15), date(2026, 3, 14), ProofOfHospital.COUNTY
    )
    suspension = replace(road, form=form)
    fill_seats(suspension)
    road.session.commit()
    return suspension


def a_fujian_road(session: Session) -> Road:
    """Make a transfer between two vocational schools of Fujian, which is filed (备案) when it has ended."""
    place = {"releasing_in": "350102", "receiving_in": "350203", "stage": Stage.VOCATIONAL, "grade": 1}
    return a_road(session, number=f"25{next(_serials):08d}", **place)


def terms(session: Session) -> None:
    """Enter the terms of the year, unless they are there already."""
    if session.scalar(select(Term).limit(1)) is None:
        makers.a_term(session, date(2025, 2, 17), date(2025, 7, 5))
        makers.a_term(session, date(2025, 9, 1), date(2026, 1, 20))


def fill_seats(road: Road) -> None:
    """Let somebody hold each role that the change asks for; in another province others answer."""
    change = planned(road.session, road.student.id, road.form, clock.today())
    way = path_of(road.session, change, clock.now())
    asked = {(planned.office_id, role) for planned in way for role in planned.step.roles if planned.office_id}
    missing = [each for each in asked - road.officers.keys() if each[1] != Role.COUNTERPART]
    posts = [(road.session.get_one(Office, office_id), Role(role)) for office_id, role in missing]
    road.officers |= zip(missing, makers.officers(road.session, posts), strict=True)


@contextmanager
def led(session: Session, office_id: int) -> Iterator[None]:
    """Let an office have a lead for a while."""
    lead = makers.an_officer(session, session.get_one(Office, office_id), Role.LEAD)
    session.commit()
    yield
    session.execute(delete(Membership).where(Membership.account_id == lead.account_id))
    session.commit()


def work_off(session: Session) -> None:
    """Do what the worker would do by now."""
    rounds.work_off(session)
