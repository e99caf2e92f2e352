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
    EventKind,
    NoticeKind,
    Outcome,
    TaskState,
    TimerKind,
)
from models.enums.changes import (
    ChangeKind,
    FormField,
    PaperKind,
    ProofOfHospital,
    SuspensionReason,
    TransferReason,
    WithdrawalReason,
)
from models.enums.delivery import Channel, DeliveryState
from models.enums.exchange import MessageDirection, MessageKind, Trouble
from models.enums.people import IdentityType, Relation, Role, Sex
from models.enums.places import OWN_SEATS, DivisionLevel, OfficeKind, OfficeLevel, Seat, Stage
from models.enums.records import (
    AidKind,
    Conduct,
    HowTold,
    NumberKind,
    OverlayKind,
    ProposalState,
    RecordField,
    RegistryState,
    StudyForm,
)

__all__ = [
    "ADVICE",
    "AMONG_OFFICERS",
    "ASKING_NOTICES",
    "OPEN_CASE_STATES",
    "OWN_SEATS",
    "SIGNALS",
    "AidKind",
    "Ask",
    "BulkResult",
    "CaseState",
    "CaseTimerKind",
    "ChangeKind",
    "Channel",
    "Conduct",
    "DeliveryState",
    "DivisionLevel",
    "EventKind",
    "FormField",
    "HowTold",
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
    "ProofOfHospital",
    "ProposalState",
    "RecordField",
    "RegistryState",
    "Relation",
    "Role",
    "Seat",
    "Sex",
    "Stage",
    "StudyForm",
    "SuspensionReason",
    "TaskState",
    "TimerKind",
    "TransferReason",
    "Trouble",
    "WithdrawalReason",
]
