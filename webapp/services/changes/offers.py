"""Which changes are offered for a student as his record stands: those that may be begun, whatever its rules say."""

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy.orm import Session

from models import Enrolment
from models.enums import ChangeKind
from webapp.services.changes.change import GOVERNING_PROCESS, ChangeNotGoverned, in_force
from webapp.services.changes.kinds.one_sided import who_begins
from webapp.services.changes.packs import rule_packs
from webapp.services.changes.planning import KINDS
from workflows.definition import Definition


def offered(session: Session, record: Enrolment, *, by_school: bool) -> list[ChangeKind]:
    """Return the kinds of change that the school, or else the family, may begin for a student as his record stands.

    Left out are those for which no diagram is in force at his school, and those that only the others begin.
    """
    try:
        _, governing = in_force(session, GOVERNING_PROCESS)
    except ChangeNotGoverned:
        return []
    packs = rule_packs(governing.decisions, record.school)
    return [
        kind
        for kind in KINDS
        if _fits(kind, record)
        and _is_governed(governing, kind, packs)
        and _may_begin(governing, kind, by_school=by_school)
    ]


def _fits(kind: ChangeKind, record: Enrolment) -> bool:
    own = KINDS[kind]
    return record.student.state in own.offered_in and record.school.stage in own.offered_at


def _is_governed(governing: Definition, kind: ChangeKind, packs: Sequence[str]) -> bool:
    """Whether a diagram may be in force; which one governs a transfer its other side decides too."""
    asked = {"kind": kind.value, "packs": tuple(packs)}
    return kind == ChangeKind.TRANSFER or governing.decisions["change_governing"].decide(asked) is not None


def _may_begin(governing: Definition, kind: ChangeKind, *, by_school: bool) -> bool:
    """Whether it is theirs to begin; where a reason is given, it depends on that, and is told of each."""
    form: type = KINDS[kind].form
    if any(field.name == "reason" for field in fields(form)):
        return True
    return who_begins(governing.decisions, kind, None) != ("family" if by_school else "school")
