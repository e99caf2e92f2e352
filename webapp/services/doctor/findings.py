"""What the doctor can find, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.services.audit.findings import Fault


class Code(StrEnum):
    """Name of something that does not fit; docs/doctor.md says of each what it means."""

    NO_CASE = "no_case"
    ROWS_OF_NO_CASE = "rows_of_no_case"
    VERSION_BEHIND = "version_behind"
    LEADS_NOWHERE = "leads_nowhere"
    TOKEN_DIFFERS = "token_differs"  # noqa: S105 - where a case stands
    TASK_MISSING = "task_missing"
    TASK_EXTRA = "task_extra"
    TASK_LOST = "task_lost"
    TASK_MOVED = "task_moved"
    TASK_OF_ENDED_CASE = "task_of_ended_case"
    TASK_SUSPENDED = "task_suspended"
    TASK_NOT_SUSPENDED = "task_not_suspended"
    RETURN_ASTRAY = "return_astray"
    RETURN_DIFFERS = "return_differs"
    RETURN_LOST = "return_lost"
    RETURN_EXTRA = "return_extra"
    OPENING_DIFFERS = "opening_differs"
    LIMIT_DIFFERS = "limit_differs"
    DUE_DIFFERS = "due_differs"
    DAYS_LEFT_DIFFER = "days_left_differ"
    SEPARATION_DIFFERS = "separation_differs"
    ADDRESSEE_DIFFERS = "addressee_differs"
    CLAIM_ASTRAY = "claim_astray"
    ABSENTEE_DIFFERS = "absentee_differs"
    TIMER_MISSING = "timer_missing"
    TIMER_LEFT = "timer_left"
    TIMER_DIFFERS = "timer_differs"
    TIMER_STUCK = "timer_stuck"
    TIMER_OF_NO_TASK = "timer_of_no_task"
    CASE_LIMIT_DIFFERS = "case_limit_differs"
    CASE_DUE_DIFFERS = "case_due_differs"
    CASE_TIMER_MISSING = "case_timer_missing"
    CASE_TIMER_DIFFERS = "case_timer_differs"
    CASE_TIMER_LEFT = "case_timer_left"
    CASE_TIMER_STUCK = "case_timer_stuck"
    FIRING_MISSING = "firing_missing"
    FIRING_DIFFERS = "firing_differs"
    FIRING_LEFT = "firing_left"
    FIRING_STUCK = "firing_stuck"
    EXPIRY_LEFT = "expiry_left"
    EXPIRY_STUCK = "expiry_stuck"
    OUTBOX_STUCK = "outbox_stuck"
    OUTBOX_OF_NO_TASK = "outbox_of_no_task"
    BULK_STUCK = "bulk_stuck"
    BULK_ITEM_LEFT = "bulk_item_left"
    BULK_ITEM_DIFFERS = "bulk_item_differs"
    BULK_ITEM_LOST = "bulk_item_lost"
    BULK_ITEM_ASTRAY = "bulk_item_astray"
    BULK_DIFFERS = "bulk_differs"
    BULK_TIME_DIFFERS = "bulk_time_differs"
    BULK_WITHOUT_EFFECT = "bulk_without_effect"
    NOTICE_DOUBLED = "notice_doubled"
    ARRIVAL_UNTOLD = "arrival_untold"
    BEGINNING_UNTOLD = "beginning_untold"
    STATE_UNTOLD = "state_untold"
    NEWS_UNTOLD = "news_untold"
    PAST_UNTOLD = "past_untold"
    FAMILY_UNTOLD = "family_untold"
    URGE_UNTOLD = "urge_untold"
    TOLD_WITHOUT_CAUSE = "told_without_cause"
    DELIVERY_STUCK = "delivery_stuck"
    COPY_DIFFERS = "copy_differs"
    ENROLMENT_NOT_ENDED = "enrolment_not_ended"
    ENROLMENT_MISSING = "enrolment_missing"
    RECORD_NOT_COUNTED = "record_not_counted"
    NUMBER_DIFFERS = "number_differs"
    RECORD_DIFFERS = "record_differs"
    MESSAGE_WITHOUT_EFFECT = "message_without_effect"
    MESSAGE_OF_NO_CASE = "message_of_no_case"
    MESSAGE_ASTRAY = "message_astray"
    LINK_OF_INNER_CASE = "link_of_inner_case"
    FILE_MISSING = "file_missing"
    FILE_DIFFERS = "file_differs"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit: its name, the case or place, the task if it is about one, and what it is."""

    code: Code | Fault
    where: str
    what: str
    case_id: int | None = None
    task_key: str | None = None

    @property
    def advice(self) -> str:
        """What to do about it."""
        return ADVICE.get(self.code, FOLLOW_THE_AUDIT)


FOLLOW_THE_AUDIT = (
    "Somebody altered what the history vouches for: follow docs/audit.md, and repair nothing before."
)
REPAIR = "Run `xueji doctor --repair --commit`: it is derived anew."
RESTORE = "Compare with a backup, restore what was altered, and find out by whom."
WORKER = "Start `xueji worker`, or read in its log what keeps it."
RING_UP = "Compare with the other province's message, and write down by hand what it said."

ADVICE: Mapping[Code | Fault, str] = {
    Code.NO_CASE: "See whether XUEJI_DATABASE_URL names the right database: an empty one is not healthy.",
    Code.ROWS_OF_NO_CASE: RESTORE,
    Code.VERSION_BEHIND: RESTORE,
    Code.LEADS_NOWHERE: "Restore the process version from a backup; or go back to the release that read it otherwise.",
    Code.TOKEN_DIFFERS: REPAIR,
    Code.TASK_MISSING: REPAIR,
    Code.TASK_EXTRA: RESTORE,
    Code.TASK_LOST: RESTORE,
    Code.TASK_MOVED: REPAIR,
    Code.TASK_OF_ENDED_CASE: REPAIR,
    Code.TASK_SUSPENDED: REPAIR,
    Code.TASK_NOT_SUSPENDED: REPAIR,
    Code.RETURN_ASTRAY: REPAIR,
    Code.RETURN_DIFFERS: REPAIR,
    Code.RETURN_LOST: REPAIR,
    Code.RETURN_EXTRA: RESTORE,
    Code.OPENING_DIFFERS: REPAIR,
    Code.LIMIT_DIFFERS: REPAIR,
    Code.DUE_DIFFERS: REPAIR,
    Code.DAYS_LEFT_DIFFER: REPAIR,
    Code.SEPARATION_DIFFERS: REPAIR,
    Code.ADDRESSEE_DIFFERS: REPAIR,
    Code.CLAIM_ASTRAY: REPAIR,
    Code.ABSENTEE_DIFFERS: REPAIR,
    Code.TIMER_MISSING: REPAIR,
    Code.TIMER_LEFT: REPAIR,
    Code.TIMER_DIFFERS: REPAIR,
    Code.TIMER_STUCK: WORKER,
    Code.TIMER_OF_NO_TASK: REPAIR,
    Code.CASE_LIMIT_DIFFERS: REPAIR,
    Code.CASE_DUE_DIFFERS: REPAIR,
    Code.CASE_TIMER_MISSING: REPAIR,
    Code.CASE_TIMER_DIFFERS: REPAIR,
    Code.CASE_TIMER_LEFT: REPAIR,
    Code.CASE_TIMER_STUCK: WORKER,
    Code.FIRING_MISSING: REPAIR,
    Code.FIRING_DIFFERS: REPAIR,
    Code.FIRING_LEFT: REPAIR,
    Code.FIRING_STUCK: WORKER,
    Code.EXPIRY_LEFT: REPAIR,
    Code.EXPIRY_STUCK: WORKER,
    Code.OUTBOX_STUCK: WORKER,
    Code.OUTBOX_OF_NO_TASK: RESTORE,
    Code.BULK_STUCK: WORKER,
    Code.BULK_ITEM_LEFT: REPAIR,
    Code.BULK_ITEM_DIFFERS: REPAIR,
    Code.BULK_ITEM_LOST: RESTORE,
    Code.BULK_ITEM_ASTRAY: RESTORE,
    Code.BULK_DIFFERS: REPAIR,
    Code.BULK_TIME_DIFFERS: REPAIR,
    Code.BULK_WITHOUT_EFFECT: RESTORE,
    Code.NOTICE_DOUBLED: "Nothing to mend: somebody read it twice. Find out what wrote it beside the worker.",
    Code.ARRIVAL_UNTOLD: REPAIR,
    Code.BEGINNING_UNTOLD: REPAIR,
    Code.STATE_UNTOLD: REPAIR,
    Code.NEWS_UNTOLD: REPAIR,
    Code.PAST_UNTOLD: "The case has gone on since: see whether anybody was left waiting, and find out what deleted it.",
    Code.FAMILY_UNTOLD: "Tell the family, or the school that applied, and find out what deleted the word to it.",
    Code.URGE_UNTOLD: "Ring up the office that has the case, and find out what deleted the word to it.",
    Code.TOLD_WITHOUT_CAUSE: "Tell whoever read it that it is not so, and find out what wrote it.",
    Code.DELIVERY_STUCK: "Start `xueji worker`, or see whether its settings name a way for these messages any more.",
    Code.COPY_DIFFERS: RESTORE,
    Code.ENROLMENT_NOT_ENDED: RESTORE,
    Code.ENROLMENT_MISSING: RESTORE,
    Code.RECORD_NOT_COUNTED: RESTORE,
    Code.NUMBER_DIFFERS: RESTORE,
    Code.RECORD_DIFFERS: RESTORE,
    Code.MESSAGE_WITHOUT_EFFECT: RING_UP,
    Code.MESSAGE_OF_NO_CASE: RING_UP,
    Code.MESSAGE_ASTRAY: RESTORE,
    Code.LINK_OF_INNER_CASE: RESTORE,
    Code.FILE_MISSING: "Restore the file from a backup of the object store, under its digest.",
    Code.FILE_DIFFERS: "Restore the file from a backup of the object store, and find out who exchanged it.",
}
