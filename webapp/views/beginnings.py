"""The changes that somebody may begin for a student, with the words and the addresses under which they are offered."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from models import Enrolment
from models.enums import ChangeKind, RegistryState
from webapp.labels import BEGINNINGS, RENEWAL
from webapp.services.changes.planning import KINDS
from webapp.views.addresses import beginning


@dataclass(frozen=True, slots=True)
class Beginning:
    """A change that is offered: `words` say it as the one who applies would."""

    kind: ChangeKind
    words: LazyString
    address: str


def beginnings(record: Enrolment) -> Iterator[Beginning]:
    """Yield what is offered at that school in the state of a student's record, what most look for first."""
    student, stage = record.student, record.school.stage
    order = sorted(KINDS, key=lambda kind: kind != ChangeKind.READMISSION)
    for kind in order:
        if student.state in KINDS[kind].offered_in and stage in KINDS[kind].offered_at:
            renews = kind == ChangeKind.SUSPENSION and student.state == RegistryState.SUSPENDED
            words = RENEWAL if renews else BEGINNINGS[kind]
            yield Beginning(kind, words, beginning(kind, student.id))
