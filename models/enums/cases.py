"""A change request on its way: how far it is, what is done with it, what is told of it."""

from enum import StrEnum


class CaseState(StrEnum):
    """Life cycle of a change request (申请状态): domain 3.0.1."""

    DRAFT = "draft"  # 草稿
    IN_REVIEW = "in_review"  # 核办中
    RETURNED = "returned"  # 退回补正
    REJECTED = "rejected"  # 核办不通过
    WITHDRAWN = "withdrawn"  # 申请人撤回
    REVOKED = "revoked"  # 撤销
    TERMINATED = "terminated"  # 在办业务清理
    COMPLETED = "completed"  # 已办结

    @property
    def is_open(self) -> bool:
        """True while the change is in-progress business (在办业务)."""
        return self in OPEN_CASE_STATES


OPEN_CASE_STATES = (CaseState.IN_REVIEW, CaseState.RETURNED)


class TaskState(StrEnum):
    """State of one step's task."""

    OPEN = "open"
    SUSPENDED = "suspended"  # the applicant is supplementing; the clock stands still
    DONE = "done"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What an officer may decide (审批动作): domain 3.0.4b."""

    APPROVE = "approve"  # 通过
    REJECT = "reject"  # 不通过
    RETURN = "return"  # 退回补正
    ACKNOWLEDGE = "acknowledge"  # 备案
    ANSWER = "answer"  # 答复


class Ask(StrEnum):
    """Why somebody is asked beside the step that the diagram has come to: domain 3.0.4b."""

    SECOND_LOOK = "second_look"  # 退回上一环节
    OPINION = "opinion"  # 加签（前）
    DELEGATION = "delegation"  # 委派
    COSIGNATURE = "cosignature"  # 加签（后）

    @property
    def is_advice(self) -> bool:
        """Whether whoever is asked only says something to whoever then decides."""
        return self in ADVICE


ADVICE = (Ask.OPINION, Ask.DELEGATION)


class EventKind(StrEnum):
    """What an entry of a case's history records."""

    OPENED = "opened"
    DECIDED = "decided"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    TERMINATED = "terminated"
    RECALLED = "recalled"
    ASKED = "asked"  # 加签、委派
    SENT_BACK = "sent_back"  # 退回上一环节
    SIGNED = "signed"  # 加签（后）: one has signed, another is to
    ANSWERED = "answered"
    UNASKED = "unasked"
    URGED = "urged"
    COMMENTED = "commented"
    CLAIMED = "claimed"
    RELEASED = "released"
    HANDED_OVER = "handed_over"
    COPIED = "copied"  # 抄送
    NOTED = "noted"  # 阅知: whom it was copied to has read it
    ACKNOWLEDGED = "acknowledged"
    FIRED = "fired"  # 定时到期: a timer of the diagram
    RECORD_CONFLICT = "record_conflict"
    COMPLETED = "completed"
    SETTLED = "settled"  # 与外省商定: what the two sides said otherwise


class NoticeKind(StrEnum):
    """What a notice tells (通知): domain 3.0.5."""

    SUBMITTED = "submitted"
    ARRIVED = "arrived"
    APPROVED = "approved"  # 本级已通过: others have to decide before it goes on
    READDRESSED = "readdressed"  # 改派: the holder of the seat changed
    RETURNED = "returned"
    RECORD_CONFLICT = "record_conflict"
    RESUBMITTED = "resubmitted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    TERMINATED = "terminated"
    RECALLED = "recalled"
    URGED = "urged"
    HANDED_OVER = "handed_over"
    ASKED = "asked"
    SENT_BACK = "sent_back"
    ANSWERED = "answered"
    COPIED = "copied"  # 抄送
    REMINDER = "reminder"
    YELLOW = "yellow"  # 黄牌
    OVERDUE = "overdue"  # 红牌
    CASE_REMINDER = "case_reminder"
    CASE_YELLOW = "case_yellow"
    CASE_OVERDUE = "case_overdue"  # 总时限已过
    COMPLETED = "completed"
    CONTRADICTED = "contradicted"  # 外省说法不一: somebody has to ring up


# What asks somebody to take a task: for the first time, as its seat has another holder, or as the case is back.
ASKING_NOTICES = (
    NoticeKind.ARRIVED,
    NoticeKind.READDRESSED,
    NoticeKind.RESUBMITTED,
    NoticeKind.ASKED,
    NoticeKind.SENT_BACK,
)

# What officers tell each other, and no family hears.
AMONG_OFFICERS = (
    NoticeKind.REMINDER,
    NoticeKind.YELLOW,
    NoticeKind.CASE_REMINDER,
    NoticeKind.CASE_YELLOW,
    NoticeKind.CONTRADICTED,
    NoticeKind.URGED,
    NoticeKind.HANDED_OVER,
    NoticeKind.ASKED,
    NoticeKind.SENT_BACK,
    NoticeKind.ANSWERED,
    NoticeKind.COPIED,
)


class BulkResult(StrEnum):
    """What became of one task of those that are approved together (批量审批)."""

    WAITING = "waiting"  # 待执行
    DONE = "done"  # 已通过
    LAPSED = "lapsed"  # 已失效: it, or who may decide it, changed meanwhile
    REFUSED = "refused"  # 未受理
    UNDONE = "undone"  # 已撤销


# What is said as time passes (domain 3.0.4).
SIGNALS = (
    NoticeKind.REMINDER,
    NoticeKind.YELLOW,
    NoticeKind.OVERDUE,
    NoticeKind.CASE_REMINDER,
    NoticeKind.CASE_YELLOW,
    NoticeKind.CASE_OVERDUE,
)


class TimerKind(StrEnum):
    """What a task's timer says when it falls due (domain 3.0.4), in the order of their times."""

    REMINDER = "reminder"
    YELLOW = "yellow"  # 黄牌
    OVERDUE = "overdue"  # 红牌


class CaseTimerKind(StrEnum):
    """What a timer of a whole case does when it falls due; the first three are of its total limit (总时限)."""

    REMINDER = "reminder"
    YELLOW = "yellow"  # 黄牌
    OVERDUE = "overdue"  # 红牌
    FIRES = "fires"  # 定时事件: a timer of its diagram
    EXPIRED = "expired"  # 超期退回: a step of it is over, and its packs have it handed back
