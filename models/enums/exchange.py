"""What is exchanged with other provinces."""

from enum import StrEnum


class MessageDirection(StrEnum):
    """Which way a message between two provinces goes."""

    OUT = "out"
    IN = "in"


class MessageKind(StrEnum):
    """What a message between two provinces says (外省往来): domain 3.1.4 V5, V7, V8."""

    REQUEST = "request"  # 请求转学
    VALIDATED = "validated"  # 校验通过
    REFUSED = "refused"  # 校验不通过, with codes
    AGREED = "agreed"  # 学校同意
    DECIDED = "decided"  # 核办结果
    PULLED = "pulled"  # 已调档
    ENDED = "ended"  # 对方已终止


class Trouble(StrEnum):
    """Why a message goes no further for now (往来受阻)."""

    NOT_CONNECTED = "not_connected"  # 未连通
    AWAY = "away"  # 对方无应答
    NOT_TAKEN = "not_taken"  # 对方未接收
    CALLED_WRONG = "called_wrong"  # 对方认为有误
    UNSAYABLE = "unsayable"  # 无法写成消息
    UNREADABLE = "unreadable"  # 无法读取
    TOO_EARLY = "too_early"  # 尚未办到这一步
    UNBELIEVABLE = "unbelievable"  # 不可能属实
    AGAINST_APPROVAL = "against_approval"  # 与已同意的相反
    AGAINST_COMPLETION = "against_completion"  # 与已办结的相反
    AGAINST_ENDING = "against_ending"  # 与已终止的相反
    ASKS_OTHERWISE = "asks_otherwise"  # 与已受理的请求不同
    FAILED = "failed"  # 处理出错
    INTERRUPTED = "interrupted"  # 处理中断: seen by its time, as nobody was left to write it down

    @property
    def is_refusal(self) -> bool:
        """True where one side takes for wrong what the other says, so that somebody has to ring up."""
        return self in REFUSALS


REFUSALS = (
    Trouble.CALLED_WRONG,
    Trouble.UNBELIEVABLE,
    Trouble.AGAINST_APPROVAL,
    Trouble.AGAINST_COMPLETION,
    Trouble.AGAINST_ENDING,
    Trouble.ASKS_OTHERWISE,
)
