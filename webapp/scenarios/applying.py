"""`apply`: an application of any kind as its form would make it, draft, papers and submission."""

from typing import Any, Literal

from pydantic import Field

from models import ChangeRequest
from models.enums import PaperKind, Role, Seat
from webapp import clock
from webapp.policy import Person
from webapp.scenarios.strict import Kind, ScenarioError, Strict
from webapp.scenarios.world import World
from webapp.services.cases import applications
from webapp.services.changes.change import Change
from webapp.services.changes.eligibility import failed_rules, wanted_papers
from webapp.services.changes.filling import AnswerError, filled_in
from webapp.services.changes.planning import planned
from webapp.services.papers.made_up import upload_made_up_papers


class Wanted(Strict):
    """A change that is wanted; what its `form` leaves out is filled in as most families would."""

    kind: Kind
    student: str
    to: str | None = None
    form: dict[str, Any] = Field(default_factory=dict)


class Apply(Wanted):
    """An application; `papers` by default those required, `at` by default the side that starts."""

    by: Literal["guardian", "registrar"] = "guardian"
    at: Literal[Seat.RECEIVING_SCHOOL, Seat.RELEASING_SCHOOL] | None = None
    papers: tuple[PaperKind, ...] | None = None


def open_case(world: World, apply: Apply, actor: Person | None) -> ChangeRequest:
    """Apply as a form would: draft, papers, submission."""
    student, session = world.student(apply.student), world.session
    change = wanted_change(world, apply)
    form = change.form
    world.people.take_posts(change)
    world.warned = [rule for rule in failed_rules(session, change) if not rule.blocks]
    applicant = actor or _applicant(world, apply, change)
    draft = applications.save_draft(session, applicant, student.id, form)
    required = [paper.kind for paper in wanted_papers(change) if paper.required]
    upload_made_up_papers(session, applicant, draft, required if apply.papers is None else apply.papers)
    case = applications.submit(session, applicant, draft.id)
    world.add_case(apply.student, case)
    return case


def wanted_change(world: World, wanted: Wanted) -> Change:
    """Return the change as it is planned today.

    ScenarioError for an answer that its form does not ask for, or that cannot be.
    """
    student, today = world.student(wanted.student), clock.today()
    school = world.school(wanted.to) if wanted.to else None
    try:
        form = filled_in(
            world.session, wanted.kind, student.enrolments[-1], _answers(wanted.form), today, school=school
        )
    except AnswerError as error:
        raise ScenarioError(f"form: {error}") from error
    return planned(world.session, student.id, form, today)


def _answers(form: dict[str, Any]) -> dict[str, Any]:
    """Return the answers by field; of one that is to be another alone, as `{field: …, to: …}`."""
    return {form["field"]: form["to"]} if form.keys() == {"field", "to"} else form


def _applicant(world: World, apply: Apply, change: Change) -> Person:
    if apply.by == "guardian":
        return world.people.guardian(change.student)
    seats = change.initiators or tuple(change.schools)  # a school that may not begin it can try
    return world.people.holder(change.seats[apply.at or seats[-1]], Role.REGISTRAR)
