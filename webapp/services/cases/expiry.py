"""What is done about a step that is over its limit (超期处理), by a rule row of the packs: domain 3.0.4, appendix B.

That the superior is told is not a choice. Nothing is ever approved or rejected by the passing of time.
"""

from enum import StrEnum
from functools import lru_cache

from workflows.definition import Definition

ANSWERS_REMEMBERED = 1_000


class OnExpiry(StrEnum):
    """What follows when a step is over its limit."""

    ESCALATE_ONLY = "escalate_only"  # 只上报
    AUTO_RETURN = "auto_return"  # 另退回申请人


# Of tasks that are overdue together most are under the same packs.
@lru_cache(maxsize=ANSWERS_REMEMBERED)
def on_expiry(definition: Definition, packs: tuple[str, ...]) -> OnExpiry:
    """Return what a process has done about an overdue step, where all schools stand under these packs."""
    answer = definition.decisions["on_expiry"].decide({"packs": packs})
    assert answer is not None, "the check refuses a table with a gap"
    return OnExpiry(str(answer["on_expiry"]))
