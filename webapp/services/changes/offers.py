"""Which changes are offered for a student as his record stands: those that may be begun, whatever its rules say."""

from collections.abc import Sequence
from typing import get_type_hints

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
    governing = _governing(session)
    if governing is None:
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


def may_begin(session: Session, kind: ChangeKind, *, by_school: bool) -> bool:
    """Return whether the school, or else the family, may begin such a change on any ground; not where none governs."""
    governing = _governing(session)
    return governing is not None and _may_begin(governing, kind, by_school=by_school)


def _governing(session: Session) -> Definition | None:
    try:
        return in_force(session, GOVERNING_PROCESS)[1]
    except ChangeNotGoverned:
        return None


def _may_begin(governing: Definition, kind: ChangeKind, *, by_school: bool) -> bool:
    grounds = [ground.value for ground in get_type_hints(KINDS[kind].form).get("reason", ())] or [None]
    others = "family" if by_school else "school"
    return any(who_begins(governing.decisions, kind, ground) != others for ground in grounds)
