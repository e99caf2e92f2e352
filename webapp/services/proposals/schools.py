"""The schools that the nightly run comes across, each with the rules by which its students' changes of a kind go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeVar

from psycopg.rows import class_row
from sqlalchemy.orm import Session

from models import Office
from models.enums import ChangeKind
from webapp.services.changes.change import GOVERNING_PROCESS, ChangeNotGoverned, in_force
from webapp.services.changes.packs import rule_packs, stage_of
from webapp.services.changes.terms import present_terms
from webapp.services.context import connection_of
from workflows.decisions import DecisionTable
from workflows.values import Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class School:
    """What rules read of a school, its present term, and the conditions of a kind that are in force there."""

    facts: Mapping[str, Value]
    term_id: int | None
    rules: DecisionTable

    def asks_for(self, facts: Mapping[str, Value]) -> bool:
        """Whether nothing stands against the change of a student with these facts."""
        hits = self.rules.hits({**self.facts, **facts})
        return not any(hit.outputs["severity"] != "warn" for hit in hits)


@dataclass(frozen=True, slots=True)
class Found:
    """A student for whom the rules ask for a change of a kind, and on which ground."""

    student_id: int
    school_id: int
    kind: ChangeKind
    reason: str


def candidates(session: Session, statement: str, of: type[T], span: Mapping[str, object]) -> list[T]:
    """Return those of a stretch of ids of whom a ground can be true at all, one of `of` each."""
    with connection_of(session).cursor(row_factory=class_row(of)) as cursor:
        return cursor.execute(statement, span).fetchall()


class Schools:
    """Reads a school once a night, however many students it has."""

    def __init__(self, session: Session, kind: ChangeKind, on: date) -> None:
        self._session, self._kind = session, kind
        self._terms = present_terms(session, on)
        self.school = cache(self._read)

    def _read(self, school_id: int) -> School | None:
        """None for a school whose students' changes of this kind nothing governs."""
        school = self._session.get_one(Office, school_id)
        try:
            _, governing = in_force(self._session, GOVERNING_PROCESS)
            packs = rule_packs(governing.decisions, school)
            chosen = governing.decisions["change_governing"].decide(
                {"kind": self._kind.value, "packs": packs}
            )
            _, definition = in_force(self._session, str(chosen["process"]) if chosen else "")
        except ChangeNotGoverned:
            return None
        facts: dict[str, Value] = {"packs": packs, "stage": stage_of(school), "side": "own"}
        rules = definition.decisions[f"{self._kind}_eligibility"]
        return School(facts, self._terms.of(school.division_code), rules)
