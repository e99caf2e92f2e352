"""What can be said of an action: who somebody is, in which state a case is, and what becomes of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.enums import CaseState, EventKind, NoticeKind


class Who(StrEnum):
    """What somebody is to a case or to the task at hand."""

    HOLDER = "holder of the post"
    CLAIMANT = "whoever has claimed it"
    LEAD = "lead of its office"
    DECIDER = "whoever decided it"
    APPLICANT = "whoever began it"
    FAMILY = "guardian of the student"
    SCHOOL = "registrar of the school that applied"
    REGISTRAR = "registrar where the case began"
    BUREAU = "who leads a bureau above a school of the case"
    OFFICER = "officer of a school of the case, or of a bureau above"
    READER = "whom it was copied to"


class State(StrEnum):
    """A state of the case and the task at hand."""

    DRAFT = "draft"
    OPEN = "open"
    SCHOOLS = "open, a school applied"
    LAST = "open, the last"
    OVERDUE = "open, overdue"
    CLAIMED = "claimed"
    FILING = "filing"
    QUESTION = "opinion awaited"
    SENT_BACK = "second look awaited"
    SIGNED = "second signature awaited"
    OPINION = "opinion asked"
    SECOND_LOOK = "second look asked"
    COSIGNATURE = "second signature asked"
    RETURNED = "with the applicant"
    RETURNED_TO_SCHOOL = "with the school that applied"
    RETURNED_LATE = "with the applicant after an authority decided"
    DECIDED = "decided"
    FOLLOWED = "decided, the next too"
    COMPLETED = "completed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    TERMINATED = "terminated"


class Hearer(StrEnum):
    """Who is told."""

    FAMILY = "the family"
    APPLYING = "the school that applied"
    POST = "who holds the post of its task"
    CLOSED = "who had what is closed"
    PERSON = "whom it names"
    SCHOOLS = "the registrars of both schools"


class Own(StrEnum):
    """What becomes of the task at hand."""

    NONE = "–"
    STAYS = "stays"
    DONE = "is done"
    WAITS = "waits"
    OPENS = "is open again"
    CLOSED = "is closed"


class Others(StrEnum):
    """What becomes of the other tasks."""

    STAY = "stay"
    NEXT = "the next open"
    ASKED = "who is asked gets one"
    CLOSED = "are closed"
    UNDONE = "what it led to is closed"
    UNASKED = "the question is closed"
    WAIT = "wait too"
    RESUME = "are open again"


class Clock(StrEnum):
    """What becomes of a time limit."""

    NONE = "–"
    RUNS = "runs"
    BEGINS = "begins"
    STANDS = "stands still"
    RESUMES = "runs on with the days left"
    RAN = "has run on"
    ENDS = "ends"


class Token(StrEnum):
    """What becomes of the token."""

    STAYS = "stays"
    MOVES = "moves on"
    BACK = "goes back"


@dataclass(frozen=True)
class Effect:
    """What comes of an action. `case` is the state that it leads to, none if it stays in its own."""

    own: Own = Own.STAYS
    others: Others = Others.STAY
    token: Token = Token.STAYS
    step: Clock = Clock.RUNS
    total: Clock = Clock.RUNS
    case: CaseState | None = None
    told: Collection[NoticeKind] = ()
    entry: EventKind | None = None


HEARS: Mapping[NoticeKind, Collection[Hearer]] = {
    NoticeKind.SUBMITTED: (Hearer.FAMILY, Hearer.APPLYING),
    NoticeKind.ARRIVED: (Hearer.FAMILY, Hearer.APPLYING, Hearer.POST),
    NoticeKind.COMPLETED: (Hearer.FAMILY, Hearer.SCHOOLS),
    NoticeKind.REJECTED: (Hearer.FAMILY, Hearer.SCHOOLS, Hearer.CLOSED),
    NoticeKind.RETURNED: (Hearer.FAMILY, Hearer.SCHOOLS),
    NoticeKind.RESUBMITTED: (Hearer.FAMILY, Hearer.APPLYING, Hearer.POST),
    NoticeKind.RECALLED: (Hearer.FAMILY, Hearer.APPLYING, Hearer.POST, Hearer.CLOSED),
    NoticeKind.WITHDRAWN: (Hearer.FAMILY, Hearer.SCHOOLS, Hearer.CLOSED),
    NoticeKind.REVOKED: (Hearer.FAMILY, Hearer.SCHOOLS, Hearer.CLOSED),
    NoticeKind.TERMINATED: (Hearer.FAMILY, Hearer.SCHOOLS, Hearer.CLOSED),
    NoticeKind.HANDED_OVER: (Hearer.PERSON,),
    NoticeKind.SENT_BACK: (Hearer.POST,),
    NoticeKind.ASKED: (Hearer.PERSON,),
    NoticeKind.ANSWERED: (Hearer.POST,),
    NoticeKind.COPIED: (Hearer.PERSON,),
    NoticeKind.URGED: (Hearer.POST,),
}
