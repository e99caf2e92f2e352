"""The words for what a change request is about, how far it is, and what is told of it."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_pgettext as pgettext
from flask_babel.speaklater import LazyString

from models import enums

CASES: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    enums.CaseState: {
        enums.CaseState.DRAFT: pgettext("state of a case", "Draft"),
        enums.CaseState.IN_REVIEW: pgettext("state of a case", "In review"),
        enums.CaseState.RETURNED: pgettext("state of a case", "Returned for correction"),
        enums.CaseState.REJECTED: pgettext("state of a case", "Rejected"),
        enums.CaseState.WITHDRAWN: pgettext("state of a case", "Withdrawn by the applicant"),
        enums.CaseState.REVOKED: pgettext("state of a case", "Revoked"),
        enums.CaseState.TERMINATED: pgettext("state of a case", "Cleared by the authority"),
        enums.CaseState.COMPLETED: pgettext("state of a case", "Completed"),
    },
    enums.TaskState: {
        enums.TaskState.OPEN: pgettext("state of a task", "To do"),
        enums.TaskState.SUSPENDED: pgettext("state of a task", "Waiting for correction"),
        enums.TaskState.DONE: pgettext("state of a task", "Done"),
        enums.TaskState.CANCELLED: pgettext("state of a task", "No longer needed"),
    },
    enums.Outcome: {
        enums.Outcome.APPROVE: pgettext("decision", "Approve"),
        enums.Outcome.REJECT: pgettext("decision", "Reject"),
        enums.Outcome.RETURN: pgettext("decision", "Return for correction"),
        enums.Outcome.ACKNOWLEDGE: pgettext("decision", "File"),
        enums.Outcome.ANSWER: pgettext("decision", "Answer"),
    },
    enums.Ask: {
        enums.Ask.SECOND_LOOK: pgettext("what is asked", "Second look"),
        enums.Ask.OPINION: pgettext("what is asked", "Opinion"),
        enums.Ask.DELEGATION: pgettext("what is asked", "Prepare the decision"),
        enums.Ask.COSIGNATURE: pgettext("what is asked", "Sign after me"),
    },
    enums.EventKind: {
        enums.EventKind.OPENED: pgettext("event", "Application submitted"),
        enums.EventKind.DECIDED: pgettext("event", "Decided"),
        enums.EventKind.RETURNED: pgettext("event", "Returned for correction"),
        enums.EventKind.RESUBMITTED: pgettext("event", "Corrected and submitted again"),
        enums.EventKind.REJECTED: pgettext("event", "Rejected"),
        enums.EventKind.WITHDRAWN: pgettext("event", "Withdrawn by the applicant"),
        enums.EventKind.REVOKED: pgettext("event", "Revoked"),
        enums.EventKind.TERMINATED: pgettext("event", "Ended by the authority"),
        enums.EventKind.RECALLED: pgettext("event", "Decision taken back"),
        enums.EventKind.ASKED: pgettext("event", "Asked"),
        enums.EventKind.SENT_BACK: pgettext("event", "Sent back for a second look"),
        enums.EventKind.SIGNED: pgettext("event", "Signed, another is to sign too"),
        enums.EventKind.ANSWERED: pgettext("event", "Answered"),
        enums.EventKind.UNASKED: pgettext("event", "Question taken back"),
        enums.EventKind.URGED: pgettext("event", "Urged"),
        enums.EventKind.COMMENTED: pgettext("event", "Comment"),
        enums.EventKind.CLAIMED: pgettext("event", "Claimed"),
        enums.EventKind.RELEASED: pgettext("event", "Given back to the office"),
        enums.EventKind.HANDED_OVER: pgettext("event", "Handed over"),
        enums.EventKind.COPIED: pgettext("event", "Copied for information"),
        enums.EventKind.NOTED: pgettext("event", "Read the copy"),
        enums.EventKind.ACKNOWLEDGED: pgettext("event", "Filed"),
        enums.EventKind.FIRED: pgettext("event", "The time of the diagram has come"),
        enums.EventKind.RECORD_CONFLICT: pgettext("event", "Back to the applicant: the record had changed"),
        enums.EventKind.COMPLETED: pgettext("event", "Completed"),
        enums.EventKind.SETTLED: pgettext("event", "Settled with the other province"),
    },
    enums.NoticeKind: {
        enums.NoticeKind.SUBMITTED: pgettext("notice", "Application submitted"),
        enums.NoticeKind.ARRIVED: pgettext("notice", "Arrived at your step"),
        enums.NoticeKind.APPROVED: pgettext("notice", "Approved at a step"),
        enums.NoticeKind.READDRESSED: pgettext("notice", "With another post now"),
        enums.NoticeKind.RETURNED: pgettext("notice", "Returned for correction"),
        enums.NoticeKind.RECORD_CONFLICT: pgettext("notice", "The record changed"),
        enums.NoticeKind.RESUBMITTED: pgettext("notice", "Submitted again"),
        enums.NoticeKind.REJECTED: pgettext("notice", "Rejected"),
        enums.NoticeKind.WITHDRAWN: pgettext("notice", "Withdrawn"),
        enums.NoticeKind.REVOKED: pgettext("notice", "Revoked"),
        enums.NoticeKind.TERMINATED: pgettext("notice", "Ended by the authority"),
        enums.NoticeKind.RECALLED: pgettext("notice", "Decision taken back"),
        enums.NoticeKind.URGED: pgettext("notice", "Urged"),
        enums.NoticeKind.HANDED_OVER: pgettext("notice", "Handed over to you"),
        enums.NoticeKind.ASKED: pgettext("notice", "You are asked"),
        enums.NoticeKind.SENT_BACK: pgettext("notice", "Sent back for a second look"),
        enums.NoticeKind.ANSWERED: pgettext("notice", "Answered"),
        enums.NoticeKind.COPIED: pgettext("notice", "Copied to you"),
        enums.NoticeKind.REMINDER: pgettext("notice", "Due soon"),
        enums.NoticeKind.YELLOW: pgettext("notice", "Yellow card"),
        enums.NoticeKind.OVERDUE: pgettext("notice", "Red card: overdue"),
        enums.NoticeKind.CASE_REMINDER: pgettext("notice", "The whole case is due soon"),
        enums.NoticeKind.CASE_YELLOW: pgettext("notice", "Yellow card: the whole case is due today"),
        enums.NoticeKind.CASE_OVERDUE: pgettext("notice", "Red card: the whole case is overdue"),
        enums.NoticeKind.COMPLETED: pgettext("notice", "Completed"),
        enums.NoticeKind.CONTRADICTED: pgettext("notice", "Said otherwise by another province"),
    },
    enums.BulkResult: {
        enums.BulkResult.WAITING: pgettext("result in a bulk", "Not carried out yet"),
        enums.BulkResult.DONE: pgettext("result in a bulk", "Approved"),
        enums.BulkResult.LAPSED: pgettext("result in a bulk", "Changed meanwhile"),
        enums.BulkResult.REFUSED: pgettext("result in a bulk", "Not approved"),
        enums.BulkResult.UNDONE: pgettext("result in a bulk", "Undone"),
    },
    enums.TimerKind: {
        enums.TimerKind.REMINDER: pgettext("timer", "Reminder"),
        enums.TimerKind.YELLOW: pgettext("timer", "Yellow card"),
        enums.TimerKind.OVERDUE: pgettext("timer", "Red card"),
    },
    enums.CaseTimerKind: {
        enums.CaseTimerKind.REMINDER: pgettext("timer", "Reminder of the whole case's time limit"),
        enums.CaseTimerKind.YELLOW: pgettext("timer", "Yellow card of the whole case"),
        enums.CaseTimerKind.OVERDUE: pgettext("timer", "Red card of the whole case"),
        enums.CaseTimerKind.FIRES: pgettext("timer", "Timer of the diagram"),
        enums.CaseTimerKind.EXPIRED: pgettext("timer", "Handed back, as a step is over its limit"),
    },
}

# What was decided, as told afterwards.
DECIDED: Mapping[enums.Outcome, LazyString] = {
    enums.Outcome.APPROVE: pgettext("decided", "Approved"),
    enums.Outcome.REJECT: pgettext("decided", "Rejected"),
    enums.Outcome.RETURN: pgettext("decided", "Returned for correction"),
    enums.Outcome.ACKNOWLEDGE: pgettext("decided", "Filed"),
    enums.Outcome.ANSWER: pgettext("decided", "Answered"),
}
