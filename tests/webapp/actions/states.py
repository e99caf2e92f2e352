"""States of a case that have a name together, and how an action is refused in them."""

from tests.webapp.actions.vocabulary import State
from webapp.errors import (
    AlreadyDecided,
    CaseEnded,
    CaseReturned,
    NoSuchCase,
    NoSuchTask,
    UnknownOutcome,
)
from webapp.services.cases.acts import AnswerAwaited
from webapp.services.cases.asks import AsksNobody
from webapp.services.cases.closings import TaskClosed

BEFORE_ENDS = (State.REJECTED, State.COMPLETED)
CUT_OFF = (State.WITHDRAWN, State.REVOKED, State.TERMINATED)
ENDED = (*BEFORE_ENDS, *CUT_OFF)
STEP = (State.OPEN, State.SCHOOLS, State.LAST, State.OVERDUE, State.CLAIMED)
BESIDE = (State.SECOND_LOOK, State.OPINION, State.COSIGNATURE)
AWAITED = (State.QUESTION, State.SENT_BACK, State.SIGNED)
DONE = (State.SIGNED, State.DECIDED, State.FOLLOWED, *BEFORE_ENDS)
TASK_IS_OPEN = (*STEP, State.FILING, State.QUESTION, *BESIDE)
WITH_APPLICANT = (State.RETURNED, State.RETURNED_TO_SCHOOL, State.RETURNED_LATE)
SCHOOL_APPLIED = (State.SCHOOLS, State.RETURNED_TO_SCHOOL)
TASK_IS_NOT = (State.SENT_BACK, *WITH_APPLICANT, *DONE, *CUT_OFF)
# In which the case is in review; a filing outlives its case.
IN_REVIEW = (*STEP, *AWAITED, *BESIDE, State.DECIDED, State.FOLLOWED)
UNDER_WAY = (*IN_REVIEW, *WITH_APPLICANT)
SUBMITTED = (*UNDER_WAY, State.FILING, *ENDED)

NO_TASK = {State.DRAFT: NoSuchTask}
NO_CASE = {State.DRAFT: NoSuchCase}
CASE_OVER = dict.fromkeys((*ENDED, State.FILING), CaseEnded)
NOT_WAITING = {
    **NO_TASK,
    **dict.fromkeys((State.QUESTION, State.SENT_BACK), AnswerAwaited),
    **dict.fromkeys(DONE, AlreadyDecided),
    **dict.fromkeys(WITH_APPLICANT, CaseReturned),
    **dict.fromkeys(CUT_OFF, TaskClosed),
}
NOT_OPEN = {**NO_TASK, **dict.fromkeys(TASK_IS_NOT, TaskClosed)}
OFFERS_NOT = dict.fromkeys((*STEP, State.FILING, *BESIDE), UnknownOutcome)
NOBODY_MORE = dict.fromkeys((State.FILING, *BESIDE), AsksNobody)

CLAIMED_STATES = (State.CLAIMED, State.OPINION, State.COSIGNATURE)
