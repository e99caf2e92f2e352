"""A change as it would go, shown before it is submitted: broken rules, wanted papers, the way it takes, its time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from sqlalchemy.orm import Session

from models import ChangeRequest, Paper
from models.enums import PaperKind
from webapp import clock
from webapp.services.calendar.working_days import Due, calendar_of
from webapp.services.cases.paths import PathStep, path_of
from webapp.services.cases.totals import total_limit
from webapp.services.changes.change import Change
from webapp.services.changes.eligibility import FailedRule, WantedPaper, failed_rules, wanted_papers
from webapp.services.changes.planning import form_of, planned
from webapp.services.papers.files import current_papers


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """All that decides how a change would go if it were submitted now.

    `limit_days` are the working days of the whole case (总时限), and `due` is when they are over.
    """

    change: Change
    failed: Sequence[FailedRule]
    wanted: Sequence[WantedPaper]
    path: Sequence[PathStep]
    limit_days: int
    due: Due

    @classmethod
    def of(cls, session: Session, change: Change, **own: Any) -> Self:  # noqa: ANN401 - what a preview keeps besides
        """Return how a change would go."""
        limit_days = total_limit(change.definition, change.facts())
        return cls(
            change=change,
            failed=failed_rules(session, change),
            wanted=wanted_papers(change),
            path=path_of(session, change, clock.now()),
            limit_days=limit_days,
            due=calendar_of(session).due(clock.today(), limit_days),
            **own,
        )

    @property
    def steps(self) -> list[PathStep]:
        """The steps that somebody will take."""
        return [step for step in self.path if step.skipped is None]

    @property
    def skipped(self) -> list[PathStep]:
        """The steps of the diagram that this change passes by."""
        return [step for step in self.path if step.skipped is not None]

    @property
    def last_day(self) -> date:
        """The day that ends the time limit of the whole case."""
        return self.due.day

    @property
    def is_blocked(self) -> bool:
        """Whether a rule stands against it that is more than a warning."""
        return any(failure.blocks for failure in self.failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview(Outlook):
    """One draft, with the papers that are there and all that decides how it would go."""

    draft: ChangeRequest
    given: dict[PaperKind, Paper]

    @property
    def missing(self) -> list[PaperKind]:
        """The required papers that are not there yet."""
        return [paper.kind for paper in self.wanted if paper.required and paper.kind not in self.given]

    @property
    def may_be_submitted(self) -> bool:
        """Whether nothing blocks and no required paper is missing."""
        return not self.missing and not self.is_blocked


def preview_of(session: Session, draft: ChangeRequest) -> Preview:
    """Return how a draft would go if it were submitted now; raises what `planned` raises."""
    change = planned(session, draft.student_id, form_of(draft), clock.today())
    return Preview.of(session, change, draft=draft, given=given_papers(session, draft))


def given_papers(session: Session, case: ChangeRequest) -> dict[PaperKind, Paper]:
    """Return the papers of a case that count at present, by their kind."""
    return {paper.kind: paper for paper in current_papers(session, case.id)}


def papers_for(session: Session, draft: ChangeRequest) -> Sequence[WantedPaper]:
    """Return the closed list of papers for a draft (domain 3.1.3)."""
    return wanted_papers(planned(session, draft.student_id, form_of(draft), clock.today()))
