"""Appointments (任职): who holds which role in which office, from when to when. The caller commits."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from models import Account, Membership
from models.enums import Role
from webapp import clock
from webapp.errors import Refusal
from webapp.services.offices.addressees import reroute


class EndsBeforeItBegins(Refusal):
    """An appointment has to end after the day on which it begins."""


class AlreadyAppointed(Refusal):
    """The person already holds this role in this office during that time."""

    status = 409


class NotAppointed(Refusal):
    """The person does not hold this role in this office on that day."""

    status = 409


def appoint(
    session: Session, account_id: int, office_id: int, role: Role, *, since: date, until: date | None = None
) -> Membership:
    """Let the account hold the role (任职) from `since` to before `until`, and send it the tasks of that role.

    Raises EndsBeforeItBegins, or AlreadyAppointed if it holds the role there on any of these days.
    """
    if until is not None and until <= since:
        raise EndsBeforeItBegins
    session.execute(only_one(account_id))
    ends_after = or_(Membership.valid_to.is_(None), Membership.valid_to > since)
    begins_before = Membership.valid_from < (until or date.max)
    if session.scalar(_held(account_id, office_id, role).where(ends_after, begins_before).limit(1)):
        raise AlreadyAppointed
    made = Membership(account_id=account_id, office_id=office_id, role=role, valid_from=since, valid_to=until)
    session.add(made)
    session.flush()
    reroute(session, office_id, clock.today())
    return made


def dismiss(session: Session, account_id: int, office_id: int, role: Role, *, on: date) -> None:
    """From the day `on` the account no longer holds the role (免职); others get its tasks. Raises NotAppointed."""
    session.execute(only_one(account_id))
    ends_later = or_(Membership.valid_to.is_(None), Membership.valid_to > on)
    ending = session.scalars(_held(account_id, office_id, role).where(ends_later)).all()
    if not ending:
        raise NotAppointed
    for membership in ending:
        if membership.valid_from < on:
            membership.valid_to = on
        else:
            session.delete(membership)
    session.flush()
    reroute(session, office_id, clock.today())


def holders(office_id: int, roles: Collection[Role], on: date) -> Select[Account]:
    """Select the accounts that hold one of these roles in an office on a day and may sign in, by name.

    Whoever acts in such a post for somebody who is away is not among them.
    """
    held = Account.memberships.any(
        and_(Membership.office_id == office_id, Membership.role.in_(roles), Membership.valid_on(on))
    )
    return select(Account).where(held, Account.disabled_at.is_(None)).order_by(Account.name, Account.id)


def only_one(account_id: int) -> Select[int]:
    """Select an account so that whoever else changes what it holds waits, and so does who claims a task meanwhile."""
    return select(Account.id).where(Account.id == account_id).with_for_update(key_share=True)


def _held(account_id: int, office_id: int, role: Role) -> Select[Membership]:
    return select(Membership).where(
        Membership.account_id == account_id, Membership.office_id == office_id, Membership.role == role
    )
