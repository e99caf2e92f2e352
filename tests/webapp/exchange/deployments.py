"""Two deployments, each on a database of its own and behind a web server of its own, that are each other's partner."""

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import ChangeRequest, ExchangeMessage, Office, OutsideCase, Student, Task
from models.enums import (
    CaseState,
    MessageDirection,
    Outcome,
    PaperKind,
    Role,
    Seat,
    Stage,
    TaskState,
    TransferReason,
)
from tests.served import served
from tests.webapp.road import A_PNG
from webapp import clock
from webapp.app import create_app
from webapp.config import Settings
from webapp.database import db, session_at
from webapp.policy import Person
from webapp.services import makers
from webapp.services.applications import save_draft, submit
from webapp.services.decisions import decide
from webapp.services.papers import add_paper
from webapp.services.rounds import do_round
from webapp.services.seed import seed
from webapp.services.transfers import TransferForm
from webapp.setting_values import Partner

KEY = bytes(range(32))
HENAN, ANHUI, FUJIAN = "41", "34", "35"
PAPERS = (PaperKind.PROOF_OF_RESIDENCE, PaperKind.TRANSFER_FORM, PaperKind.BASIC_INFORMATION_SHEET)

_serial = itertools.count(1000)
TERMS = ((date(2025, 2, 17), date(2025, 7, 5)), (date(2025, 9, 1), date(2026, 1, 20)))


class Door:
    """What answers at a deployment's address: its application, or whatever a test puts before it.

    One request at a time, as the two applications of one process would share a session's settings.
    """

    one_at_a_time = threading.Lock()

    def __init__(self) -> None:
        self.app: Callable[..., Iterable[bytes]] | None = None
        self.settings: Settings | None = None

    def __call__(self, environ: Mapping[str, object], start_response: Callable[..., object]) -> list[bytes]:
        assert self.app is not None
        with self.one_at_a_time:
            db.session.session_factory.configure(info={"settings": self.settings})
            return list(self.app(environ, start_response))


@dataclass
class Deployment:
    """One deployment: where it answers, and a session on its database that does its worker's rounds."""

    url: str
    door: Door
    settings: Settings
    session: Session
    app: Flask

    def work(self) -> None:
        """Do what the worker would do by now."""
        while do_round(self.session):
            pass

    def messages(self, direction: MessageDirection | None = None) -> list[ExchangeMessage]:
        """The messages of the business that was last heard of."""
        self.session.rollback()
        self.session.expire_all()
        found = self.session.scalars(select(ExchangeMessage).order_by(ExchangeMessage.id)).all()
        return [
            message
            for message in found
            if message.reference == found[-1].reference and direction in (None, message.direction)
        ]

    def said(self) -> list[str]:
        """The kinds of what was sent from here."""
        return [message.kind.value for message in self.messages(MessageDirection.OUT)]

    def case(self) -> ChangeRequest:
        """The newest case."""
        self.session.rollback()
        self.session.expire_all()
        newest = select(ChangeRequest).order_by(ChangeRequest.id.desc()).limit(1)
        return self.session.scalars(newest).one()

    def link(self) -> OutsideCase:
        return self.session.get_one(OutsideCase, self.case().id)

    def waits_at(self) -> list[str]:
        """The steps that the newest case waits for."""
        return [task.step for task in self.open_tasks()]

    def open_tasks(self) -> list[Task]:
        return [task for task in self.case().tasks if task.state == TaskState.OPEN and task.blocking]

    def decide(self, outcome: Outcome = Outcome.APPROVE, opinion: str = "同意") -> CaseState:
        """Let somebody decide the newest case's next step that stands here."""
        task = next(task for task in self.open_tasks() if task.seat != Seat.OUTSIDE)
        officer = makers.an_officer(self.session, task.office, Role(task.role))
        version = task.change_request.version
        return decide(self.session, officer, task.id, outcome=outcome, version=version, opinion=opinion)

    def approve_all(self) -> CaseState:
        """Let everybody here approve until the case waits for the other province, or has ended."""
        while any(task.seat != Seat.OUTSIDE for task in self.open_tasks()):
            self.decide()
        return self.case().state


def furnish(settings: Settings) -> None:
    """Load what every deployment needs into a fresh database."""
    with session_at(settings.database_url or "", settings) as session:
        seed(session)
        for opens_on, closes_on in TERMS:
            makers.a_term(session, opens_on, closes_on)
        session.commit()


@contextmanager
def deployment(
    url: str, door: Door, settings: Settings, serves: tuple[str, ...], partners: Mapping[str, str]
) -> Iterator[Deployment]:
    """A deployment for the provinces `serves`, with partners by code and address, on the database of `settings`."""
    connected = {code: Partner(f"{address}/exchange", KEY) for code, address in partners.items()}
    settings = settings.model_copy(update={"provinces": serves, "partners": connected})
    app = door.app = create_app(settings)
    door.settings = settings
    with session_at(settings.database_url or "", settings) as session:
        nothing_on_the_way = update(ExchangeMessage).where(ExchangeMessage.done_at.is_(None))
        session.execute(nothing_on_the_way.values(done_at=clock.now()))
        session.commit()
        try:
            yield Deployment(url, door, settings, session, app)
        finally:
            with app.app_context():
                db.engine.dispose()


@contextmanager
def two_deployments(settings: Mapping[str, Settings]) -> Iterator[tuple[Deployment, Deployment]]:
    """One deployment for Henan, and one for Anhui and Fujian."""
    here, there = Door(), Door()
    with ExitStack() as stack:
        url, other = (stack.enter_context(served(door)) for door in (here, there))
        henan = deployment(url, here, settings["henan"], (HENAN,), {ANHUI: other, FUJIAN: other})
        others = deployment(other, there, settings["others"], (ANHUI, FUJIAN), {HENAN: url})
        yield stack.enter_context(henan), stack.enter_context(others)


@dataclass
class Pupil:
    """A pupil who is known in two deployments, and the schools by which he goes from one to the other."""

    name: str
    number: str
    applicant: Person
    student: Student
    form: TransferForm


def a_pupil(
    receiving: Deployment,
    releasing: Deployment,
    *,
    to: str = "410325",
    of: str = "340111",
    stage: Stage = Stage.COMPULSORY,
    grade: int = 3,
    begins: Deployment | None = None,
    number: str | None = None,
) -> Pupil:
    """Make a pupil at a school of one deployment who is to go to a school of another; he is known where it begins."""
    serial = next(_serial)
    number = number or f"G99010120140506{serial:04d}"
    begins = begins or receiving
    names = {"name": f"学生{serial}", "number": number, "grade": grade, "entered": date(2024, 9, 1)}
    schools: dict[int, tuple[Office, Office]] = {}
    for side in (receiving, releasing):
        schools[id(side)] = (
            makers.a_school(side.session, to, stage, name=f"转入{serial}中", school_code=f"41{serial:08d}"),
            makers.a_school(side.session, of, stage, name=f"转出{serial}中", school_code=f"34{serial:08d}"),
        )
    students = {
        id(side): makers.a_student(side.session, schools[id(side)][1], **names)
        for side in {id(begins): begins, id(releasing): releasing}.values()
    }
    guardian = makers.a_guardian(begins.session, students[id(begins)])
    for side in (receiving, releasing):
        side.session.commit()
    form = TransferForm(schools[id(begins)][0].id, grade, TransferReason.HOUSEHOLD_MOVE)
    return Pupil(str(names["name"]), number, guardian, students[id(begins)], form)


def applied(deployment: Deployment, pupil: Pupil) -> ChangeRequest:
    """Let the family apply."""
    session = deployment.session
    draft = save_draft(session, pupil.applicant, pupil.student.id, pupil.form)
    for kind in PAPERS:
        add_paper(session, pupil.applicant, draft, kind=kind, filename=f"{kind}.png", data=A_PNG)
    session.commit()
    return submit(session, pupil.applicant, draft.id)


def asked(deployment: Deployment, pupil: Pupil) -> ChangeRequest:
    """Let the family apply and everybody there approve, until the other province is to be asked."""
    case = applied(deployment, pupil)
    deployment.approve_all()
    return case


def pupil_in(deployment: Deployment, number: str) -> Student:
    deployment.session.rollback()
    deployment.session.expire_all()
    return deployment.session.scalars(select(Student).where(Student.registry_number == number)).one()


def in_background(deployment: Deployment, rounds: int) -> threading.Thread:
    """Another worker of the deployment, which does some rounds."""

    def work() -> None:
        with session_at(deployment.settings.database_url or "", deployment.settings) as session:
            for _ in range(rounds):
                do_round(session)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def rounds(*workers: Deployment) -> None:
    """Let the workers work one after the other, and the first once more for what came back."""
    for worker in (*workers, workers[0]):
        worker.work()
