"""One message of each kind, as plain JSON that a test may spoil."""

import json
import uuid
from typing import Any

from webapp import clock

SCHOOL = {
    "code": "4100000001",
    "name": "嵩县第一小学",
    "division": "410325",
    "stage": "compulsory",
    "run_by": "county",
}
OTHER_SCHOOL = SCHOOL | {"code": None, "name": "合肥第一小学", "division": "340111"}
RECORD = {
    "sex": "female",
    "birth_date": "2014-05-06",
    "identity_type": "resident",
    "identity_number": "990101201405060021",
    "number_kind": "G",
    "grade": 3,
    "class_name": "1班",
    "major_code": None,
    "major_name": None,
    "schooling_years": 9,
    "study_form": "full_time",
    "entered_on": "2022-09-01",
}
BODIES: dict[str, dict[str, Any]] = {
    "request": {
        "number": "ZX2025-000001",
        "pupil": {"name": "林小禾", "registry_number": "G990101201405060021"},
        "receiving_school": SCHOOL,
        "releasing_school": OTHER_SCHOOL,
        "grade": 3,
        "reason": "household_move",
        "schooling_years": None,
        "record": None,
    },
    "validated": {"number": "ZX2025-000002"},
    "refused": {"codes": ["2001", "2003"], "about": None, "reason": ""},
    "agreed": {"office": "合肥第一中等职业学校"},
    "decided": {"outcome": "approve", "reason": "同意\n放行", "office": "合肥市教育局", "record": RECORD},
    "pulled": {"on": "2025-09-12"},
    "ended": {"how": "revoked", "reason": ""},
}


def a_message(
    kind: str = "validated", sender: str = "41", receiver: str = "34", **body: Any
) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "reference": str(uuid.uuid4()),
        "kind": kind,
        "version": 1,
        "sender": sender,
        "receiver": receiver,
        "sent_at": clock.now().isoformat(),
        "body": BODIES[kind] | body,
    }


def written(message: object) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()
