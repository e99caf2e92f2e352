"""How notices reach people outside of the pages."""

from enum import StrEnum


class Channel(StrEnum):
    """On which way a notice reaches people besides the pages (送达渠道)."""

    EMAIL = "email"  # 电子邮件
    SMS = "sms"  # 短信


class DeliveryState(StrEnum):
    """What became of one notice on its way to one person (送达状态)."""

    WAITING = "waiting"  # 待发送
    SENT = "sent"  # 已发送
    GIVEN_UP = "given_up"  # 发送失败
    DROPPED = "dropped"  # 不再发送: nobody wants it, or may read it, any more
