"""What can befall what stands beside a case's steps, in SQL: claims, copies, who was told, who was away."""

from tests.webapp.corruptions import DONE, ELSEWHERE, FAMILY, ITS_TIMER, spoilt, the_task
from webapp.services.doctor.findings import Code

HOLDS_THE_POST = """(SELECT min(account_id) FROM membership m
                      WHERE (m.office_id, m.role) = (task.office_id, task.role)
                        AND account_id IS DISTINCT FROM claimed_by_id)"""
ITS_ARRIVAL = f"kind = 'arrived' AND office_id IS NOT NULL AND {ITS_TIMER}"
IN_BULK = "task_id IN (SELECT id FROM task WHERE change_request_id = {case})"
ITS_BULK = f"id IN (SELECT bulk_id FROM bulk_item WHERE {IN_BULK})"
ITS_COPIES = "change_request_id = {case}"

DERIVABLE_ASKED = {
    "its task said to be claimed by who holds the post": spoilt(
        Code.CLAIM_ASTRAY, by=the_task(f"claimed_by_id = {HOLDS_THE_POST}")
    ),
    "its office not told, though the family was": spoilt(
        Code.ARRIVAL_UNTOLD, by=f"DELETE FROM notice WHERE {ITS_ARRIVAL}"
    ),
    "another office told than has it": spoilt(
        Code.ARRIVAL_UNTOLD, by=f"UPDATE notice SET office_id = {ELSEWHERE} WHERE {ITS_ARRIVAL}"
    ),
    "another role told than has it": spoilt(
        Code.ARRIVAL_UNTOLD, by=f"UPDATE notice SET role = 'principal' WHERE {ITS_ARRIVAL}"
    ),
    "the family not told that it was handed in": spoilt(
        Code.BEGINNING_UNTOLD, by="DELETE FROM notice WHERE kind = 'submitted' AND change_request_id = {case}"
    ),
}

DERIVABLE_HANDED_IN_AGAIN = {
    "nobody told that it was handed in again": spoilt(
        Code.NEWS_UNTOLD, by=f"DELETE FROM notice WHERE kind = 'resubmitted' AND {ITS_COPIES}"
    ),
}

DERIVABLE_RECALLED = {
    "nobody told that it was recalled": spoilt(
        Code.NEWS_UNTOLD, by=f"DELETE FROM notice WHERE kind = 'recalled' AND {ITS_COPIES}"
    ),
}

DERIVABLE_ANSWERED = {
    "nobody told that a second look was answered": spoilt(
        Code.NEWS_UNTOLD, by=f"DELETE FROM notice WHERE kind = 'answered' AND {ITS_COPIES}"
    ),
}

LASTING_RECALLED = {
    "its task lost that the recall took away": spoilt(
        Code.TASK_LOST,
        by=tuple(
            f"{change} (SELECT id FROM task WHERE change_request_id = {{case}} AND state = 'cancelled')"
            for change in (
                "UPDATE notice SET task_id = NULL WHERE task_id IN",
                "DELETE FROM task WHERE id IN",
            )
        ),
    ),
    "its task renamed that the recall took away": spoilt(
        Code.TASK_LOST, by=the_task("key = 'in_lead:9'", "change_request_id = {case} AND state = 'cancelled'")
    ),
}

LASTING_TOLD = {
    "about to be told that it was rejected": spoilt(
        Code.TOLD_WITHOUT_CAUSE,
        by="INSERT INTO outbox (kind, change_request_id, created_at) SELECT 'rejected', {case}, now()",
    ),
    "a message about it not sent for days": spoilt(
        Code.DELIVERY_STUCK,
        by="INSERT INTO delivery (notice_id, created_at, account_id, channel, message_id, state, attempts, due_at)"
        " SELECT notice.id, notice.created_at, applicant_id, 'sms', gen_random_uuid(), 'waiting', 0, '2025-09-07'"
        " FROM notice JOIN change_request c ON c.id = change_request_id"
        " WHERE notice.kind = 'submitted' AND notice.account_id = applicant_id AND c.id = {case}",
    ),
    "nobody told of its first step": spoilt(
        Code.PAST_UNTOLD,
        by=f"DELETE FROM notice WHERE kind = 'arrived' AND task_id IN (SELECT id FROM task WHERE {DONE})",
    ),
    "the family told of nothing but the beginning": spoilt(
        Code.FAMILY_UNTOLD,
        by=f"DELETE FROM notice WHERE account_id IS NOT NULL AND kind <> 'submitted' AND {ITS_COPIES}",
    ),
}

LASTING_RESUMED = {
    "nobody told that it was returned": spoilt(
        Code.PAST_UNTOLD, by=f"DELETE FROM notice WHERE kind = 'returned' AND {ITS_COPIES}"
    ),
}

DERIVABLE_TOGETHER = {
    "said to be refused in its bulk": spoilt(
        Code.BULK_ITEM_DIFFERS,
        by=f"UPDATE bulk_item SET result = 'refused', told = '{{{{}}}}' WHERE {IN_BULK}",
    ),
    "said to be undone in its bulk": spoilt(
        Code.BULK_ITEM_DIFFERS, by=f"UPDATE bulk_item SET result = 'undone' WHERE {IN_BULK}"
    ),
    "its bulk with another opinion": spoilt(
        Code.BULK_DIFFERS, by=f"UPDATE bulk SET opinion = '不同意' WHERE {ITS_BULK}"
    ),
    "its bulk for another outcome": spoilt(
        Code.BULK_DIFFERS, by=f"UPDATE bulk SET outcome = 'reject' WHERE {ITS_BULK}"
    ),
    "its bulk sent in another post": spoilt(
        Code.BULK_DIFFERS, by=f"UPDATE bulk SET role = 'principal' WHERE {ITS_BULK}"
    ),
    "its bulk sent by another": spoilt(
        Code.BULK_DIFFERS, by=f"UPDATE bulk SET account_id = {FAMILY} WHERE {ITS_BULK}"
    ),
}

LASTING_TOGETHER = {
    "lost from its bulk": spoilt(Code.BULK_ITEM_LOST, by=f"DELETE FROM bulk_item WHERE {IN_BULK}"),
}

DERIVABLE_TO_BE_APPROVED = {
    "to be approved with others in a week": spoilt(
        Code.BULK_TIME_DIFFERS, by=f"UPDATE bulk SET runs_at = runs_at + interval '7 days' WHERE {ITS_BULK}"
    ),
}

LASTING_TO_BE_APPROVED = {
    "undone in a bulk that nobody undid": spoilt(
        Code.BULK_ITEM_ASTRAY, by=f"UPDATE bulk_item SET result = 'undone' WHERE {IN_BULK}"
    ),
    "lapsed before its time": spoilt(
        Code.BULK_ITEM_ASTRAY, by=f"UPDATE bulk_item SET result = 'lapsed', told = '{{{{}}}}' WHERE {IN_BULK}"
    ),
    "waiting to be rejected with others": spoilt(
        Code.BULK_ITEM_ASTRAY, by=f"UPDATE bulk SET outcome = 'reject' WHERE {ITS_BULK}"
    ),
    "waiting as nobody has seen it yet": spoilt(
        Code.BULK_ITEM_ASTRAY, by=f"UPDATE bulk_item SET version = 99 WHERE {IN_BULK}"
    ),
}

DERIVABLE_CLAIMED = {
    "its task claimed by a colleague of whom claimed it": spoilt(
        Code.CLAIM_ASTRAY, by=the_task(f"claimed_by_id = {HOLDS_THE_POST}")
    ),
}

DERIVABLE_STOOD_IN = {
    "who was away when his step was taken forgotten, so that he takes the next": spoilt(
        Code.ABSENTEE_DIFFERS, by=the_task("ended_for_id = NULL", DONE)
    ),
}

LASTING_COPIED = {
    "a copy said to be sent by another": spoilt(
        Code.COPY_DIFFERS, by=f"UPDATE copy SET sent_by_id = {FAMILY} WHERE {ITS_COPIES}"
    ),
    "a copy said to be sent earlier": spoilt(
        Code.COPY_DIFFERS,
        by=f"UPDATE copy SET created_at = created_at - interval '9 days' WHERE {ITS_COPIES}",
    ),
    "a copy said to be read later": spoilt(
        Code.COPY_DIFFERS, by=f"UPDATE copy SET read_at = read_at + interval '9 days' WHERE {ITS_COPIES}"
    ),
    "an urging told of that nobody sent": spoilt(
        Code.TOLD_WITHOUT_CAUSE,
        by="INSERT INTO notice (outbox_id, kind, change_request_id, account_id, created_at)"
        f" SELECT 0, 'urged', {{case}}, {FAMILY}, now()",
    ),
    "its copies lost": spoilt(Code.COPY_DIFFERS, by=f"DELETE FROM copy WHERE {ITS_COPIES}"),
    "its reader not told of its copy": spoilt(
        Code.PAST_UNTOLD, by=f"DELETE FROM notice WHERE kind = 'copied' AND {ITS_COPIES}"
    ),
    "a copy said to be unread": spoilt(
        Code.COPY_DIFFERS, by=f"UPDATE copy SET read_at = NULL WHERE {ITS_COPIES}"
    ),
    "a copy with another word": spoilt(
        Code.COPY_DIFFERS, by=f"UPDATE copy SET word = '请速办' WHERE {ITS_COPIES}"
    ),
    "an urging that the office was not told of": spoilt(
        Code.URGE_UNTOLD, by="DELETE FROM notice WHERE kind = 'urged' AND change_request_id = {case}"
    ),
}
