"""An application as it would go, shown before it is submitted: broken rules, missing papers, the way it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models import ChangeRequest, Paper
from models.enums import PaperKind
from webapp import clock
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases.paths import PathStep, path_of
from webapp.services.cases.totals import total_limit
from webapp.services.changes.change import Change
from webapp.services.changes.eligibility import FailedRule, WantedPaper, failed_rules, wanted_papers
from webapp.services.changes.planning import form_of, planned
from webapp.services.papers.files import current_papers


@dataclass(frozen=True, slots=True)
class Preview:
    """One draft with all that decides how it would go. `last_day` ends the time limit of the whole case (总时限)."""

    draft: ChangeRequest
    change: Change
    failed: Sequence[FailedRule]
    wanted: Sequence[WantedPaper]
    given: dict[PaperKind, Paper]
    path: Sequence[PathStep]
    last_day: date

    @property
    def missing(self) -> list[PaperKind]:
        """The required papers that are not there yet."""
        return [paper.kind for paper in self.wanted if paper.required and paper.kind not in self.given]

    @property
    def may_be_submitted(self) -> bool:
        """Whether nothing blocks and no required paper is missing."""
        return not self.missing and not any(failure.blocks for failure in self.failed)

    @property
    def steps(self) -> list[PathStep]:
        """The steps that somebody will take."""
        return [step for step in self.path if step.skipped is None]

    @property
    def skipped(self) -> list[PathStep]:
        """The steps of the diagram that this change passes by."""
        return [step for step in self.path if step.skipped is not None]


def preview_of(session: Session, draft: ChangeRequest) -> Preview:
    """Return how a draft would go if it were submitted now; raises what `planned` raises."""
    change = planned(session, draft.student_id, form_of(draft), clock.today())
    limit_days = total_limit(change.definition, change.facts())
    return Preview(
        draft=draft,
        change=change,
        failed=failed_rules(session, change),
        wanted=wanted_papers(change),
        given=given_papers(session, draft),
        path=path_of(session, change, clock.now()),
        last_day=calendar_of(session).due(clock.today(), limit_days).day,
    )


def given_papers(session: Session, case: ChangeRequest) -> dict[PaperKind, Paper]:
    """Return the papers of a case that count at present, by their kind."""
    return {paper.kind: paper for paper in current_papers(session, case.id)}


def papers_for(session: Session, draft: ChangeRequest) -> Sequence[WantedPaper]:
    """Return the closed list of papers for a draft (domain 3.1.3)."""
    return wanted_papers(planned(session, draft.student_id, form_of(draft), clock.today()))
