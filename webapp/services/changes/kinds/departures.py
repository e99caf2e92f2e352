"""What every change does by which a student leaves the registry: withdrawal, departure, expulsion, cancellation."""

from datetime import date

from models.enums import RecordField
from webapp.services.changes.change import ChangeForm
from webapp.services.context import Statement
from webapp.services.registry.record import Record, RecordChange, written

LEAVE_SCHOOL = """
UPDATE enrolment SET ended_on = %(on)s, ended_as = %(state)s WHERE id = %(enrolment)s
"""

END_SPELL = """
UPDATE suspension SET ended_on = least(ends_on, %(on)s) WHERE student_id = %(student)s AND ended_on IS NULL
"""

END_AID = """
UPDATE aid SET ended_on = %(on)s WHERE student_id = %(student)s AND ended_on IS NULL
"""


def departed(record: Record, form: ChangeForm, on: date, *beside: Statement) -> RecordChange:
    """Return that a student leaves the registry on that day, as his form says; his suspension and his aid end.

    What else is written stands `beside`.
    """
    becomes = form.becomes()
    values = {
        "student": record.student_id,
        "enrolment": record.enrolment_id,
        "state": becomes[RecordField.STATE],
        "on": on,
    }
    return written(record, becomes, (LEAVE_SCHOOL, values), (END_SPELL, values), (END_AID, values), *beside)
