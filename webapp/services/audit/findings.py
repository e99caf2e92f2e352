"""What a check of the audit trail can find."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Kind of a contradiction in the audit trail."""

    ENTRY_ALTERED = "entry_altered"
    ENTRY_MISSING = "entry_missing"
    END_DIFFERS = "end_differs"
    CASE_MISSING = "case_missing"
    CASE_DIFFERS = "case_differs"
    TASK_DIFFERS = "task_differs"
    STANDING_DIFFERS = "standing_differs"
    PAPERS_DIFFER = "papers_differ"
    PROCESS_ALTERED = "process_altered"
    NUMBER_MISSING = "number_missing"
    ANCHOR_ALTERED = "anchor_altered"
    ANCHOR_MISSING = "anchor_missing"
    ANCHOR_DIFFERS = "anchor_differs"


@dataclass(frozen=True, slots=True)
class Finding:
    """One contradiction: its kind, where it is, and what it is, as an auditor reads it."""

    fault: Fault
    where: str
    what: str
