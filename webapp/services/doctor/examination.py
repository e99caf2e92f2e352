"""The examination: every case against its history and all that it has set off, in one pass over the database.

One subject, one function: it takes a Sheet, runs no statement, and stands in CHECKS in the order of repair.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import CalendarYear
from models.enums import CaseState
from webapp import clock
from webapp.services.audit.case_check import CaseRows, check_case
from webapp.services.audit.findings import Fault
from webapp.services.audit.reading import Found, case_rows
from webapp.services.audit.replay import LeadsNowhereError, standing_of
from webapp.services.audit.verification import altered_processes, missing_numbers
from webapp.services.calendar.working_days import WorkingCalendar, calendar_of
from webapp.services.context import settings_of
from webapp.services.doctor.addressees import check_addressees
from webapp.services.doctor.bulks import check_bulks
from webapp.services.doctor.claims import check_claims, check_substitutes
from webapp.services.doctor.copies import check_copies
from webapp.services.doctor.deadlines import check_limits, check_past_limits
from webapp.services.doctor.exchanges import check_messages
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.firings import check_expiries, check_firings
from webapp.services.doctor.notices import check_notices, check_outbox
from webapp.services.doctor.reading import all_cases, one_case
from webapp.services.doctor.records import check_record
from webapp.services.doctor.returns import check_returns
from webapp.services.doctor.sheets import Sheet
from webapp.services.doctor.tasks import check_closed, check_standing, check_suspension
from webapp.services.doctor.timers import check_timers
from webapp.services.doctor.totals import check_total, check_total_timer
from webapp.services.papers.files import stored_size
from webapp.services.processes.versions import ProcessAltered, definition_of

CHECKS: Sequence[Callable[[Sheet], Iterator[Finding]]] = (
    check_standing,
    check_closed,
    check_returns,
    check_suspension,
    check_limits,
    check_past_limits,
    check_addressees,
    check_claims,
    check_substitutes,
    check_timers,
    check_total,
    check_total_timer,
    check_firings,
    check_expiries,
    check_outbox,
    check_bulks,
    check_notices,
    check_copies,
    check_record,
    check_messages,
)

# With these the history, or what it vouches for, is not to be trusted, and nothing can be derived from it.
UNTRUSTED = (
    Fault.ENTRY_ALTERED,
    Fault.ENTRY_MISSING,
    Fault.END_DIFFERS,
    Fault.CASE_MISSING,
    Fault.CASE_DIFFERS,
)

_STRAY_TIMERS = text("""
    SELECT task_id FROM timer WHERE NOT EXISTS (SELECT FROM task WHERE task.id = timer.task_id) ORDER BY task_id
""")
_EDITS = select(CalendarYear.year, CalendarYear.loaded_at)
_MESSAGES_OF_NO_CASE = text("""
    SELECT message_id, kind FROM exchange_message
     WHERE change_request_id IS NULL AND direction = 'in' AND kind <> 'request'
       AND done_at IS NOT NULL AND error IS NULL AND settlement IS NULL ORDER BY id
""")


@dataclass(frozen=True, slots=True)
class Examination:
    """How many cases were compared that were ever submitted, and what did not fit."""

    cases: int
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What does not fit in one case; no sheet where its history is not whole, or it was never submitted."""

    findings: Sequence[Finding]
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class Doctor:
    """Who examines: at one moment, by one calendar, with the key of the histories."""

    session: Session
    key: bytes
    calendar: WorkingCalendar
    edits: Mapping[int, datetime]
    now: datetime

    @classmethod
    def at_work(cls, session: Session) -> "Doctor":
        """Return the doctor of now."""
        edits = dict(session.execute(_EDITS).all())
        return cls(session, settings_of(session).audit_key, calendar_of(session), edits, clock.now())

    def examine(self, case_id: int) -> Diagnosis:
        """Examine one case, as it stands in the session's transaction."""
        return self.diagnose(case_id, one_case(self.session, case_id, self.now))

    def diagnose(self, case_id: int, found: Found) -> Diagnosis:
        """Return what does not fit in what was found of a case."""
        rows = case_rows(case_id, found)
        faults = [
            Finding(fault.fault, fault.where, fault.what, case_id) for fault in check_case(self.key, rows)
        ]
        if rows.case is None:
            return Diagnosis([*faults, *_of_no_case(case_id, found)])
        if any(fault.code in UNTRUSTED for fault in faults) or rows.case.state == CaseState.DRAFT:
            return Diagnosis(faults)
        return self._compare(rows, found, faults)

    def _compare(self, rows: CaseRows, found: Found, faults: Sequence[Finding]) -> Diagnosis:
        case = rows.case
        assert case is not None, "its history is whole"
        try:
            definition = definition_of(self.session, case.process_version_id, case.process)
            standing = standing_of(definition, rows)
        except ProcessAltered as altered:
            what = f"its process: {altered.facts['why']}"
            return Diagnosis([*faults, Finding(Fault.PROCESS_ALTERED, rows.name, what, rows.case_id)])
        except LeadsNowhereError as impossible:
            what = f"its decisions lead nowhere in its process: {impossible}"
            return Diagnosis([*faults, Finding(Code.LEADS_NOWHERE, rows.name, what, rows.case_id)])
        sheet = Sheet(case, rows, found, definition, standing, self.calendar, self.edits, self.now)
        return Diagnosis([*faults, *(finding for check in CHECKS for finding in check(sheet))], sheet)


def examine(session: Session, *, files: bool = False) -> Examination:
    """Compare all that stands in the database of every case; with `files` also whether its papers are stored.

    Reads one snapshot, so the session must not have begun a transaction; the application may go on working.
    """
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    doctor, cases, findings = Doctor.at_work(session), 0, [*_strays(session)]
    for case_id, found in all_cases(session, doctor.now):
        cases += any(case.state != CaseState.DRAFT for case in found["case"])
        findings += doctor.diagnose(case_id, found).findings
        if files:
            findings += _files(session, case_rows(case_id, found))
    if not cases:
        findings.append(Finding(Code.NO_CASE, "the database", "no case was ever submitted here"))
    return Examination(cases, findings)


def _strays(session: Session) -> Iterator[Finding]:
    for fault in (*missing_numbers(session), *altered_processes(session)):
        yield Finding(fault.fault, fault.where, fault.what)
    for task_id in session.scalars(_STRAY_TIMERS):
        yield Finding(Code.TIMER_OF_NO_TASK, f"timer {task_id}", "its task is gone")
    for message_id, kind in session.execute(_MESSAGES_OF_NO_CASE):
        what = "it is done without a word, and was about no case"
        yield Finding(Code.MESSAGE_OF_NO_CASE, f"message {message_id} ({kind})", what)


def _of_no_case(case_id: int, found: Found) -> Iterator[Finding]:
    for name in ("totals", "outbox", "notices", "copies", "messages", "links"):
        if found.get(name):
            what = f"there is no such case, and there are rows about it: {name}"
            yield Finding(Code.ROWS_OF_NO_CASE, f"case {case_id}", what, case_id)


def _files(session: Session, rows: CaseRows) -> Iterator[Finding]:
    for paper in rows.papers:
        size = stored_size(session, paper.sha256)
        if size is None:
            what = f"the file of its paper {paper.kind} is not stored: {paper.sha256}"
            yield Finding(Code.FILE_MISSING, rows.name, what, rows.case_id)
        elif size != paper.size:
            what = (
                f"the file of its paper {paper.kind} has {size} bytes, and not {paper.size}: {paper.sha256}"
            )
            yield Finding(Code.FILE_DIFFERS, rows.name, what, rows.case_id)
