"""What a step at 外省 waits for, by the last part of its id; the diagrams' documentation says so too."""

from enum import StrEnum

from models.enums import MessageKind


class Wait(StrEnum):
    """What is awaited of the other province."""

    VALIDATION = "validation"  # 校验
    DECISION = "decision"  # 对方意见
    PULL = "pull"  # 对方调档


ANSWERED = {
    MessageKind.VALIDATED: Wait.VALIDATION,
    MessageKind.REFUSED: Wait.VALIDATION,
    MessageKind.DECIDED: Wait.DECISION,
    MessageKind.PULLED: Wait.PULL,
}


def wait_at(step_id: str) -> Wait:
    """Return what a step at 外省 waits for."""
    name = step_id.rpartition("/")[2]
    return {"validation": Wait.VALIDATION, "outside_pull": Wait.PULL}.get(name, Wait.DECISION)
