"""What can befall the rows of a case, in SQL, and by what name the doctor calls it."""

from dataclasses import dataclass

from tests.webapp.spoilt_bulks import a_bulk
from webapp.services.audit.findings import Fault
from webapp.services.doctor.findings import Code

OPEN = "change_request_id = {case} AND state = 'open'"
HALTED = "change_request_id = {case} AND state = 'suspended'"
DONE = "change_request_id = {case} AND state = 'done'"
ITS_TIMER = f"task_id IN (SELECT id FROM task WHERE {OPEN})"
FAMILY = "(SELECT applicant_id FROM change_request WHERE id = {case})"
ELSEWHERE = "(SELECT from_school_id FROM change_request WHERE id = {case})"
LEFT = "ended_on IS NOT NULL AND student_id = (SELECT student_id FROM change_request WHERE id = {case})"
JOINED = "ended_on IS NULL AND student_id = (SELECT student_id FROM change_request WHERE id = {case})"
STUDENT = "id = (SELECT student_id FROM change_request WHERE id = {case})"
A_MESSAGE = """
    INSERT INTO exchange_message (direction, partner, province, message_id, reference, kind, change_request_id, body,
                                  sent_at, created_at, due_at, attempts, refused, done_at)
    SELECT 'in', '51', '41', gen_random_uuid(), {reference}, 'validated', {of}, '{{}}', now(), now(), now(),
           0, false, now()
"""
ITS_RETURN = "change_request_id = {case}"
A_TOTAL = "INSERT INTO case_timer SELECT {case}, '', 'overdue', now()"
LINK = "INSERT INTO outside_case SELECT {case}, '51', gen_random_uuid(), NULL, true"
ITS_REFERENCE = "(SELECT reference FROM outside_case WHERE change_request_id = {case})"


@dataclass(frozen=True)
class Corruption:
    """Statements that spoil a case, and all that the doctor then names of it."""

    statements: tuple[str, ...]
    codes: frozenset[Code | Fault]


def spoilt(*codes: Code | Fault, by: str | tuple[str, ...]) -> Corruption:
    return Corruption((by,) if isinstance(by, str) else by, frozenset(codes))


def the_case(change: str) -> str:
    return f"UPDATE change_request SET {change} WHERE id = {{case}}"


def the_task(change: str, which: str = OPEN) -> str:
    return f"UPDATE task SET {change} WHERE {which}"


def the_return(change: str) -> str:
    return f"UPDATE return_request SET {change} WHERE {ITS_RETURN}"


def the_total(later: str) -> str:
    return f"UPDATE case_timer SET due_at = due_at + {later} WHERE change_request_id = {{case}}"


def the_timer(change: str) -> str:
    return f"UPDATE timer SET {change} WHERE {ITS_TIMER}"


# What follows from the history: the doctor mends it, and the case goes on to its end.
DERIVABLE_IN_REVIEW = {
    "its token garbled": spoilt(Code.TOKEN_DIFFERS, by=the_case("token = '\\x00'")),
    "its token lost": spoilt(Code.TOKEN_DIFFERS, by=the_case("token = NULL")),
    "its task lost": spoilt(
        Code.TASK_MISSING, by=(f"DELETE FROM timer WHERE {ITS_TIMER}", f"DELETE FROM task WHERE {OPEN}")
    ),
    "its task cancelled": spoilt(
        Fault.TASK_DIFFERS,
        Code.TASK_MISSING,
        Code.TIMER_LEFT,
        by=the_task("state = 'cancelled', ended_at = now()"),
    ),
    "its task asked of another office": spoilt(
        Code.TASK_MOVED, Code.ADDRESSEE_DIFFERS, by=the_task(f"seat_office_id = {ELSEWHERE}")
    ),
    "its task asked of another role": spoilt(
        Code.TASK_MOVED, Code.ADDRESSEE_DIFFERS, by=the_task("seat_role = 'registrar'")
    ),
    "its task called another step": spoilt(Code.TASK_MOVED, by=the_task("step = 'in_registrar'")),
    "its task made a filing": spoilt(Code.TASK_MOVED, by=the_task("blocking = false")),
    "its task called advice": spoilt(Code.TASK_MOVED, by=the_task("ask = 'opinion', asked_from = key")),
    "its task called a signature beside it": spoilt(
        Code.TASK_MOVED, by=the_task("ask = 'cosignature', asked_from = key")
    ),
    "its task halted": spoilt(
        Code.TASK_SUSPENDED, Code.TIMER_LEFT, by=the_task("state = 'suspended', days_left = 3")
    ),
    "its task opened earlier": spoilt(
        Code.OPENING_DIFFERS, by=the_task("opened_at = opened_at - interval '3 days'")
    ),
    "its task opened beyond all time": spoilt(Code.OPENING_DIFFERS, by=the_task("opened_at = 'infinity'")),
    "its step of before opened earlier": spoilt(
        Code.OPENING_DIFFERS, by=the_task("opened_at = opened_at - interval '3 days'", DONE)
    ),
    "its step of before due on another day": spoilt(
        Code.DUE_DIFFERS, by=the_task("due_on = due_on - 30", DONE)
    ),
    "its step of before given more time": spoilt(
        Code.LIMIT_DIFFERS, by=the_task("limit_days = limit_days + 9", DONE)
    ),
    "its limit made longer": spoilt(Code.LIMIT_DIFFERS, by=the_task("limit_days = 99")),
    "its limit made none at all": spoilt(Code.LIMIT_DIFFERS, by=the_task("limit_days = -1")),
    "its due date moved": spoilt(Code.DUE_DIFFERS, by=the_task("due_on = due_on + 7")),
    "its due date moved beyond all time": spoilt(Code.DUE_DIFFERS, by=the_task("due_on = 'infinity'")),
    "its due date said to be provisional": spoilt(Code.DUE_DIFFERS, by=the_task("due_provisional = true")),
    "its decider of before let in": spoilt(Code.SEPARATION_DIFFERS, by=the_task("separate_from = '{{}}'")),
    "its decider let in to a step of before, should it be opened again": spoilt(
        Code.SEPARATION_DIFFERS, by=the_task("separate_from = '{{}}'", DONE)
    ),
    "everybody of an earlier step kept out": spoilt(
        Code.SEPARATION_DIFFERS, by=the_task("separate_from = separate_from || step")
    ),
    "its addressee another office": spoilt(Code.ADDRESSEE_DIFFERS, by=the_task(f"office_id = {ELSEWHERE}")),
    "its addressee another role": spoilt(Code.ADDRESSEE_DIFFERS, by=the_task("role = 'registrar'")),
    "its addressee said to be missing": spoilt(Code.ADDRESSEE_DIFFERS, by=the_task("vacant = true")),
    "its task claimed by the family": spoilt(Code.CLAIM_ASTRAY, by=the_task(f"claimed_by_id = {FAMILY}")),
    "its step of before said to be taken for somebody away": spoilt(
        Code.ABSENTEE_DIFFERS, by=the_task(f"ended_for_id = {FAMILY}", DONE)
    ),
    "its timer lost": spoilt(Code.TIMER_MISSING, by=f"DELETE FROM timer WHERE {ITS_TIMER}"),
    "its timer of another kind": spoilt(Code.TIMER_DIFFERS, by=the_timer("kind = 'overdue'")),
    "its timer set later": spoilt(Code.TIMER_DIFFERS, by=the_timer("due_at = due_at + interval '1 day'")),
    "its timer set beyond all time": spoilt(Code.TIMER_DIFFERS, by=the_timer("due_at = 'infinity'")),
    "a timer of a task that was decided": spoilt(
        Code.TIMER_LEFT, by=f"INSERT INTO timer SELECT id, 'overdue', now() FROM task WHERE {DONE}"
    ),
    "waiting in a bulk that was carried out": spoilt(Code.BULK_ITEM_LEFT, by=a_bulk("waiting")),
    "waiting in a bulk that was undone": spoilt(Code.BULK_ITEM_LEFT, by=a_bulk("waiting", ended="undone_at")),
    "its timer giving the yellow card before the reminder": spoilt(
        Code.TIMER_DIFFERS, by=the_timer("kind = 'yellow'")
    ),
    "its total made longer": spoilt(Code.CASE_LIMIT_DIFFERS, by=the_case("limit_days = 99")),
    "its total made none at all": spoilt(Code.CASE_LIMIT_DIFFERS, by=the_case("limit_days = -1")),
    "its total ending on another day": spoilt(Code.CASE_DUE_DIFFERS, by=the_case("due_on = due_on + 7")),
    "its total ending beyond all time": spoilt(Code.CASE_DUE_DIFFERS, by=the_case("due_on = 'infinity'")),
    "its total said to be provisional": spoilt(Code.CASE_DUE_DIFFERS, by=the_case("due_provisional = true")),
    "its total's timer lost": spoilt(
        Code.CASE_TIMER_MISSING, by="DELETE FROM case_timer WHERE change_request_id = {case}"
    ),
    "its total's timer set later": spoilt(Code.CASE_TIMER_DIFFERS, by=the_total("interval '1 day'")),
    "its total's timer set beyond all time": spoilt(
        Code.CASE_TIMER_DIFFERS, by=the_total("interval '200000 years'")
    ),
    "to be handed back before its time": spoilt(
        Code.EXPIRY_LEFT,
        by=f"INSERT INTO case_timer SELECT {{case}}, key, 'expired', now() FROM task WHERE {OPEN}",
    ),
    "nobody told of its task": spoilt(
        Code.ARRIVAL_UNTOLD, by=f"DELETE FROM notice WHERE kind = 'arrived' AND {ITS_TIMER}"
    ),
}

DERIVABLE_RETURNED = {
    "its task not halted": spoilt(
        Code.TASK_NOT_SUSPENDED, Code.TIMER_MISSING, by=the_task("state = 'open', days_left = NULL", HALTED)
    ),
    "more days left than there were": spoilt(Code.DAYS_LEFT_DIFFER, by=the_task("days_left = 500", HALTED)),
    "its return asked for earlier": spoilt(
        Code.RETURN_DIFFERS, by=the_return("created_at = created_at - interval '20 days'")
    ),
    "its return asked for by another": spoilt(
        Code.RETURN_DIFFERS, by=the_return(f"requested_by_id = {FAMILY}")
    ),
    "fewer days left than there were": spoilt(
        Code.DAYS_LEFT_DIFFER, by=the_task("days_left = days_left - 3", HALTED)
    ),
    "its halted task due on another day": spoilt(
        Code.DUE_DIFFERS, by=the_task("due_on = due_on - 9", HALTED)
    ),
    "its total, which stands still, ending on another day": spoilt(
        Code.CASE_DUE_DIFFERS, by=the_case("due_on = due_on - 9")
    ),
    "its total, which stands still, made longer": spoilt(
        Code.CASE_LIMIT_DIFFERS, by=the_case("limit_days = 99")
    ),
    "fewer days left than none": spoilt(Code.DAYS_LEFT_DIFFER, by=the_task("days_left = -1", HALTED)),
    "a timer of its halted task": spoilt(
        Code.TIMER_LEFT, by=f"INSERT INTO timer SELECT id, 'overdue', now() FROM task WHERE {HALTED}"
    ),
    "a timer of its total, which stands still": spoilt(Code.CASE_TIMER_LEFT, by=A_TOTAL),
    "its halted task lost": spoilt(
        Code.TASK_MISSING, Code.RETURN_ASTRAY, by=f"DELETE FROM task WHERE {HALTED}"
    ),
    "nobody told that it was returned": spoilt(
        Code.STATE_UNTOLD, by="DELETE FROM notice WHERE kind = 'returned' AND change_request_id = {case}"
    ),
}

DERIVABLE_LOOKED_AT = {
    "fewer days left than there were": spoilt(
        Code.DAYS_LEFT_DIFFER, by=the_task("days_left = days_left - 2", HALTED)
    ),
    "its halted task due on another day": spoilt(
        Code.DUE_DIFFERS, by=the_task("due_on = due_on - 9", HALTED)
    ),
    "its task not halted": spoilt(
        Code.TASK_NOT_SUSPENDED, Code.TIMER_MISSING, by=the_task("state = 'open', days_left = NULL", HALTED)
    ),
}

DERIVABLE_RESUMED = {
    "its return lost": spoilt(Code.RETURN_LOST, by=f"DELETE FROM return_request WHERE {ITS_RETURN}"),
    "its return for another reason": spoilt(Code.RETURN_DIFFERS, by=the_return("reason = '不用改了'")),
    "its return for nothing": spoilt(Code.RETURN_DIFFERS, by=the_return("items = '{{}}'")),
    "its return for a field": spoilt(Code.RETURN_DIFFERS, by=the_return("fields = '{{school}}'")),
    "its return for what was found elsewhere": spoilt(
        Code.RETURN_DIFFERS, by=the_return("codes = '{{2001}}'")
    ),
    "its return asked for earlier": spoilt(
        Code.RETURN_DIFFERS, by=the_return("created_at = created_at - interval '20 days'")
    ),
    "its return asked for before all time": spoilt(
        Code.RETURN_DIFFERS, by=the_return("created_at = '-infinity'")
    ),
    "its return settled later": spoilt(
        Code.RETURN_DIFFERS, by=the_return("resolved_at = resolved_at + interval '5 days'")
    ),
    "its return of another task": spoilt(Code.RETURN_ASTRAY, by=the_return("task_id = 999999999")),
    "its limit made none at all": spoilt(Code.LIMIT_DIFFERS, by=the_task("limit_days = -1")),
    "its limit made shorter": spoilt(Code.LIMIT_DIFFERS, by=the_task("limit_days = limit_days - 1")),
    "its total made shorter": spoilt(Code.CASE_LIMIT_DIFFERS, by=the_case("limit_days = limit_days - 1")),
    "its limit and due date lost": spoilt(
        Code.LIMIT_DIFFERS, Code.DUE_DIFFERS, by=the_task("limit_days = -1, due_on = 'infinity'")
    ),
    "its total made none at all": spoilt(Code.CASE_LIMIT_DIFFERS, by=the_case("limit_days = -1")),
    "its total ending on another day": spoilt(Code.CASE_DUE_DIFFERS, by=the_case("due_on = due_on + 7")),
    "its task halted again": spoilt(
        Code.TASK_SUSPENDED, Code.TIMER_LEFT, by=the_task("state = 'suspended', days_left = 9")
    ),
}

DERIVABLE_COMPLETED = {
    "its steps opened earlier": spoilt(
        Code.OPENING_DIFFERS, by=the_task("opened_at = opened_at - interval '3 days'", DONE)
    ),
    "its steps due on another day": spoilt(Code.DUE_DIFFERS, by=the_task("due_on = due_on + 30", DONE)),
}

DERIVABLE_WITHDRAWN = {
    "its task open again": spoilt(
        Code.TASK_OF_ENDED_CASE,
        by=the_task("state = 'open', ended_at = NULL", "change_request_id = {case} AND state = 'cancelled'"),
    ),
    "a timer of its total": spoilt(Code.CASE_TIMER_LEFT, by=A_TOTAL),
    "nobody told that it was withdrawn": spoilt(
        Code.STATE_UNTOLD, by="DELETE FROM notice WHERE kind = 'withdrawn' AND change_request_id = {case}"
    ),
}

DERIVABLE_FILED = {
    "its filing halted": spoilt(
        Code.TASK_SUSPENDED, Code.TIMER_LEFT, by=the_task("state = 'suspended', days_left = 1")
    ),
    "its filing lost": spoilt(
        Code.TASK_MISSING, by=(f"DELETE FROM timer WHERE {ITS_TIMER}", f"DELETE FROM task WHERE {OPEN}")
    ),
    "its filing made a decision": spoilt(Code.TASK_MOVED, by=the_task("blocking = true")),
}

LASTING_IN_REVIEW = {
    "its version set back": spoilt(Code.VERSION_BEHIND, by=the_case("version = 0")),
    "its state another": spoilt(Fault.CASE_DIFFERS, by=the_case("state = 'returned'")),
    "its application put off": spoilt(
        Fault.CASE_DIFFERS, by=the_case("submitted_at = submitted_at + interval '1 day'")
    ),
    "its entries miscounted": spoilt(Fault.END_DIFFERS, by=the_case("event_count = event_count + 1")),
    "its end another": spoilt(Fault.END_DIFFERS, by=the_case("last_mac = '\\x00'")),
    "its last entry lost": spoilt(
        Fault.END_DIFFERS, by="DELETE FROM case_event WHERE change_request_id = {case} AND seq = 2"
    ),
    "its first entry lost": spoilt(
        Fault.ENTRY_MISSING,
        Fault.END_DIFFERS,
        by="DELETE FROM case_event WHERE change_request_id = {case} AND seq = 1",
    ),
    "its entry altered": spoilt(
        Fault.ENTRY_ALTERED,
        by="UPDATE case_event SET outcome = 'reject' WHERE change_request_id = {case} AND seq = 2",
    ),
    "its case lost": spoilt(
        Fault.CASE_MISSING, Code.ROWS_OF_NO_CASE, by="DELETE FROM change_request WHERE id = {case}"
    ),
    "a return that nobody asked for": spoilt(
        Code.RETURN_EXTRA,
        by="INSERT INTO return_request (change_request_id, task_id, items, codes, reason, created_at, resolved_at)"
        f" SELECT {{case}}, id, '{{{{}}}}', '{{{{}}}}', '请补正', now(), now() FROM task WHERE {OPEN}",
    ),
    "a task invented": spoilt(
        Code.TASK_EXTRA,
        by=(
            "INSERT INTO task (change_request_id, key, step, seat, seat_office_id, seat_role, office_id, role, vacant,"
            " separate_from, asker_ids, state, blocking, opened_at, limit_days, due_on, due_provisional)"
            " SELECT change_request_id, 'invented:1', step, seat, seat_office_id, seat_role, office_id, role, vacant,"
            " separate_from, asker_ids, state, blocking, opened_at, limit_days, due_on, due_provisional"
            f" FROM task WHERE {OPEN}"
        ),
    ),
    "its task done by nobody": spoilt(
        Fault.TASK_DIFFERS, Code.TIMER_LEFT, by=the_task("state = 'done', ended_at = now()")
    ),
    "its step of before called advice, so that who took it decides again": spoilt(
        Fault.TASK_DIFFERS, by=the_task("ask = 'opinion', asked_from = key", DONE)
    ),
    "its step of before made a filing": spoilt(Fault.TASK_DIFFERS, by=the_task("blocking = false", DONE)),
    "its step of before called another": spoilt(Fault.TASK_DIFFERS, by=the_task("step = 'out_lead'", DONE)),
    "its step of before taken in another office": spoilt(
        Fault.TASK_DIFFERS, by=the_task(f"office_id = {ELSEWHERE}", DONE)
    ),
    "its step of before taken in another role": spoilt(
        Fault.TASK_DIFFERS, by=the_task("role = 'lead'", DONE)
    ),
    "a paper exchanged": spoilt(
        Fault.PAPERS_DIFFER,
        by="UPDATE paper SET sha256 = repeat('b', 64) WHERE change_request_id = {case} AND kind = 'transfer_form'",
    ),
    "something to tell for hours": spoilt(
        Code.OUTBOX_STUCK,
        Code.TOLD_WITHOUT_CAUSE,
        by="INSERT INTO outbox (kind, change_request_id, created_at) SELECT 'urged', {case}, '2025-09-09'",
    ),
    "something to tell of another case's task": spoilt(
        Code.OUTBOX_OF_NO_TASK,
        Code.TOLD_WITHOUT_CAUSE,
        by="INSERT INTO outbox (kind, change_request_id, task_id, created_at)"
        " SELECT 'urged', {case}, 999999999, '2025-09-10 09:00+08'",
    ),
    "waiting for hours to be approved with others": spoilt(Code.BULK_STUCK, by=a_bulk("waiting", at="NULL")),
    "said to be approved with others": spoilt(Code.BULK_WITHOUT_EFFECT, by=a_bulk("done")),
    "somebody told twice": spoilt(
        Code.NOTICE_DOUBLED,
        by="INSERT INTO notice (outbox_id, kind, change_request_id, task_id, account_id, office_id, role, created_at)"
        " SELECT outbox_id, kind, change_request_id, task_id, account_id, office_id, role, created_at"
        f" FROM notice WHERE kind = 'arrived' AND {ITS_TIMER}",
    ),
    "somebody sent twice what reached two of his posts": spoilt(
        Code.NOTICE_DOUBLED,
        by="INSERT INTO delivery (notice_id, created_at, account_id, channel, message_id, state, attempts, due_at)"
        " SELECT notice.id, notice.created_at, applicant_id, 'email', gen_random_uuid(), 'waiting', 0, submitted_at"
        " FROM notice JOIN change_request c ON c.id = change_request_id WHERE notice.kind = 'arrived'"
        f" AND {ITS_TIMER}",
    ),
    "a link to another province": spoilt(Code.LINK_OF_INNER_CASE, by=LINK),
    "a message without effect": spoilt(
        Code.LINK_OF_INNER_CASE,
        Code.MESSAGE_WITHOUT_EFFECT,
        by=(LINK, A_MESSAGE.replace("{reference}", ITS_REFERENCE).replace("{of}", "{case}")),
    ),
    "a message of another business": spoilt(
        Code.MESSAGE_WITHOUT_EFFECT,
        Code.MESSAGE_ASTRAY,
        by=A_MESSAGE.replace("{reference}", "gen_random_uuid()").replace("{of}", "{case}"),
    ),
}

LASTING_RETURNED = {
    "its return said to be settled": spoilt(
        Fault.CASE_DIFFERS,
        by="UPDATE return_request SET resolved_at = now() WHERE change_request_id = {case}",
    ),
    "put back into review": spoilt(Fault.CASE_DIFFERS, by=the_case("state = 'in_review'")),
}

LASTING_COMPLETED = {
    "the school left on another day": spoilt(
        Code.ENROLMENT_NOT_ENDED, by=f"UPDATE enrolment SET ended_on = ended_on - 1 WHERE {LEFT}"
    ),
    "the school left otherwise": spoilt(
        Code.ENROLMENT_NOT_ENDED, by=f"UPDATE enrolment SET ended_as = 'withdrawn' WHERE {LEFT}"
    ),
    "not at the new school": spoilt(Code.ENROLMENT_MISSING, by=f"DELETE FROM enrolment WHERE {JOINED}"),
    "at the new school since another day": spoilt(
        Code.ENROLMENT_MISSING, by=f"UPDATE enrolment SET started_on = started_on - 1 WHERE {JOINED}"
    ),
    "in another grade": spoilt(
        Code.RECORD_DIFFERS, by=f"UPDATE enrolment SET grade = grade + 1 WHERE {JOINED}"
    ),
    "moved on by no case": spoilt(
        Code.RECORD_DIFFERS,
        by=(
            "UPDATE enrolment SET ended_on = started_on, ended_as = 'transferred_out', school_id = school_id"
            f" WHERE {JOINED}",
            "INSERT INTO enrolment (student_id, school_id, grade, schooling_years, study_form, entered_on, started_on)"
            f" SELECT student_id, {ELSEWHERE}, grade, schooling_years, study_form, entered_on, started_on + 1"
            f" FROM enrolment WHERE {LEFT} LIMIT 1",
        ),
    ),
    "its record not counted up": spoilt(
        Code.RECORD_NOT_COUNTED, by=f"UPDATE student SET version = 1 WHERE {STUDENT}"
    ),
    "its end put off": spoilt(Fault.CASE_DIFFERS, by=the_case("ended_at = ended_at + interval '1 day'")),
    "said to be rejected": spoilt(Fault.CASE_DIFFERS, by=the_case("state = 'rejected'")),
}
