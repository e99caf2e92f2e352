"""How somebody tries each action in a scene, and what that leaves behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models import ChangeRequest, Guardianship, Membership, Notice, Task
from models.enums import Ask, NoticeKind, Outcome, PaperKind, Role, TaskState
from tests.webapp.actions.scenes import REASON, Scene
from tests.webapp.actions.vocabulary import HEARS, Hearer
from tests.webapp.road import A_CLEARER_PNG, DATA_WRONG
from webapp import clock
from webapp.policy import Person
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases import claims, copies, decisions, opinions, urging
from webapp.services.cases.answers import answer, take_question_back
from webapp.services.cases.applications import submit
from webapp.services.cases.asks import ask, send_back_to
from webapp.services.cases.bulks import approve_together
from webapp.services.cases.comments import comment
from webapp.services.cases.corrections import resubmit, withdraw
from webapp.services.cases.recalls import recall
from webapp.services.cases.stopping import revoke, terminate
from webapp.services.papers.files import add_paper

PROOF = PaperKind.PROOF_OF_RESIDENCE
WAITING = (TaskState.OPEN, TaskState.SUSPENDED)


@dataclass(frozen=True)
class Try:
    """Somebody in front of the page of a scene as it is now."""

    session: Session
    scene: Scene
    person: Person

    @property
    def case(self) -> ChangeRequest:
        return self.session.get_one(ChangeRequest, self.scene.case_id)

    @property
    def task(self) -> Task:
        return self.session.get_one(Task, self.scene.task_id)

    @property
    def on_task(self) -> tuple[Session, Person, int]:
        return self.session, self.person, self.scene.task_id

    @property
    def on_case(self) -> tuple[Session, Person, int]:
        return self.session, self.person, self.scene.case_id


def deciding(outcome: str) -> Callable[[Try], object]:
    said = {"outcome": outcome, "opinion": REASON, "code": DATA_WRONG if outcome == Outcome.REJECT else None}
    return lambda tried: decisions.decide(*tried.on_task, version=tried.case.version, **said)


def handing_in_again(tried: Try) -> None:
    proof = {"kind": PROOF, "filename": "clear.png", "data": A_CLEARER_PNG}
    add_paper(tried.session, tried.person, tried.case, **proof)
    resubmit(*tried.on_case)


def handing_over(tried: Try) -> None:
    """To a colleague of the post, whoever that is."""
    others = [] if not tried.scene.task_id else claims.colleagues(tried.session, tried.person, tried.task)
    claims.hand_over(*tried.on_task, others[0].id if others else 0)


def sending_back(tried: Try) -> None:
    first = next(iter(tried.case.tasks), None)
    earlier = first.id if first else 0
    send_back_to(*tried.on_task, to_task_id=earlier, reason=REASON, version=tried.case.version)


def asking(kind: Ask) -> Callable[[Try], object]:
    """Asks the lead of the office."""

    def asks(tried: Try) -> None:
        leads = select(Membership.id).join(Task, Task.office_id == Membership.office_id)
        of = leads.where(Task.id == tried.scene.task_id, Membership.role == Role.LEAD).limit(1)
        asked = {"kind": kind, "of": tried.session.scalars(of).all(), "question": REASON}
        ask(*tried.on_task, **asked, version=tried.case.version)

    return asks


def copying(tried: Try) -> None:
    readers = copies.readers(tried.session, tried.person, tried.case) if tried.scene.task_id else []
    copies.send(*tried.on_case, to=[reader.account_id for reader in readers[:1]])


DOES: Mapping[str, Callable[[Try], object]] = {
    "Submit": lambda tried: submit(*tried.on_case),
    "Approve": deciding(Outcome.APPROVE),
    "Decide as the step names it": deciding("on_site"),
    "Reject": deciding(Outcome.REJECT),
    "Acknowledge a filing": deciding(Outcome.ACKNOWLEDGE),
    "Return for correction": lambda tried: decisions.return_to_applicant(
        *tried.on_task, items=[PROOF], reason=REASON, version=tried.case.version
    ),
    "Hand in again": handing_in_again,
    "Recall": lambda tried: recall(*tried.on_task, version=tried.case.version),
    "Withdraw": lambda tried: withdraw(*tried.on_case),
    "Revoke": lambda tried: revoke(*tried.on_case, reason=REASON),
    "Terminate": lambda tried: terminate(*tried.on_case, reason=REASON),
    "Claim": lambda tried: claims.claim(*tried.on_task),
    "Give back": lambda tried: claims.release(*tried.on_task),
    "Hand over": handing_over,
    "Send back for a second look": sending_back,
    "Ask for an opinion": asking(Ask.OPINION),
    "Have it prepared": asking(Ask.DELEGATION),
    "Sign and have it signed too": asking(Ask.COSIGNATURE),
    "Answer": lambda tried: answer(*tried.on_task, opinion=REASON, version=tried.case.version),
    "Take a question back": lambda tried: take_question_back(*tried.on_task, version=tried.case.version),
    "Approve together": lambda tried: approve_together(
        tried.session, tried.person, {tried.scene.task_id: tried.case.version}
    ),
    "Keep an opinion": lambda tried: opinions.save(*tried.on_task, text=REASON),
    "Comment": lambda tried: comment(*tried.on_case, REASON),
    "Copy": copying,
    "Say that one has read it": lambda tried: copies.acknowledge(*tried.on_case),
    "Urge": lambda tried: urging.urge(*tried.on_case),
}

_TASKS = """
SELECT task.id, task.state, task.due_on, task.days_left, task.claimed_by_id, timer.kind AS timer, timer.due_at
  FROM task LEFT JOIN timer ON timer.task_id = task.id WHERE change_request_id = :case ORDER BY task.id
"""
_CASE = """
SELECT state, version, token, due_on,
       (SELECT due_at FROM case_timer WHERE change_request_id = c.id AND key = '') AS total,
       ARRAY(SELECT kind FROM case_event WHERE change_request_id = c.id ORDER BY seq) AS entries,
       ARRAY(SELECT kind FROM outbox WHERE change_request_id = c.id ORDER BY id) AS told,
       (SELECT count(*) FROM return_request WHERE change_request_id = c.id) AS returns,
       (SELECT count(*) FROM paper WHERE change_request_id = c.id) AS papers,
       (SELECT array_agg(read_at ORDER BY id) FROM copy WHERE change_request_id = c.id) AS copies,
       (SELECT count(*) FROM draft_opinion d JOIN task ON task.id = task_id WHERE change_request_id = c.id) AS kept,
       (SELECT count(*) FROM bulk_item b JOIN task ON task.id = task_id WHERE change_request_id = c.id) AS bulks
  FROM change_request c WHERE id = :case
"""


@dataclass(frozen=True)
class TaskRow:
    """What a task is like, and when it is spoken up about it."""

    id: int
    state: TaskState
    due_on: date
    days_left: int | None
    claimed_by_id: int | None
    timer: str | None
    due_at: Any
    left: int  # working days until it is due

    @property
    def limit(self) -> tuple[object, ...]:
        return self.due_on, self.days_left, self.timer, self.due_at


@dataclass(frozen=True)
class Snapshot:
    """All that an action could change of a case; what its token was when its task was opened, to which it may go back.

    `left` is how many working days are left for the whole case.
    """

    case: Mapping[str, Any]
    tasks: Mapping[int, TaskRow]
    earlier_token: bytes | None
    left: int | None

    @property
    def limit(self) -> tuple[object, ...]:
        return self.case["due_on"], self.case["total"]

    def waiting(self) -> set[int]:
        return {task.id for task in self.tasks.values() if task.state in WAITING}

    def open(self) -> set[int]:
        return {task.id for task in self.tasks.values() if task.state == TaskState.OPEN}


def snapshot(session: Session, scene: Scene) -> Snapshot:
    [case] = session.execute(text(_CASE), {"case": scene.case_id}).mappings()
    rows = session.execute(text(_TASKS), {"case": scene.case_id}).mappings()
    left = partial(calendar_of(session).days_left, clock.today())
    tasks = {row["id"]: TaskRow(**row, left=left(row["due_on"])) for row in rows}
    return Snapshot(dict(case), tasks, scene.earlier_token, left(case["due_on"]) if case["due_on"] else None)


def hearers(session: Session, scene: Scene, told_before: int) -> dict[NoticeKind, set[Hearer | None]]:
    """Who was told what of the scene's case after the notice `told_before`, by kind; None is whom nobody thought of."""
    told: dict[NoticeKind, set[Hearer | None]] = {}
    mine = (Notice.change_request_id == scene.case_id, Notice.id > told_before)
    for notice in session.scalars(select(Notice).where(*mine)):
        told.setdefault(notice.kind, set()).add(_hearer(session, scene, notice))
    return told


def _hearer(session: Session, scene: Scene, notice: Notice) -> Hearer | None:
    if notice.account_id is not None:
        guardians = select(Guardianship.account_id).where(Guardianship.student_id == scene.student_id)
        family = session.scalars(guardians).all()
        return Hearer.FAMILY if notice.account_id in family else Hearer.PERSON
    post = (notice.office_id, notice.role)
    if Hearer.APPLYING in HEARS[notice.kind] and post == _applying(session, scene):
        return Hearer.APPLYING
    if Hearer.SCHOOLS in HEARS[notice.kind] and post in _of_schools(session, scene):
        return Hearer.SCHOOLS
    tasks = session.scalars(select(Task).where(Task.change_request_id == scene.case_id)).all()
    if (notice.task_id, *post) in {(task.id, task.office_id, task.role) for task in tasks}:
        return Hearer.POST
    closed = {(task.office_id, task.role) for task in tasks if task.state == TaskState.CANCELLED}
    return Hearer.CLOSED if Hearer.CLOSED in HEARS[notice.kind] and post in closed else None


def who_hears(session: Session, scene: Scene, kind: NoticeKind) -> set[Hearer]:
    """Who has to hear of what was just done: of what is closed, if not a registrar of a school had it."""
    closed = select(Task.office_id, Task.role).where(
        Task.change_request_id == scene.case_id,
        Task.state == TaskState.CANCELLED,
        Task.ended_at == clock.now(),
    )
    had = {(office_id, role) for office_id, role in session.execute(closed)}
    known = _of_schools(session, scene) if Hearer.SCHOOLS in HEARS[kind] else set()
    nobody = (set() if had - known else {Hearer.CLOSED}) | (
        set() if _applying(session, scene) else {Hearer.APPLYING}
    )
    return {*HEARS[kind]} - nobody


def _of_schools(session: Session, scene: Scene) -> set[tuple[int, Role]]:
    case = session.get_one(ChangeRequest, scene.case_id)
    return {(school_id, Role.REGISTRAR) for school_id in (case.from_school_id, case.to_school_id)}


def _applying(session: Session, scene: Scene) -> tuple[int, Role] | None:
    school_id = session.get_one(ChangeRequest, scene.case_id).applicant_office_id
    return (school_id, Role.REGISTRAR) if school_id else None


def last_notice(session: Session) -> int:
    return session.scalar(select(func.max(Notice.id))) or 0
