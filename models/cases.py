"""A change request (异动申请) on its way: its tasks, its history, what was returned, its papers.

One lock order everywhere: account, bulk, change_request (several by id), school_places (several by school and grade),
student. Tasks, and all else that belongs to a case, are written by whoever has locked the case, and so have no place in
it. A case is locked FOR NO KEY UPDATE, so that whoever only refers to it (a timer that fires, a notice that is sent)
need not wait.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Moment, one_of, text_enum
from models.enums import (
    Ask,
    CaseState,
    ChangeKind,
    EventKind,
    PaperKind,
    Role,
    TaskState,
)
from models.offices import Office
from models.people import Account
from models.processes import ProcessVersion
from models.registry import Student

OPEN_STATES = "state IN ('in_review', 'returned')"


class ChangeRequest(Base):
    """One application for a registry change, and where it stands.

    `applicant_id` submitted it; `applicant_office_id` is the school that applied on the family's behalf, none when
    the family did. `roster_id` is the list of new students that it goes with. `applicant_ids` are all who handed it
    in, at first or again after a return. `saved_at` says when it was last filled in. `facts` and the process version
    are frozen at submission. `seats` maps a seat's name to the id of the office that fills it. `token` caches the
    fold of the decision log. `version` grows at every change of the case; `event_count` and `last_mac` say how long
    its history is and how it ends. `record_version` is the version of the student's record that the case was opened
    on.
    The whole case may take `limit_days` working days from its submission (总时限), `due_on` is the last of them,
    `due_provisional` while that reaches into a year whose calendar is not loaded; while the case is with the applicant
    it stands still.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        one_of("kind", ChangeKind),
        one_of("state", CaseState),
        CheckConstraint("(state = 'draft') = (number IS NULL)", name="a_submitted_case_has_a_number"),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="a_submitted_case_has_its_time"),
        CheckConstraint(
            f"(state <> 'draft' AND NOT {OPEN_STATES}) = (ended_at IS NOT NULL)",
            name="an_ended_case_has_its_time",
        ),
        CheckConstraint(
            "(state = 'draft') = (limit_days IS NULL) AND (state = 'draft') = (due_on IS NULL)",
            name="a_submitted_case_has_its_limit",
        ),
        Index("one_open_change_request_per_student", "student_id", unique=True, postgresql_where=OPEN_STATES),
        Index(
            "one_draft_per_guardian_student_and_kind",
            "applicant_id",
            "student_id",
            "kind",
            unique=True,
            postgresql_where="state = 'draft' AND applicant_office_id IS NULL",
        ),
        Index(
            "one_draft_per_school_student_and_kind",
            "applicant_office_id",
            "student_id",
            "kind",
            unique=True,
            postgresql_where="state = 'draft' AND applicant_office_id IS NOT NULL",
        ),
        Index("ix_change_request_student_id", "student_id"),
        Index("ix_change_request_roster_id", "roster_id", postgresql_where="roster_id IS NOT NULL"),
        Index(
            "ix_change_request_provisional", "id", postgresql_where="due_provisional AND state = 'in_review'"
        ),
    )

    id: Mapped[Key]
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    kind: Mapped[ChangeKind] = mapped_column(text_enum(ChangeKind))
    state: Mapped[CaseState] = mapped_column(text_enum(CaseState))
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    applicant_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    applicant_office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    roster_id: Mapped[int | None] = mapped_column(ForeignKey("roster.id"))
    from_school_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    to_school_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    process_version_id: Mapped[int | None] = mapped_column(ForeignKey("process_version.id"))
    form: Mapped[dict[str, Any]] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    seats: Mapped[dict[str, int]] = mapped_column(JSONB)
    token: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int]
    event_count: Mapped[int]
    last_mac: Mapped[bytes] = mapped_column(LargeBinary)
    record_version: Mapped[int]
    saved_at: Mapped[Moment]
    submitted_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    limit_days: Mapped[int | None]
    due_on: Mapped[date | None]
    due_provisional: Mapped[bool] = mapped_column(server_default="false")

    student: Mapped[Student] = relationship()
    applicant: Mapped[Account] = relationship()
    from_school: Mapped[Office] = relationship(foreign_keys=[from_school_id])
    to_school: Mapped[Office | None] = relationship(foreign_keys=[to_school_id])
    process_version: Mapped[ProcessVersion | None] = relationship()
    tasks: Mapped[list["Task"]] = relationship(back_populates="change_request", order_by="Task.id")
    events: Mapped[list["CaseEvent"]] = relationship(order_by="CaseEvent.seq")
    papers: Mapped[list["Paper"]] = relationship(order_by="Paper.id")


class Task(Base):
    """One step of one case, addressed to an office and a role.

    `seat_office_id` and `seat_role` say who the diagram asks; `office_id` and `role` who is asked: they
    differ when the seat has no holder (`vacant`). Whoever took one of the steps `separate_from` must not take it; of
    advice, nor who asked for it, or in whose place (`asker_ids`). `claimed_by_id` is the holder who has taken it
    (领取), if one has. `ended_for_id` is whoever was away when a substitute ended it (代理). `ask` says why it stands
    beside the step that the diagram has come to, if it does, and `asked_from` the key of the task from which it was
    asked for. The time limit is `limit_days` working days, `due_on` its last day, `due_provisional` while it reaches
    into a year whose calendar is not loaded; `days_left` keeps the rest of the limit while the clock stands still.
    """

    __tablename__ = "task"
    __table_args__ = (
        one_of("state", TaskState),
        one_of("role", Role),
        one_of("seat_role", Role),
        one_of("ask", Ask),
        CheckConstraint(
            "(ask IS NULL) = (asked_from IS NULL)", name="who_is_asked_beside_is_asked_from_a_task"
        ),
        CheckConstraint(
            "(state IN ('done', 'cancelled')) = (ended_at IS NOT NULL)",
            name="an_ended_task_has_its_time",
        ),
        CheckConstraint(
            "state = 'done' OR ended_by_id IS NULL AND ended_for_id IS NULL",
            name="only_what_is_done_was_done_by_somebody",
        ),
        CheckConstraint(
            "(state = 'suspended') = (days_left IS NOT NULL)", name="a_suspended_task_keeps_its_days"
        ),
        UniqueConstraint("change_request_id", "key", name="one_task_per_step_and_occurrence"),
        Index(
            "ix_task_inbox",
            "office_id",
            "role",
            "due_on",
            "id",
            postgresql_include=["roster_id"],
            postgresql_where="state = 'open'",
        ),
        Index(
            "ix_task_of_rosters",
            "office_id",
            "role",
            "roster_id",
            postgresql_where="state = 'open' AND roster_id IS NOT NULL",
        ),
        Index("ix_task_vacant", "due_on", "id", postgresql_where="vacant AND state = 'open'"),
        Index("ix_task_provisional", "id", postgresql_where="due_provisional AND state = 'open'"),
        Index("ix_task_ended_by_id", "ended_by_id", "ended_at", postgresql_where="ended_by_id IS NOT NULL"),
    )

    id: Mapped[Key]
    change_request_id: Mapped[int] = mapped_column(ForeignKey("change_request.id"))
    roster_id: Mapped[int | None] = mapped_column(ForeignKey("roster.id"))
    key: Mapped[str] = mapped_column(String(120))
    step: Mapped[str] = mapped_column(String(100))
    seat: Mapped[str] = mapped_column(String(20))
    seat_office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    seat_role: Mapped[Role] = mapped_column(text_enum(Role))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    role: Mapped[Role] = mapped_column(text_enum(Role))
    vacant: Mapped[bool]
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    separate_from: Mapped[list[str]] = mapped_column(ARRAY(String(100)))
    asker_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    state: Mapped[TaskState] = mapped_column(text_enum(TaskState))
    blocking: Mapped[bool]
    opened_at: Mapped[Moment]
    limit_days: Mapped[int]
    due_on: Mapped[date]
    due_provisional: Mapped[bool]
    days_left: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[Moment | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_for_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ask: Mapped[Ask | None] = mapped_column(text_enum(Ask))
    asked_from: Mapped[str | None] = mapped_column(String(120))

    change_request: Mapped[ChangeRequest] = relationship(back_populates="tasks")
    office: Mapped[Office] = relationship(foreign_keys=[office_id])
    seat_office: Mapped[Office] = relationship(foreign_keys=[seat_office_id])
    ended_by: Mapped[Account | None] = relationship(foreign_keys=[ended_by_id])
    claimed_by: Mapped[Account | None] = relationship(foreign_keys=[claimed_by_id])


class CaseEvent(Base):
    """One entry of a case's history: the decision log and the audit trail are the same rows.

    `mac` chains the entry to the one before it under a key outside the database.
    Triggers refuse UPDATE, DELETE and TRUNCATE. Partitioned by blocks of cases: it grows for ever.
    """

    __tablename__ = "case_event"
    __table_args__ = (
        one_of("kind", EventKind),
        {"postgresql_partition_by": "RANGE (change_request_id)"},
    )

    change_request_id: Mapped[int] = mapped_column(ForeignKey("change_request.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[EventKind] = mapped_column(text_enum(EventKind))
    at: Mapped[Moment]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    role: Mapped[Role | None] = mapped_column(text_enum(Role))
    task_key: Mapped[str | None] = mapped_column(String(120))
    outcome: Mapped[str | None] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    mac: Mapped[bytes] = mapped_column(LargeBinary)

    actor: Mapped[Account | None] = relationship()
    office: Mapped[Office | None] = relationship()


class ReturnRequest(Base):
    """An open wish for correction (退回补正) that lies over the untouched token of a case.

    `items` are the papers ticked, `fields` what of the application is, `codes` what the national platform found (2001,
    2002, 2003); none of these, when the record had changed. `corrected` keeps the fields as filled in anew so far.
    """

    __tablename__ = "return_request"
    __table_args__ = (
        Index(
            "one_open_return_per_case",
            "change_request_id",
            unique=True,
            postgresql_where="resolved_at IS NULL",
        ),
        Index("ix_return_request_change_request_id", "change_request_id"),
    )

    id: Mapped[Key]
    change_request_id: Mapped[int] = mapped_column(ForeignKey("change_request.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    items: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    fields: Mapped[list[str]] = mapped_column(ARRAY(String(40)), server_default="{}")
    codes: Mapped[list[str]] = mapped_column(ARRAY(String(8)))
    corrected: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]
    resolved_at: Mapped[Moment | None]


class Paper(Base):
    """A supporting paper (证明材料); the file lies in the object store under its SHA-256."""

    __tablename__ = "paper"
    __table_args__ = (
        one_of("kind", PaperKind),
        CheckConstraint("size > 0", name="a_paper_is_not_empty"),
        Index("ix_paper_change_request_id", "change_request_id"),
    )

    id: Mapped[Key]
    change_request_id: Mapped[int] = mapped_column(ForeignKey("change_request.id"))
    kind: Mapped[PaperKind] = mapped_column(text_enum(PaperKind))
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    filename: Mapped[str] = mapped_column(String(200))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[Moment]
    replaced_at: Mapped[Moment | None]
