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
