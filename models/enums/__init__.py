"""The closed vocabularies of the field, as enumerations.

Values are what the database, the diagrams and the scenarios hold; Chinese terms stand beside them.
"""

from models.enums.cases import (
    ADVICE,
    AMONG_OFFICERS,
    ASKING_NOTICES,
    OPEN_CASE_STATES,
    SIGNALS,
    Ask,
    BulkResult,
    CaseState,
    CaseTimerKind,
    ChangeKind,
    EventKind,
    FormField,
    NoticeKind,
    Outcome,
    PaperKind,
    TaskState,
    TimerKind,
    TransferReason,
)
from models.enums.delivery import Channel, DeliveryState
from models.enums.exchange import MessageDirection, MessageKind, Trouble
from models.enums.people import IdentityType, Relation, Role, Sex
from models.enums.places import DivisionLevel, OfficeKind, OfficeLevel, Seat, Stage
from models.enums.records import NumberKind, OverlayKind, RegistryState, StudyForm

__all__ = [
    "ADVICE",
    "AMONG_OFFICERS",
    "ASKING_NOTICES",
    "OPEN_CASE_STATES",
    "SIGNALS",
    "Ask",
    "BulkResult",
    "CaseState",
    "CaseTimerKind",
    "ChangeKind",
    "Channel",
    "DeliveryState",
    "DivisionLevel",
    "EventKind",
    "FormField",
    "IdentityType",
    "MessageDirection",
    "MessageKind",
    "NoticeKind",
    "NumberKind",
    "OfficeKind",
    "OfficeLevel",
    "Outcome",
    "OverlayKind",
    "PaperKind",
    "RegistryState",
    "Relation",
    "Role",
    "Seat",
    "Sex",
    "Stage",
    "StudyForm",
    "TaskState",
    "TimerKind",
    "TransferReason",
    "Trouble",
]
