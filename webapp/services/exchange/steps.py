"""What a step at 外省 waits for, by the last part of its id; the diagrams' documentation says so too."""

from enum import StrEnum

from models.enums import MessageKind


class Wait(StrEnum):
    """What is awaited of the other province."""

    VALIDATION = "validation"  # 校验
    SCHOOL = "school"  # 对方学校意见
    DECISION = "decision"  # 对方意见
    PULL = "pull"  # 对方调档


_ANSWERED = {
    MessageKind.VALIDATED: Wait.VALIDATION,
    MessageKind.AGREED: Wait.SCHOOL,
    MessageKind.DECIDED: Wait.DECISION,
    MessageKind.PULLED: Wait.PULL,
}
_WAITS = {
    "validation": Wait.VALIDATION,
    "outside_school": Wait.SCHOOL,
    "outside_receiving": Wait.DECISION,
    "outside_releasing": Wait.DECISION,
    "outside_decision": Wait.DECISION,
    "outside_pull": Wait.PULL,
}
_ASKED_AT = ("validation", "outside_school", "outside_receiving")


def wait_at(step_id: str) -> Wait:
    """Return what a step at 外省 waits for; the check lets no other ids pass."""
    return _WAITS.get(_name(step_id), Wait.DECISION)


def is_known(step_id: str) -> bool:
    """Whether messages answer a step of this id."""
    return _name(step_id) in _WAITS


def is_asked_at(step_id: str) -> bool:
    """Whether the other province is asked at a step, and may find the request itself at fault (校验代码)."""
    return _name(step_id) in _ASKED_AT


def is_answered_by(step_id: str, kind: MessageKind) -> bool:
    """Whether a message of a kind answers a step at 外省."""
    return is_asked_at(step_id) if kind == MessageKind.REFUSED else _ANSWERED[kind] == wait_at(step_id)


def _name(step_id: str) -> str:
    return step_id.rpartition("/")[2]
