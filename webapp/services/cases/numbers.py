"""Numbers of applications (domain 4.3): kind, month, division, five digits, without gaps and never reused."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.enums import ChangeKind
from webapp.clock import SHANGHAI

# As officers abbreviate the kinds: the initials of 转学, 休学, 复学, 退学, 更正, 专业, 形式, 离校,
# 注册, 保留, 录取, 开除, 取消, 跳级, 补证, 实习.
INITIALS = {
    ChangeKind.TRANSFER: "ZX",
    ChangeKind.SUSPENSION: "XX",
    ChangeKind.READMISSION: "FX",
    ChangeKind.WITHDRAWAL: "TX",
    ChangeKind.KEY_DATA: "GZ",
    ChangeKind.MAJOR: "ZY",
    ChangeKind.STUDY_FORM: "XS",
    ChangeKind.DEPARTURE: "LX",
    ChangeKind.REGISTRATION: "ZC",
    ChangeKind.RESERVATION: "BL",
    ChangeKind.ADMISSION_END: "LQ",
    ChangeKind.EXPULSION: "KC",
    ChangeKind.CANCELLATION: "QX",
    ChangeKind.SKIP_GRADE: "TJ",
    ChangeKind.DUPLICATE_DIPLOMA: "BZ",
    ChangeKind.PLACEMENT: "SX",
}

_NEXT = text("""
    INSERT INTO number_counter (series, last_serial) VALUES (:series, 1)
    ON CONFLICT (series) DO UPDATE SET last_serial = number_counter.last_serial + 1
    RETURNING last_serial
""")


def next_case_number(session: Session, kind: ChangeKind, division_code: str, at: datetime) -> str:
    """Return the next number of the division's month, such as ZX-202509-410325-00012.

    Whoever wants the next one of the series waits for this transaction to end.
    """
    series = f"{INITIALS[kind]}-{at.astimezone(SHANGHAI):%Y%m}-{division_code}"
    return f"{series}-{session.scalar(_NEXT, {'series': series}):05d}"
