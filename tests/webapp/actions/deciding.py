"""The actions by which a case is begun, goes on, goes back, or ends."""

from models.enums import CaseState, EventKind, NoticeKind
from tests.webapp.actions.action import CHILD, DECIDES, Action
from tests.webapp.actions.states import (
    CASE_OVER,
    ENDED,
    IN_REVIEW,
    NO_CASE,
    NO_TASK,
    NOT_WAITING,
    OFFERS_NOT,
    STEP,
    UNDER_WAY,
    WITH_APPLICANT,
)
from tests.webapp.actions.vocabulary import Clock, Effect, Others, Own, State, Token, Who
from webapp.errors import ApplicationMovedOn, CaseEnded, DecisionTaken, NoSuchCase, NotAllowed
from webapp.services.cases.recalls import NextHasActed, NothingToRecall, NotYourDecision
from webapp.services.cases.stopping import NotTheAuthority, NotWhereItBegan


def _over(state: CaseState, told: NoticeKind, entry: EventKind, own: Own = Own.CLOSED) -> Effect:
    """The case ends, whatever is open."""
    ends = {"step": Clock.ENDS, "total": Clock.ENDS}
    return Effect(own, Others.CLOSED, case=state, told=(told,), entry=entry, **ends)


_APPROVED = Effect(
    Own.DONE, Others.NEXT, Token.MOVES, Clock.ENDS, told=(NoticeKind.ARRIVED,), entry=EventKind.DECIDED
)
_LAST = Effect(
    Own.DONE,
    Others.STAY,
    Token.MOVES,
    Clock.ENDS,
    Clock.ENDS,
    CaseState.COMPLETED,
    (NoticeKind.COMPLETED,),
    EventKind.COMPLETED,
)

DECIDING = (
    Action(
        "Submit",
        "提交",
        [Who.APPLICANT],
        NoSuchCase,
        [State.DRAFT],
        {},
        Effect(
            Own.NONE,
            Others.NEXT,
            Token.MOVES,
            Clock.NONE,
            Clock.BEGINS,
            CaseState.IN_REVIEW,
            (NoticeKind.SUBMITTED, NoticeKind.ARRIVED),
            EventKind.OPENED,
        ),
    ),
    Action(
        "Approve",
        "通过",
        [Who.HOLDER],
        NotAllowed,
        [*STEP, State.COSIGNATURE],
        OFFERS_NOT | NOT_WAITING,
        _APPROVED,
        {State.LAST: _LAST},
        keeps=DECIDES,
    ),
    Action(
        "Decide as the step names it",
        "环节自定结果",
        [Who.HOLDER],
        NotAllowed,
        [State.OPEN, State.SCHOOLS, State.OVERDUE, State.CLAIMED, State.COSIGNATURE],
        OFFERS_NOT | NOT_WAITING,
        _APPROVED,
        keeps=DECIDES,
    ),
    Action(
        "Reject",
        "不通过",
        [Who.HOLDER],
        NotAllowed,
        [*STEP, State.SECOND_LOOK, State.COSIGNATURE],
        OFFERS_NOT | NOT_WAITING,
        _over(CaseState.REJECTED, NoticeKind.REJECTED, EventKind.REJECTED, Own.DONE),
        keeps=DECIDES,
    ),
    Action(
        "Acknowledge a filing",
        "备案",
        [Who.HOLDER],
        NotAllowed,
        [State.FILING],
        OFFERS_NOT | NOT_WAITING,
        Effect(Own.DONE, step=Clock.ENDS, entry=EventKind.ACKNOWLEDGED),
        keeps=DECIDES,
    ),
    Action(
        "Return for correction",
        "退回补正",
        [Who.HOLDER],
        NotAllowed,
        [*STEP, State.SECOND_LOOK, State.COSIGNATURE],
        OFFERS_NOT | NOT_WAITING,
        Effect(
            Own.WAITS,
            Others.WAIT,
            step=Clock.STANDS,
            total=Clock.STANDS,
            case=CaseState.RETURNED,
            told=(NoticeKind.RETURNED,),
            entry=EventKind.RETURNED,
        ),
        keeps=DECIDES,
    ),
    Action(
        "Hand in again",
        "重新提交",
        [Who.FAMILY, Who.SCHOOL],
        NoSuchCase,
        WITH_APPLICANT,
        NO_CASE | dict.fromkeys(IN_REVIEW, ApplicationMovedOn) | CASE_OVER,
        Effect(
            Own.OPENS,
            Others.RESUME,
            step=Clock.RESUMES,
            total=Clock.RESUMES,
            case=CaseState.IN_REVIEW,
            told=(NoticeKind.RESUBMITTED,),
            entry=EventKind.RESUBMITTED,
        ),
    ),
    Action(
        "Recall",
        "撤回（本人办理）",
        [Who.DECIDER],
        NotYourDecision,
        [State.DECIDED],
        NO_TASK
        | {State.SIGNED: NothingToRecall, State.FOLLOWED: NextHasActed}
        | dict.fromkeys(ENDED, CaseEnded),
        Effect(
            Own.OPENS,
            Others.UNDONE,
            Token.BACK,
            Clock.RAN,
            told=(NoticeKind.RECALLED,),
            entry=EventKind.RECALLED,
        ),
        keeps=[CHILD],
    ),
    Action(
        "Withdraw",
        "申请人撤回",
        [Who.FAMILY, Who.SCHOOL],
        NoSuchCase,
        [
            State.OPEN,
            State.SCHOOLS,
            State.OVERDUE,
            State.CLAIMED,
            State.QUESTION,
            State.SENT_BACK,
            State.OPINION,
            State.SECOND_LOOK,
            *WITH_APPLICANT,
        ],
        NO_CASE
        | dict.fromkeys(
            (State.LAST, State.SIGNED, State.COSIGNATURE, State.DECIDED, State.FOLLOWED),
            DecisionTaken,
        )
        | CASE_OVER,
        _over(CaseState.WITHDRAWN, NoticeKind.WITHDRAWN, EventKind.WITHDRAWN),
    ),
    Action(
        "Revoke",
        "撤销",
        [Who.REGISTRAR],
        NotWhereItBegan,
        UNDER_WAY,
        NO_CASE | CASE_OVER,
        _over(CaseState.REVOKED, NoticeKind.REVOKED, EventKind.REVOKED),
        keeps=[CHILD],
    ),
    Action(
        "Terminate",
        "在办业务清理",
        [Who.BUREAU],
        NotTheAuthority,
        UNDER_WAY,
        NO_CASE | CASE_OVER,
        _over(CaseState.TERMINATED, NoticeKind.TERMINATED, EventKind.TERMINATED),
        keeps=[CHILD],
    ),
)
