"""Are the timers of a case's diagram set as its history says, each to its time?

And is a case to be handed back only for a step that is over its limit, where its packs say so? Pure.
"""

from collections.abc import Iterator

from models.enums import CaseState
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.cases.diagram_timers import firing
from webapp.services.cases.expiry import OnExpiry, on_expiry
from webapp.services.cases.routing import engine_facts, facts_as_key
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet
from webapp.services.doctor.timers import PATIENCE


def check_firings(sheet: Sheet) -> Iterator[Finding]:
    """Yield which timers of the diagram are not set, are set to another time, are set though not armed, or stuck."""
    set_to = {timer.key: timer.due_at for timer in sheet.found["firings"]}
    if not sheet.state.is_open:
        for key in set_to:
            yield sheet.finding(Code.FIRING_LEFT, f"it is {sheet.state}, and the timer {key} is set")
        return
    if sheet.state != CaseState.IN_REVIEW:  # they stand still, and are computed as the case resumes
        return
    facts = facts_as_key(engine_facts(sheet.case.facts))
    armed = firing(sheet.definition, facts, sheet.rows.events, sheet.calendar)
    for key in sorted(armed.keys() | set_to.keys()):
        if key not in set_to:
            yield sheet.finding(Code.FIRING_MISSING, f"the timer {key} of its diagram is not set")
        elif key not in armed:
            yield sheet.finding(Code.FIRING_LEFT, f"the timer {key} is set, and its diagram has armed none")
        elif set_to[key] != armed[key]:
            yield sheet.finding(Code.FIRING_DIFFERS, f"the timer {key} fires at {armed[key]:%Y-%m-%d %H:%M}")
        elif armed[key] < sheet.now - PATIENCE:
            yield sheet.finding(Code.FIRING_STUCK, f"the timer {key} was due at {armed[key]:%Y-%m-%d %H:%M}")


def check_expiries(sheet: Sheet) -> Iterator[Finding]:
    """Yield for which steps the case waits to be handed back without a reason, or for long."""
    waiting = sheet.open_tasks() if sheet.state == CaseState.IN_REVIEW else ()
    # What is due beyond all time is found by its due date.
    dated = [task for task in waiting if task.blocking and task.due_on]
    late = {task.key for task in dated if overdue_at(task.due_on) <= sheet.now}
    for expiry in sheet.found["expiries"]:
        if expiry.key not in late or not _is_handed_back(sheet):
            what = "is not to be handed back to the applicant for being late"
            yield sheet.finding(Code.EXPIRY_LEFT, what, expiry.key)
        elif expiry.due_at < sheet.now - PATIENCE:
            what = f"was to be handed back at {expiry.due_at:%Y-%m-%d %H:%M}"
            yield sheet.finding(Code.EXPIRY_STUCK, what, expiry.key)


def _is_handed_back(sheet: Sheet) -> bool:
    return on_expiry(sheet.definition, tuple(sheet.case.facts["packs"])) == OnExpiry.AUTO_RETURN
