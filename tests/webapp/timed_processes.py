"""The transfer with timers drawn into its diagram: a wait in one of its flows, and one at the edge of a step."""

from datetime import datetime

from sqlalchemy import select

from models import CaseTimer, ChangeRequest
from models.enums import CaseTimerKind
from tests.webapp.changed_processes import changed
from tests.webapp.doctoring import complaints
from tests.webapp.road import Road, work_off

FLOW = 'sourceRef="in_lead" targetRef="receiving_authorities"'
LAST = 'sourceRef="common_province" targetRef="effective"'
# Of the transfer that both schools agree on, which is filed when it has ended.
TO_FILINGS = 'sourceRef="in_lead" targetRef="file_county"'
FROM_FILINGS = 'sourceRef="file_province" targetRef="closed"'
EVENT = (
    '<bpmn:intermediateCatchEvent id="wait" name="公示"><bpmn:documentation>公示期</bpmn:documentation>'
    "<bpmn:extensionElements>{waits}</bpmn:extensionElements><bpmn:timerEventDefinition>{duration}"
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    '<bpmn:sequenceFlow id="from_wait" sourceRef="wait" targetRef="{target}" />'
)
EDGE = (
    '<bpmn:boundaryEvent id="late" name="超时转交" attachedToRef="in_registrar">'
    "<bpmn:documentation>三个工作日未核对的，由主管领导核对</bpmn:documentation>"
    '<bpmn:extensionElements><xj:timer working_days="3" /></bpmn:extensionElements>'
    "<bpmn:timerEventDefinition /></bpmn:boundaryEvent>"
    '<bpmn:sequenceFlow id="from_late" sourceRef="late" targetRef="in_lead" />'
)
FIVE_DAYS = {"waits": '<xj:timer working_days="5" />', "duration": ""}
TWO_HOURS = {"waits": "", "duration": "<bpmn:timeDuration>PT2H</bpmn:timeDuration>"}


def drawn(flow: str, waits: dict[str, str], more: str = "", process: str = "transfer") -> dict[str, bytes]:
    """The transfer, or another process, with a wait in one of its flows."""
    source, target = flow.split(" ", maxsplit=1)[0], flow.split('"')[3]
    event = EVENT.format(**waits, target=target).replace(
        "<bpmn:extensionElements></bpmn:extensionElements>", ""
    )
    end = "</bpmn:process>"
    return changed(
        process, f"{process}.bpmn", (flow, f'{source} targetRef="wait"'), (end, event + more + end)
    )


def armed(road: Road, case: ChangeRequest) -> dict[str, datetime]:
    of_case = (CaseTimer.change_request_id == case.id, CaseTimer.kind == CaseTimerKind.FIRES)
    return {timer.key: timer.due_at for timer in road.session.scalars(select(CaseTimer).where(*of_case))}


def at_wait(road: Road) -> ChangeRequest:
    case = road.applied()
    road.approve(case, times=2)
    assert road.open_tasks(case) == []
    return case


def sound(road: Road, case: ChangeRequest) -> bool:
    work_off(road.session)
    assert complaints(road.session, case) == []
    return True
