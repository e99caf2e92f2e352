"""Who can be asked beside a step: colleagues, officers of the case's other offices, whoever decided an earlier step."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, Guardianship, Membership, Office, Task
from models.enums import Ask, Role, TaskState
from webapp import clock
from webapp.policy import DECIDING_ROLES
from webapp.services.cases.history import Log


@dataclass(frozen=True, slots=True)
class Askable:
    """Somebody in a post of his."""

    membership_id: int
    account_id: int
    name: str
    office_id: int
    office: str
    role: Role


def askable(
    session: Session,
    ask: Ask,
    *,
    office_id: int,
    seats: Iterable[int],
    student_id: int,
    besides: Collection[int],
) -> list[Askable]:
    """Return whom the office that has a task may ask: its own people, for an opinion also those of other seats.

    Never one of the accounts `besides`, nor a guardian of the student.
    """
    offices = {office_id, *seats} if ask == Ask.OPINION else {office_id}
    today = clock.today()
    guardians = select(Guardianship.account_id).where(
        Guardianship.student_id == student_id, Guardianship.valid_on(today)
    )
    people = (
        select(Membership.id, Account.id, Account.name, Office.id, Office.name, Membership.role)
        .join(Account, Account.id == Membership.account_id)
        .join(Office, Office.id == Membership.office_id)
        .where(
            Membership.office_id.in_(offices),
            Membership.role.in_(DECIDING_ROLES),
            Membership.valid_on(today),
            Account.disabled_at.is_(None),
            Account.id.not_in(besides),
            Account.id.not_in(guardians),
        )
        .order_by(Office.id != office_id, Office.name, Membership.role, Account.name, Account.id)
    )
    return [Askable(*row) for row in session.execute(people)]


def earlier_steps(tasks: Iterable[Task], log: Log, task_key: str) -> Sequence[Task]:
    """Return the decided steps that a task can be sent back to for a second look: those of offices here that stand."""
    return [
        task
        for task in tasks
        if task.state == TaskState.DONE
        and task.key in log
        and task.key != task_key
        and task.role != Role.COUNTERPART
    ]
