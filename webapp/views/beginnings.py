"""The changes that a visitor may begin for a student, with the words and addresses under which they are offered."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from models import Enrolment
from models.enums import ChangeKind, RegistryState
from webapp.database import db
from webapp.labels import BEGINNINGS, RENEWAL
from webapp.policy import may_apply
from webapp.services.changes.offers import offered
from webapp.views.addresses import beginning
from webapp.views.visitor import current_person


@dataclass(frozen=True, slots=True)
class Beginning:
    """A change that is offered: `words` say it as the one who applies would."""

    kind: ChangeKind
    words: LazyString
    address: str


def beginnings(record: Enrolment) -> Iterator[Beginning]:
    """Yield what is offered to the visitor as a student's record stands, what most look for first."""
    student = record.student
    by_school = not may_apply(current_person(), student.id)
    kinds = offered(db.session(), record, by_school=by_school)
    for kind in sorted(kinds, key=lambda kind: kind != ChangeKind.READMISSION):
        renews = kind == ChangeKind.SUSPENSION and student.state == RegistryState.SUSPENDED
        words = RENEWAL if renews else BEGINNINGS[kind]
        yield Beginning(kind, words, beginning(kind, student.id))
