"""What is done about a step that is over its limit (超期处理), by a rule row of the packs: domain 3.0.4, appendix B.

That the superior is told is not a choice, and all that is done where no row says more. Nothing is ever approved or
rejected by the passing of time.
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
def on_expiry(
    definition: Definition, receiving_packs: tuple[str, ...], releasing_packs: tuple[str, ...]
) -> OnExpiry:
    """Return what a process has done about an overdue step, between schools under these packs."""
    packs = {"receiving_packs": receiving_packs, "releasing_packs": releasing_packs}
    answer = definition.table("on_expiry").decide(packs)
    return OnExpiry(str(answer["on_expiry"])) if answer else OnExpiry.ESCALATE_ONLY
