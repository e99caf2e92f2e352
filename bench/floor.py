"""The floor of an approval: bare SQL that writes the same rows, and neither asks nor computes anything.

Prepared statements on one connection, one after the other or in one pipeline; tests hold its rows and its WAL
against those of the service.
"""

from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

from bench.cases import Waiting

LOCK = "SELECT version FROM change_request WHERE id = %(case)s FOR UPDATE"

CLOSE_TASK = """
UPDATE task SET state = 'done', outcome = %(outcome)s, ended_at = %(at)s, ended_by_id = %(actor_id)s
 WHERE id = %(task)s
"""

DROP_TIMER = "DELETE FROM timer WHERE task_id = %(task)s"

DROP_TOTAL = "DELETE FROM case_timer WHERE change_request_id = %(case)s"

OPEN_TASK = """
INSERT INTO task (change_request_id, key, step, seat, seat_office_id, seat_role, office_id, role, vacant,
                  separate_from, asker_ids, state, blocking, opened_at, limit_days, due_on, due_provisional)
VALUES (%(case)s, %(key)s, %(step)s, %(seat)s, %(seat_office_id)s, %(seat_role)s, %(to_office_id)s, %(to_role)s,
        %(vacant)s, %(separate_from)s, %(asker_ids)s, 'open', %(blocking)s, %(at)s, %(limit_days)s, %(due_on)s,
        %(due_provisional)s)
"""

ARM_TIMER = """
INSERT INTO timer (task_id, kind, due_at) VALUES (currval('task_id_seq'), %(timer)s, %(timer_at)s)
"""

TELL_OFFICE = """
INSERT INTO outbox (kind, change_request_id, task_id, created_at)
VALUES ('arrived', %(case)s, currval('task_id_seq'), %(at)s)
"""

TELL_FAMILY = """
INSERT INTO outbox (kind, change_request_id, task_id, created_at) VALUES ('completed', %(case)s, NULL, %(at)s)
"""

LEAVE_SCHOOL = """
UPDATE enrolment SET ended_on = %(day)s, ended_as = 'transferred_out' WHERE student_id = %(student)s
"""

JOIN_SCHOOL = """
INSERT INTO enrolment (student_id, school_id, grade, class_name, schooling_years, study_form, entered_on, started_on)
VALUES (%(student)s, %(school_id)s, %(grade)s, %(class_name)s, %(schooling_years)s, %(study_form)s,
        %(entered_on)s, %(started_on)s)
"""

ADVANCE_CASE = """
UPDATE change_request SET state = %(state)s, token = %(token)s, version = version + 1, event_count = %(seq)s,
       last_mac = %(mac)s, ended_at = %(ended_at)s
 WHERE id = %(case)s
"""

ADD_EVENT = """
INSERT INTO case_event (change_request_id, seq, kind, at, actor_id, office_id, role, task_key, outcome, payload, mac)
VALUES (%(case)s, %(seq)s, %(kind)s, %(at)s, %(actor_id)s, %(office_id)s, %(role)s, %(task_key)s, %(outcome)s,
        %(payload)s, %(mac)s)
"""

APPROVAL = (LOCK, CLOSE_TASK, DROP_TIMER, OPEN_TASK, ARM_TIMER, TELL_OFFICE, ADVANCE_CASE, ADD_EVENT)
LAST_APPROVAL = (
    LOCK,
    LEAVE_SCHOOL,
    JOIN_SCHOOL,
    CLOSE_TASK,
    DROP_TIMER,
    DROP_TOTAL,
    ADVANCE_CASE,
    ADD_EVENT,
    TELL_FAMILY,
)

# What an approval left behind, as its case stands right after it; names that would clash begin with `to_`.
LEFT_BEHIND = """
SELECT e.*, e.payload::text AS payload, c.state, c.token, c.ended_at, e.at::date AS day,
       t.key, t.step, t.seat, t.seat_office_id, t.seat_role, t.office_id AS to_office_id, t.role AS to_role,
       t.vacant, t.separate_from, t.asker_ids, t.blocking, t.limit_days, t.due_on, t.due_provisional,
       timer.kind AS timer, timer.due_at AS timer_at,
       s.school_id, s.grade, s.class_name, s.schooling_years, s.study_form, s.entered_on, s.started_on
  FROM change_request c
  JOIN case_event e ON e.change_request_id = c.id AND e.seq = c.event_count
  JOIN enrolment s ON s.student_id = c.student_id AND s.ended_on IS NULL
  LEFT JOIN task t ON t.change_request_id = c.id AND t.state = 'open'
  LEFT JOIN timer ON timer.task_id = t.id
 WHERE c.id = %(case)s
"""


class Floor:
    """Approves by writing again what the service's approvals of another case left behind: learn, then approve."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._model: dict[int, dict[str, Any]] = {}

    def learn(self, waiting: Waiting) -> None:
        """Remember what the service has just written for this task, for the same task of other cases."""
        with self.connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(LEFT_BEHIND, {"case": waiting.case_id}).fetchone()
        assert row is not None
        self._model[waiting.version] = row

    def approve(self, waiting: Waiting) -> None:
        """Approve, waiting for the database after every statement."""
        with self.connection.transaction():
            self._write(waiting)

    def approve_at_once(self, waiting: Waiting) -> None:
        """Approve, waiting for the database once."""
        with self.connection.pipeline(), self.connection.transaction():
            self._write(waiting)

    def _write(self, waiting: Waiting) -> None:
        row = self._model[waiting.version]
        values = {**row, "case": waiting.case_id, "task": waiting.task_id, "student": waiting.student_id}
        for statement in LAST_APPROVAL if row["ended_at"] else APPROVAL:
            self.connection.execute(statement, values, prepare=True)
