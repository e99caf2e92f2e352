"""What whoever rules the database can do to the cases of `case_histories`, in SQL."""

from tests.webapp.case_histories import COMPLETED, DEFINITION, DRAFT, FACTS, IN_REVIEW, REJECTED
from webapp.services.audit.findings import Fault
from workflows.engine import fold

AFTER_ONE = fold(DEFINITION, FACTS, [("in_school:1", "approve")]).state


def entry(case, seq, change):
    return [f"UPDATE case_event SET {change} WHERE change_request_id = {case} AND seq = {seq}"]


def case_row(case, change):
    return [f"UPDATE change_request SET {change} WHERE id = {case}"]


def task_row(case, key, change):
    return [f"UPDATE task SET {change} WHERE change_request_id = {case} AND key = '{key}'"]


def without_entry(case, seq):
    return [f"DELETE FROM case_event WHERE change_request_id = {case} AND seq = {seq}"]


def ends_at(case, seq):
    last = f"(SELECT mac FROM case_event WHERE change_request_id = {case} AND seq = {seq})"
    return case_row(case, f"event_count = {seq}, last_mac = {last}")


def without_case(case):
    tables = dict.fromkeys(("task", "paper", "case_event"), "change_request_id") | {"change_request": "id"}
    return [f"DELETE FROM {table} WHERE {column} = {case}" for table, column in tables.items()]


ENTRIES_ALTERED = {
    "an opinion": "payload = jsonb_set(payload, '{opinion}', '\"材料不全\"')",
    "a part added": "payload = payload || '{\"extra\": null}'",
    "a part removed": "payload = payload - 'opinion'",
    "a number made a fraction": "payload = jsonb_set(payload, '{pages}', '1.0')",
    "a number made text": "payload = jsonb_set(payload, '{pages}', '\"1\"')",
    "a payload made a list": "payload = '[]'",
    "an actor": "actor_id = 1",
    "an actor removed": "actor_id = NULL",
    "an office": "office_id = 1",
    "a role": "role = 'lead'",
    "a task": "task_key = 'county:1'",
    "an outcome": "outcome = 'reject'",
    "a kind": "kind = 'revoked'",
    "a time, by a microsecond": "at = at + interval '1 microsecond'",
    "a time put beyond all time": "at = 'infinity'",
    "a mac": "mac = set_byte(mac, 0, get_byte(mac, 0) # 1)",
}

HISTORIES_REARRANGED = {
    "the first entry removed": (without_entry(IN_REVIEW, 1), Fault.ENTRY_MISSING),
    "a middle entry removed": (without_entry(IN_REVIEW, 2), Fault.ENTRY_MISSING),
    "a middle entry removed and the rest moved up": (
        without_entry(IN_REVIEW, 2) + entry(IN_REVIEW, 3, "seq = 2") + ends_at(IN_REVIEW, 2),
        Fault.ENTRY_ALTERED,
    ),
    "the last entry removed": (without_entry(IN_REVIEW, 3), Fault.END_DIFFERS),
    "the last entry removed, the count lowered": (
        without_entry(IN_REVIEW, 3) + case_row(IN_REVIEW, "event_count = 2"),
        Fault.END_DIFFERS,
    ),
    "the last entry removed, the count lowered, the end mended": (
        without_entry(IN_REVIEW, 3) + ends_at(IN_REVIEW, 2),
        Fault.TASK_DIFFERS,
    ),
    "an entry inserted": (
        [
            "INSERT INTO case_event SELECT change_request_id, 4, kind, at, actor_id, office_id, role, task_key,"
            f" outcome, payload, mac FROM case_event WHERE change_request_id = {IN_REVIEW} AND seq = 3",
            *ends_at(IN_REVIEW, 4),
        ],
        Fault.ENTRY_ALTERED,
    ),
    "two entries swapped": (
        entry(IN_REVIEW, 2, "seq = 9") + entry(IN_REVIEW, 3, "seq = 2") + entry(IN_REVIEW, 9, "seq = 3"),
        Fault.ENTRY_ALTERED,
    ),
    "an entry moved to another case": (
        entry(IN_REVIEW, 3, f"change_request_id = {REJECTED}") + ends_at(REJECTED, 3) + ends_at(IN_REVIEW, 2),
        Fault.ENTRY_ALTERED,
    ),
    "the histories of two cases exchanged": (
        [
            f"UPDATE case_event SET change_request_id = {new} WHERE change_request_id = {old}"
            for old, new in ((IN_REVIEW, 9), (COMPLETED, IN_REVIEW), (9, COMPLETED))
        ],
        Fault.ENTRY_ALTERED,
    ),
    "the whole history removed": (
        [
            f"DELETE FROM case_event WHERE change_request_id = {IN_REVIEW}",
            *case_row(IN_REVIEW, "event_count = 0, last_mac = ''"),
        ],
        Fault.CASE_DIFFERS,
    ),
    "the count raised": (case_row(IN_REVIEW, "event_count = 4"), Fault.END_DIFFERS),
    "the end altered": (case_row(IN_REVIEW, "last_mac = '\\x00'"), Fault.END_DIFFERS),
    "a case removed, its entries left": (
        [f"DELETE FROM change_request WHERE id = {IN_REVIEW}"],
        Fault.CASE_MISSING,
    ),
    "a whole case removed": (without_case(IN_REVIEW), Fault.NUMBER_MISSING),
    "the last case removed": (without_case(REJECTED), Fault.NUMBER_MISSING),
}

FOUND_BY_THE_ANCHOR_ALONE = {
    "the last entry and every trace of it removed": (
        without_entry(IN_REVIEW, 3)
        + ends_at(IN_REVIEW, 2)
        + task_row(
            IN_REVIEW, "out_school:1", "state = 'open', outcome = NULL, ended_at = NULL, ended_by_id = NULL"
        )
        + [f"DELETE FROM task WHERE change_request_id = {IN_REVIEW} AND key = 'county:1'"]
        + case_row(IN_REVIEW, f"token = '\\x{AFTER_ONE.hex()}'")
    ),
    "the last case and every trace of it removed": (
        [*without_case(REJECTED), "UPDATE number_counter SET last_serial = 2 WHERE last_serial = 3"]
    ),
}

CASES_ALTERED = {
    "its state": (IN_REVIEW, "state = 'returned'"),
    "its number": (IN_REVIEW, "number = 'ZX-202509-410323-00009'"),
    "its student": (IN_REVIEW, "student_id = 9"),
    "its applicant": (IN_REVIEW, "applicant_id = 9"),
    "who handed it in": (IN_REVIEW, "applicant_ids = '{9}'"),
    "the school that applied": (IN_REVIEW, "applicant_office_id = 9"),
    "its releasing school": (IN_REVIEW, "from_school_id = 9"),
    "its receiving school": (IN_REVIEW, "to_school_id = NULL"),
    "its process": (IN_REVIEW, "process_version_id = 9"),
    "its version of the record": (IN_REVIEW, "record_version = 9"),
    "its form": (IN_REVIEW, "form = jsonb_set(form, '{grade}', '8')"),
    "a number of its form made a fraction": (IN_REVIEW, "form = jsonb_set(form, '{grade}', '7.0')"),
    "its facts": (IN_REVIEW, "facts = jsonb_set(facts, '{same_county}', 'true')"),
    "its seats": (IN_REVIEW, "seats = jsonb_set(seats, '{转入学校}', '1')"),
    "its time of application": (IN_REVIEW, "submitted_at = submitted_at - interval '1 day'"),
    "its time of completion": (COMPLETED, "ended_at = ended_at + interval '1 day'"),
    "its time of completion put beyond all time": (COMPLETED, "ended_at = 'infinity'"),
    "its rejection made a completion": (REJECTED, "state = 'completed'"),
    "a draft made a case": (
        DRAFT,
        "state = 'in_review', number = 'x', submitted_at = saved_at, limit_days = 1, due_on = '2025-09-11'",
    ),
}

TASKS_ALTERED = {
    "open, and asked of another seat": task_row(IN_REVIEW, "county:1", "seat_office_id = 1"),
    "open, and asked of another role": task_row(IN_REVIEW, "county:1", "seat_role = 'lead'"),
    "open, and removed": [f"DELETE FROM task WHERE change_request_id = {IN_REVIEW} AND key = 'county:1'"],
    "invented": task_row(COMPLETED, "county:1", "key = 'county:2'"),
    "its outcome": task_row(IN_REVIEW, "in_school:1", "outcome = 'reject'"),
    "who ended it": task_row(IN_REVIEW, "in_school:1", "ended_by_id = 1"),
    "when it was ended": task_row(IN_REVIEW, "in_school:1", "ended_at = ended_at + interval '1 second'"),
    "its name": task_row(IN_REVIEW, "in_school:1", "key = 'in_school:2'"),
    "ended, and opened again": task_row(
        IN_REVIEW, "in_school:1", "state = 'open', ended_at = NULL, ended_by_id = NULL"
    ),
    "open, and ended by nobody": task_row(IN_REVIEW, "county:1", "state = 'done', ended_at = opened_at"),
    "open, and cancelled": task_row(IN_REVIEW, "county:1", "state = 'cancelled', ended_at = opened_at"),
    "cancelled at another time": task_row(REJECTED, "out_school:1", "ended_at = opened_at"),
    "removed": [f"DELETE FROM task WHERE change_request_id = {IN_REVIEW} AND key = 'in_school:1'"],
    "its step": task_row(IN_REVIEW, "in_school:1", "step = 'out_school'"),
    "its seat": task_row(IN_REVIEW, "in_school:1", "seat = '转出学校'"),
    "ended, and of another office": task_row(IN_REVIEW, "in_school:1", "seat_office_id = seat_office_id + 1"),
    "ended, and of another role": task_row(IN_REVIEW, "in_school:1", "seat_role = 'handler'"),
    "its office": task_row(IN_REVIEW, "in_school:1", "office_id = 1"),
    "its role": task_row(IN_REVIEW, "in_school:1", "role = 'lead'"),
    "called advice": task_row(IN_REVIEW, "in_school:1", "ask = 'opinion', asked_from = 'county:1'"),
    "called a filing": task_row(IN_REVIEW, "in_school:1", "blocking = false"),
    "a filing called a decision": task_row(COMPLETED, "filing:1", "blocking = true"),
    "cancelled, and of another step": task_row(REJECTED, "out_school:1", "step = 'county'"),
    "open, and called advice": task_row(IN_REVIEW, "county:1", "ask = 'opinion', asked_from = 'in_school:1'"),
    "open, and called a filing": task_row(IN_REVIEW, "county:1", "blocking = false"),
}

TOKENS_ALTERED = {
    "set back": case_row(IN_REVIEW, f"token = '\\x{AFTER_ONE.hex()}'"),
    "made garbage": case_row(IN_REVIEW, "token = '\\x00'"),
    "of another case": case_row(
        IN_REVIEW, f"token = (SELECT token FROM change_request WHERE id = {COMPLETED})"
    ),
}

PAPERS_ALTERED = {
    "one exchanged": f"UPDATE paper SET sha256 = repeat('b', 64) WHERE change_request_id = {IN_REVIEW}",
    "one called another": f"UPDATE paper SET kind = 'job_move_proof' WHERE change_request_id = {IN_REVIEW}",
    "one said to have been replaced": f"UPDATE paper SET replaced_at = now() WHERE change_request_id = {IN_REVIEW}",
    "one removed": f"DELETE FROM paper WHERE change_request_id = {IN_REVIEW}",
    "one added": (
        "INSERT INTO paper (change_request_id, kind, sha256, media_type, size, filename, uploaded_by_id, uploaded_at)"
        " SELECT change_request_id, 'job_move_proof', sha256, media_type, size, filename, 1, uploaded_at"
        f" FROM paper WHERE change_request_id = {IN_REVIEW}"
    ),
}
