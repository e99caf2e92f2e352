"""A transfer with everybody it needs, made on a seeded database: what the tests of the road share."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, Office, Student, Task, Term
from models.enums import CaseState, OfficeLevel, Outcome, PaperKind, Role, Stage, TaskState, TransferReason
from webapp import clock
from webapp.policy import Person
from webapp.services import makers
from webapp.services.applications import save_draft, submit
from webapp.services.decisions import decide
from webapp.services.papers import add_paper
from webapp.services.paths import path_of
from webapp.services.transfers import TransferForm, transfer_of

TERM_BEGINS = datetime(2025, 9, 10, 9, tzinfo=clock.SHANGHAI)
A_PNG = b"\x89PNG\r\n\x1a\n and so on"


@dataclass
class Road:
    """One family's transfer from one school to another, with one officer in every seat on the way."""

    session: Session
    student: Student
    guardian: Person
    releasing: Office
    receiving: Office
    form: TransferForm
    officers: dict[tuple[int, str], Person] = field(default_factory=dict)

    def draft(self, *papers: PaperKind) -> ChangeRequest:
        draft = save_draft(self.session, self.guardian, self.student.id, self.form)
        for kind in papers or (PaperKind.PROOF_OF_RESIDENCE, PaperKind.TRANSFER_FORM):
            add_paper(self.session, self.guardian, draft, kind=kind, filename=f"{kind}.png", data=A_PNG)
        self.session.commit()
        return draft

    def applied(self) -> ChangeRequest:
        return submit(self.session, self.guardian, self.draft().id)

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

    def approve(self, case: ChangeRequest, *, times: int = 1) -> CaseState:
        for _ in range(times):
            task = self.open_task(case)
            state = decide(
                self.session, self.officer(task), task.id, outcome=Outcome.APPROVE, version=case.version
            )
        return state

    def approve_until(self, case: ChangeRequest, step: str) -> Task:
        while (task := self.open_task(case)).step != step:
            self.approve(case)
        return task

    def rival(self) -> "Road":
        """Another family that wants the same place."""
        student = makers.a_student(self.session, self.releasing, entered=date(2024, 9, 1))
        guardian = makers.a_guardian(self.session, student)
        self.session.commit()
        return replace(self, student=student, guardian=guardian)


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


def terms(session: Session) -> None:
    """Enter the terms of the year, unless they are there already."""
    if session.scalar(select(Term).limit(1)) is None:
        makers.a_term(session, date(2025, 2, 17), date(2025, 7, 5))
        makers.a_term(session, date(2025, 9, 1), date(2026, 1, 20))


def fill_seats(road: Road) -> None:
    """Let somebody hold each role that the transfer asks for; in another province others answer."""
    transfer = transfer_of(road.session, road.student.id, road.form, clock.today())
    for planned in path_of(road.session, transfer, clock.now()):
        seat = (planned.office_id, planned.step.role)
        if planned.office_id and planned.step.role != Role.COUNTERPART and seat not in road.officers:
            office = road.session.get_one(Office, planned.office_id)
            road.officers[seat] = makers.an_officer(road.session, office, Role(planned.step.role))
