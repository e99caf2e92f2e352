"""The changes that a visitor may begin for a student, with the words and addresses under which they are offered."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from models import Enrolment
from models.enums import ChangeKind, RegistryState
from webapp.database import db
from webapp.labels import BEGINNINGS, RENEWAL
from webapp.policy import may_apply
from webapp.services.changes.planning import KINDS, may_begin
from webapp.views.addresses import beginning
from webapp.views.visitor import current_person


@dataclass(frozen=True, slots=True)
class Beginning:
    """A change that is offered: `words` say it as the one who applies would."""

    kind: ChangeKind
    words: LazyString
    address: str


def beginnings(record: Enrolment) -> Iterator[Beginning]:
    """Yield what is offered to the visitor in the state of a student's record, what most look for first."""
    student, stage = record.student, record.school.stage
    by_school = not may_apply(current_person(), student.id)
    order = sorted(KINDS, key=lambda kind: kind != ChangeKind.READMISSION)
    for kind in order:
        offered = student.state in KINDS[kind].offered_in and stage in KINDS[kind].offered_at
        if offered and may_begin(db.session(), kind, by_school=by_school):
            renews = kind == ChangeKind.SUSPENSION and student.state == RegistryState.SUSPENDED
            words = RENEWAL if renews else BEGINNINGS[kind]
            yield Beginning(kind, words, beginning(kind, student.id))
