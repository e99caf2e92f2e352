"""Officers of a deployment: what they see of the exchange, and what they take down by hand."""

from collections.abc import Sequence

from sqlalchemy import select

from models import Office
from models.enums import OfficeKind, Outcome, Role, Seat
from tests.webapp.exchange.deployments import Deployment
from webapp import clock
from webapp.policy import Person
from webapp.services.demo import makers
from webapp.services.exchange.outside import Code, Evidence, answer_by_hand
from webapp.services.exchange.waiting import StuckMessage, stuck_messages


def an_officer_of(deployment: Deployment, division_code: str, role: Role = Role.HANDLER) -> Person:
    """Somebody at the bureau of a division."""
    bureau = select(Office).where(Office.division_code == division_code, Office.kind == OfficeKind.BUREAU)
    person = makers.an_officer(deployment.session, deployment.session.scalars(bureau).one(), role)
    deployment.session.commit()
    return person


def listed(deployment: Deployment, officer: Person) -> Sequence[StuckMessage]:
    """The messages of the newest case that go no further, as the officer sees them."""
    case_id = deployment.case().id
    return [row for row in stuck_messages(deployment.session, officer) if row.case_id == case_id]


def by_hand(deployment: Deployment, outcome: Outcome, codes: Sequence[Code] = ()) -> None:
    """Let an officer take down what the other province said of the newest case's step."""
    [task] = [task for task in deployment.open_tasks() if task.seat == Seat.OUTSIDE]
    case = task.change_request
    school = case.to_school if case.facts["receiving_here"] else case.from_school
    registrar = makers.an_officer(deployment.session, school, Role.REGISTRAR)
    evidence = Evidence("王老师", clock.now(), "电话")
    answer_by_hand(
        deployment.session,
        registrar,
        task.id,
        outcome=outcome,
        version=case.version,
        evidence=evidence,
        codes=codes,
        reason="电话告知",
    )
