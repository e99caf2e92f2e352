"""What the doctor reads of each case: its history, and all that it has set off around it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from webapp.clock import day_of
from webapp.services.audit.reading import HISTORY, TASK_COLUMNS, Found, by_case, moment
from webapp.services.doctor.timers import PATIENCE
from webapp.services.offices.addressees import CLAIM_LAPSED, MISADDRESSED

_AROUND: Mapping[str, str] = {
    "tasks": f"""
        SELECT id, {TASK_COLUMNS}, separate_from, asker_ids, claimed_by_id, ended_for_id,
               {moment("opened_at")}, limit_days, {moment("due_on")}, due_provisional, days_left,
               timer.kind AS timer, {moment("timer.due_at")}
          FROM task LEFT JOIN timer ON timer.task_id = task.id ORDER BY change_request_id
    """,  # noqa: S608 - our own text, here and below
    "lapsed_claims": f"""
        SELECT change_request_id AS case_id, id FROM task WHERE {CLAIM_LAPSED} ORDER BY change_request_id
    """,  # noqa: S608
    "totals": f"""
        SELECT change_request_id AS case_id, kind, {moment("due_at")} FROM case_timer WHERE key = ''
         ORDER BY change_request_id
    """,  # noqa: S608
    "firings": f"""
        SELECT change_request_id AS case_id, key, {moment("due_at")} FROM case_timer WHERE kind = 'fires'
         ORDER BY change_request_id
    """,  # noqa: S608
    "expiries": f"""
        SELECT change_request_id AS case_id, key, {moment("due_at")} FROM case_timer WHERE kind = 'expired'
         ORDER BY change_request_id
    """,  # noqa: S608
    "outbox": f"""
        SELECT change_request_id AS case_id, kind, task_id, {moment("created_at")}
          FROM outbox ORDER BY change_request_id
    """,  # noqa: S608
    "all_returns": f"""
        SELECT change_request_id AS case_id, id, task_id, requested_by_id, items, fields, codes, reason,
               {moment("created_at")}, {moment("resolved_at")}
          FROM return_request ORDER BY change_request_id
    """,  # noqa: S608
    "bulks": f"""
        SELECT change_request_id AS case_id, bulk_id, task.key, result, bulk_item.version, bulk.account_id,
               bulk.office_id, bulk.role, bulk.instead_of_id, bulk.outcome, bulk.opinion,
               {moment("bulk.created_at")}, {moment("runs_at")},
               coalesce(done_at, undone_at) IS NOT NULL AS ended
          FROM bulk_item JOIN bulk ON bulk.id = bulk_id JOIN task ON task.id = task_id ORDER BY change_request_id
    """,  # noqa: S608
    "notices": """
        SELECT change_request_id AS case_id, kind, task_id, bool_or(copies > 1) AS doubled,
               count(DISTINCT outbox_id) AS times,
               array_agg(DISTINCT account_id) FILTER (WHERE office_id IS NULL) AS family,
               array_agg(DISTINCT (office_id || ' ' || role)) AS posts
          FROM (SELECT change_request_id, kind, task_id, outbox_id, account_id, office_id, role, count(*) AS copies
                  FROM notice
                 GROUP BY change_request_id, kind, task_id, outbox_id, account_id, office_id, role) AS receiver
         GROUP BY change_request_id, kind, task_id ORDER BY change_request_id
    """,
    "doubled_deliveries": """
        SELECT change_request_id AS case_id, kind
          FROM delivery JOIN notice ON notice.id = notice_id AND notice.created_at = delivery.created_at
         GROUP BY change_request_id, kind, outbox_id, delivery.account_id, channel HAVING count(*) > 1
         ORDER BY change_request_id
    """,
    "applicant": f"""
        SELECT c.id AS case_id, {moment("valid_from")}, {moment("valid_to")}
          FROM change_request c JOIN guardianship g ON (g.student_id, g.account_id) = (c.student_id, c.applicant_id)
         ORDER BY c.id
    """,  # noqa: S608
    "copies": f"""
        SELECT change_request_id AS case_id, account_id, word, sent_by_id, {moment("created_at")},
               {moment("read_at")}, read_at IS NOT NULL AS was_read
          FROM copy ORDER BY change_request_id
    """,  # noqa: S608
    "late_deliveries": """
        SELECT change_request_id AS case_id, channel, count(*) AS number
          FROM delivery JOIN notice ON notice.id = notice_id AND notice.created_at = delivery.created_at
         WHERE delivery.state = 'waiting' AND due_at < :late
         GROUP BY change_request_id, channel ORDER BY change_request_id
    """,
    "messages": """
        SELECT change_request_id AS case_id, message_id::text, kind, partner, reference::text,
               direction = 'in' AND done_at IS NOT NULL AND error IS NULL AND settlement IS NULL AS took_effect
          FROM exchange_message WHERE change_request_id IS NOT NULL ORDER BY change_request_id
    """,
    "links": """
        SELECT change_request_id AS case_id, partner, reference::text FROM outside_case ORDER BY change_request_id
    """,
    "record": f"""
        SELECT c.id AS case_id, s.version, s.state, s.registry_number, e.school_id, e.grade, e.class_name,
               {moment("e.started_on")}, {moment("e.ended_on")}, e.ended_as,
               NOT EXISTS (SELECT FROM change_request later
                            WHERE later.student_id = c.student_id AND later.state = 'completed'
                              AND later.ended_at > c.ended_at) AS is_last
          FROM change_request c JOIN student s ON s.id = c.student_id LEFT JOIN enrolment e ON e.student_id = s.id
         WHERE c.state = 'completed' ORDER BY c.id
    """,  # noqa: S608
}


def _misaddressed(concerned: str) -> str:
    """Return SQL for the open tasks that `concerned` says, and whose addressee is another by now."""
    found = MISADDRESSED.format(concerned=concerned)
    return (
        f"SELECT change_request_id AS case_id, id FROM ({found}) AS misaddressed ORDER BY change_request_id"  # noqa: S608
    )


_OF_ONE: Mapping[str, TextClause] = {
    name: text(f"SELECT * FROM ({sql}) AS one WHERE case_id = :case")  # noqa: S608
    for name, sql in {**HISTORY, **_AROUND}.items()
} | {"misaddressed": text(_misaddressed("task.change_request_id = :case"))}


def all_cases(session: Session, now: datetime) -> Iterator[tuple[int, Found]]:
    """Yield each case's id with all that the doctor looks at, by stream."""
    streams = {**HISTORY, **_AROUND, "misaddressed": _misaddressed("true")}
    return by_case(session, streams, _moments(now))


def one_case(session: Session, case_id: int, now: datetime) -> Found:
    """Return the same of one case."""
    values = {"case": case_id, **_moments(now)}
    return {name: [*session.execute(statement, values)] for name, statement in _OF_ONE.items()}


def _moments(now: datetime) -> dict[str, object]:
    return {"day": day_of(now), "late": now - PATIENCE}
