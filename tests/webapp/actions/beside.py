"""The actions beside the way of a case: who takes a task, who is asked, what is said."""

from models.enums import EventKind, NoticeKind
from tests.webapp.actions.action import CHILD, CLAIM, DECIDES, OWN, SIGNATURE, Action
from tests.webapp.actions.deciding import DECIDING
from tests.webapp.actions.states import (
    AWAITED,
    BESIDE,
    CASE_OVER,
    ENDED,
    IN_REVIEW,
    NO_CASE,
    NO_TASK,
    NOBODY_MORE,
    NOT_OPEN,
    NOT_WAITING,
    STEP,
    SUBMITTED,
    TASK_IS_OPEN,
    WITH_APPLICANT,
)
from tests.webapp.actions.vocabulary import Clock, Effect, Others, Own, State, Who
from webapp.errors import CaseReturned, NoSuchCase, NotAllowed
from webapp.services.cases.answers import NothingAsked
from webapp.services.cases.bulks import NothingFits
from webapp.services.cases.claims import NotClaimed
from webapp.services.cases.urging import NobodyToUrge


def _asking(told: NoticeKind, entry: EventKind, own: Own, step: Clock) -> Effect:
    return Effect(own, Others.ASKED, step=step, told=(told,), entry=entry)


BESIDE_THE_WAY = (
    Action(
        "Claim",
        "领取",
        [Who.CLAIMANT, Who.HOLDER],
        NotAllowed,
        TASK_IS_OPEN,
        NOT_OPEN,
        Effect(entry=EventKind.CLAIMED),
        idle=[Who.CLAIMANT],
        keeps=DECIDES,
        state_first=True,
    ),
    Action(
        "Give back",
        "释放",
        [Who.HOLDER, Who.LEAD],
        NotAllowed,
        [State.CLAIMED, State.OPINION, State.COSIGNATURE],
        NOT_OPEN
        | dict.fromkeys(
            (
                State.OPEN,
                State.SCHOOLS,
                State.LAST,
                State.OVERDUE,
                State.FILING,
                State.QUESTION,
                State.SECOND_LOOK,
            ),
            NotClaimed,
        ),
        Effect(entry=EventKind.RELEASED),
        keeps=[CHILD, CLAIM],
        state_first=True,
    ),
    Action(
        "Hand over",
        "转办",
        [Who.HOLDER, Who.LEAD],
        NotAllowed,
        TASK_IS_OPEN,
        NOT_OPEN,
        Effect(told=(NoticeKind.HANDED_OVER,), entry=EventKind.HANDED_OVER),
        keeps=[CHILD, CLAIM],
        state_first=True,
    ),
    Action(
        "Send back for a second look",
        "退回上一环节",
        [Who.HOLDER],
        NotAllowed,
        STEP,
        NOBODY_MORE | NOT_WAITING,
        _asking(NoticeKind.SENT_BACK, EventKind.SENT_BACK, Own.WAITS, Clock.STANDS),
        keeps=DECIDES,
    ),
    Action(
        "Ask for an opinion",
        "加签（征求意见）",
        [Who.HOLDER],
        NotAllowed,
        STEP,
        NOBODY_MORE | NOT_WAITING,
        _asking(NoticeKind.ASKED, EventKind.ASKED, Own.STAYS, Clock.RUNS),
        keeps=DECIDES,
    ),
    Action(
        "Have it prepared",
        "委派",
        [Who.HOLDER],
        NotAllowed,
        STEP,
        NOBODY_MORE | NOT_WAITING,
        _asking(NoticeKind.ASKED, EventKind.ASKED, Own.STAYS, Clock.RUNS),
        keeps=DECIDES,
    ),
    Action(
        "Sign and have it signed too",
        "后加签",
        [Who.HOLDER],
        NotAllowed,
        STEP,
        NOBODY_MORE | NOT_WAITING,
        _asking(NoticeKind.ASKED, EventKind.SIGNED, Own.DONE, Clock.ENDS),
        keeps=DECIDES,
    ),
    Action(
        "Answer",
        "答复",
        [Who.HOLDER],
        NotAllowed,
        [State.OPINION, State.SECOND_LOOK],
        dict.fromkeys((*STEP, State.FILING, State.COSIGNATURE), NothingAsked) | NOT_WAITING,
        Effect(Own.DONE, step=Clock.ENDS, told=(NoticeKind.ANSWERED,), entry=EventKind.ANSWERED),
        {
            State.SECOND_LOOK: Effect(
                Own.DONE,
                Others.RESUME,
                step=Clock.ENDS,
                told=(NoticeKind.ANSWERED,),
                entry=EventKind.ANSWERED,
            )
        },
        keeps=DECIDES,
    ),
    Action(
        "Take a question back",
        "收回征询",
        [Who.HOLDER],
        NotAllowed,
        AWAITED,
        NO_TASK
        | dict.fromkeys((*STEP, *BESIDE, State.DECIDED, State.FOLLOWED), NothingAsked)
        | dict.fromkeys(WITH_APPLICANT, CaseReturned)
        | CASE_OVER,
        Effect(Own.STAYS, Others.UNASKED, entry=EventKind.UNASKED),
        {
            State.SENT_BACK: Effect(Own.OPENS, Others.UNASKED, step=Clock.RAN, entry=EventKind.UNASKED),
            State.SIGNED: Effect(Own.OPENS, Others.UNASKED, step=Clock.RAN, entry=EventKind.UNASKED),
        },
        keeps=[CHILD, CLAIM, SIGNATURE],
        state_first=True,
    ),
    Action(
        "Approve together",
        "批量通过",
        [Who.HOLDER],
        NotAllowed,
        STEP,
        {State.DRAFT: NotAllowed},
        keeps=DECIDES,
        one_word=NothingFits,
    ),
    Action(
        "Keep an opinion",
        "暂存意见",
        [Who.HOLDER],
        NotAllowed,
        TASK_IS_OPEN,
        NOT_OPEN,
        keeps=[CHILD],
    ),
    Action(
        "Comment",
        "评论",
        [Who.OFFICER],
        NotAllowed,
        SUBMITTED,
        NO_CASE,
        Effect(entry=EventKind.COMMENTED),
        keeps=[CHILD],
    ),
    Action(
        "Copy",
        "抄送",
        [Who.OFFICER],
        NotAllowed,
        SUBMITTED,
        NO_CASE,
        Effect(told=(NoticeKind.COPIED,), entry=EventKind.COPIED),
        keeps=[CHILD],
    ),
    Action(
        "Say that one has read it",
        "阅知",
        [Who.READER, Who.OFFICER],
        NotAllowed,
        SUBMITTED,
        NO_CASE,
        Effect(entry=EventKind.NOTED),
        idle=[Who.OFFICER],
    ),
    Action(
        "Urge",
        "催办",
        [Who.FAMILY, Who.OFFICER],
        NoSuchCase,
        IN_REVIEW,
        NO_CASE | dict.fromkeys((*WITH_APPLICANT, State.FILING, *ENDED), NobodyToUrge),
        Effect(told=(NoticeKind.URGED,), entry=EventKind.URGED),
        keeps=[OWN],
    ),
)

ACTIONS = (*DECIDING, *BESIDE_THE_WAY)
