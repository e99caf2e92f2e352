"""Two deployments, each on a database of its own and behind a web server of its own, that are each other's partner."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from models import ChangeRequest, ExchangeMessage, OutsideCase, Task
from models.enums import CaseState, MessageDirection, MessageKind, Outcome, Role, Seat, TaskState
from tests.served import served
from tests.webapp.doctoring import complaints
from tests.webapp.exchange.sample_messages import BODIES
from tests.webapp.kept_plans import keep_plans
from tests.webapp.road import terms, work_off
from webapp import clock
from webapp.app import create_app
from webapp.config import Settings
from webapp.database import db, engine_at, session_at
from webapp.services.audit.findings import Fault, Finding
from webapp.services.audit.verification import verify
from webapp.services.cases.decisions import decide
from webapp.services.demo import makers
from webapp.services.doctor.findings import Finding as Complaint
from webapp.services.exchange import mailbox
from webapp.services.exchange.mailbox import Business
from webapp.services.exchange.messages import read_body
from webapp.services.exchange.sending import send_due
from webapp.services.notices.outbox import drain
from webapp.services.rounds import do_round
from webapp.setting_values import Partner

KEY = bytes(range(32))
HENAN, ANHUI, FUJIAN = "41", "34", "35"


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
        work_off(self.session)

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

    def tell(self, kind: MessageKind, to: str, reference: UUID, **body: object) -> None:
        """Say something that is not so here, in the name of the first province; send it."""
        said = read_body(kind, BODIES[kind] | body)
        province = self.session.info["settings"].provinces[0]
        mailbox.put(self.session, Business(to, province, reference, None), kind, said)
        self.session.commit()
        self.work()

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
        code = "DATA_WRONG" if outcome == Outcome.REJECT else None
        return decide(
            self.session, officer, task.id, outcome=outcome, version=version, opinion=opinion, code=code
        ).state

    def approve_all(self) -> CaseState:
        """Let everybody here approve until the case waits for the other province, or has ended."""
        while any(task.seat != Seat.OUTSIDE for task in self.open_tasks()):
            self.decide()
        return self.case().state


def furnish(settings: Settings) -> None:
    """Enter the terms into the seeded database of a deployment."""
    with session_at(settings.database_url or "", settings) as session:
        terms(session)
        session.commit()


@dataclass
class Installation:
    """A deployment between two tests: its application and its connections, which remember what they have prepared."""

    url: str
    door: Door
    settings: Settings
    app: Flask
    engine: Engine

    @contextmanager
    def at_work(self, object_store: str) -> Iterator[Deployment]:
        """The deployment with its papers in a store, and with nothing on the way."""
        settings = self.settings.model_copy(update={"object_store": object_store})
        self.door.app, self.door.settings = self.app, settings
        with Session(self.engine, info={"settings": settings}) as session:
            drain(session)
            nothing_on_the_way = update(ExchangeMessage).where(ExchangeMessage.done_at.is_(None))
            session.execute(nothing_on_the_way.values(done_at=clock.now()))
            session.commit()
            yield Deployment(self.url, self.door, settings, session, self.app)


@contextmanager
def installation(
    url: str, door: Door, settings: Settings, serves: tuple[str, ...], partners: Mapping[str, str]
) -> Iterator[Installation]:
    """An installation for the provinces `serves`, with partners by code and address, on the database of `settings`."""
    connected = {code: Partner(f"{address}/exchange", KEY) for code, address in partners.items()}
    settings = settings.model_copy(update={"demo": True, "provinces": serves, "partners": connected})
    app = create_app(settings)
    with engine_at(settings.database_url or "") as engine:
        with app.app_context():
            engines = (engine, db.engine)
        for each in engines:
            keep_plans(each)
        try:
            yield Installation(url, door, settings, app, engine)
        finally:
            engines[1].dispose()


@contextmanager
def two_installations(settings: Mapping[str, Settings]) -> Iterator[tuple[Installation, Installation]]:
    """One installation for Henan, and one for Anhui and Fujian."""
    here, there = Door(), Door()
    with ExitStack() as stack:
        url, other = (stack.enter_context(served(door)) for door in (here, there))
        henan = installation(url, here, settings["henan"], (HENAN,), {ANHUI: other, FUJIAN: other})
        others = installation(other, there, settings["others"], (ANHUI, FUJIAN), {HENAN: url})
        yield stack.enter_context(henan), stack.enter_context(others)


def findings(deployment: Deployment, tmp_path: Path) -> list[Finding | Complaint]:
    """What is wrong with the histories, and with the newest case.

    A worker of another test may have written an anchor elsewhere.
    """
    newest = deployment.case()
    deployment.session.rollback()
    found = verify(deployment.session, deployment.settings.audit_key, tmp_path / "anchors")
    wrong = [finding for finding in found if finding.fault != Fault.ANCHOR_MISSING]
    return [*wrong, *complaints(deployment.session, newest)]


def in_background(deployment: Deployment, rounds: int) -> threading.Thread:
    """Another worker of the deployment, which does some rounds."""

    def work() -> None:
        with session_at(deployment.settings.database_url or "", deployment.settings) as session:
            for _ in range(rounds):
                do_round(session)
                send_due(session)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def rounds(*workers: Deployment) -> None:
    """Let the workers work one after the other, and the first once more for what came back."""
    for worker in (*workers, workers[0]):
        worker.work()
