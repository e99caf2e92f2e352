"""Do token and tasks stand where the decisions lead to, each open or suspended as its case is? Pure."""

from collections.abc import Iterator, Mapping

from models.enums import CaseState, TaskState
from webapp.services.audit.findings import Fault
from webapp.services.audit.replay import Difference, ended_differences, task_differences
from webapp.services.cases.history import SAID_ASIDE
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet

_CODES: Mapping[Difference, Code] = {
    Difference.EXTRA: Code.TASK_EXTRA,
    Difference.MOVED: Code.TASK_MOVED,
    Difference.MISSING: Code.TASK_MISSING,
}


def check_standing(sheet: Sheet) -> Iterator[Finding]:
    """Yield what of the case's row and its tasks is not as its decisions say."""
    case = sheet.case
    moved = sum(event.kind not in SAID_ASIDE for event in sheet.rows.events)
    if case.version < moved:
        said = f"version {case.version} is less than its {moved} entries that are more than talk"
        yield sheet.finding(Code.VERSION_BEHIND, said)
    if case.token != sheet.standing.token:
        yield sheet.finding(Code.TOKEN_DIFFERS, "its token stands elsewhere than its decisions lead to")
    for difference, key in task_differences(sheet.rows, sheet.standing):
        if difference is Difference.EXTRA and not sheet.state.is_open:
            yield sheet.finding(Code.TASK_OF_ENDED_CASE, f"waits, and the case is {case.state}", key)
        else:
            yield sheet.finding(_CODES[difference], difference, key)
    for altered, key in ended_differences(sheet.definition, sheet.rows):
        yield sheet.finding(Fault.TASK_DIFFERS, altered, key)


def check_closed(sheet: Sheet) -> Iterator[Finding]:
    """Yield which tasks that nobody has to take any more are gone: they keep who was asked, and for how long."""
    for key in sheet.openings.keys() - {task.key for task in sheet.rows.tasks} - sheet.standing.wanted.keys():
        yield sheet.finding(Code.TASK_LOST, "was opened, and is gone", key)


def check_suspension(sheet: Sheet) -> Iterator[Finding]:
    """Yield whose clock runs while the applicant supplements, and whose stands still while he does not."""
    returned = sheet.state == CaseState.RETURNED
    for task in sheet.waiting():
        wanted = sheet.standing.wanted[task.key]
        halts = wanted.is_looked_at or (returned and wanted.step.blocking)
        if halts and task.state == TaskState.OPEN:
            yield sheet.finding(
                Code.TASK_NOT_SUSPENDED, "runs on, and the case is with somebody else", task.key
            )
        elif not halts and task.state == TaskState.SUSPENDED:
            yield sheet.finding(
                Code.TASK_SUSPENDED, "stands still, and nobody is asked to supplement", task.key
            )
