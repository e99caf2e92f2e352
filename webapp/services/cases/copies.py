"""Copies (抄送): an officer sends a case to others who see it, for information; they say that they have read it (阅知).

Nothing of this moves the case, and the family reads none of it. Source: domain 3.0.4b; who sees a case, 2.3.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Copy, Guardianship, Membership, Office, Outbox
from models.enums import EventKind, NoticeKind, Role
from webapp import clock, errors
from webapp.policy import DECIDING_ROLES, Person, Post, deciding_post_on, is_close_to
from webapp.services.cases import history
from webapp.services.cases.applications import locked_case_for
from webapp.services.cases.chain import Plain
from webapp.services.offices.tree import is_served


class NoSuchReader(errors.Refusal):
    """Choose officers from the list: those who see this case and have no unread copy of it."""

    status = 422


@dataclass(frozen=True, slots=True)
class Reader:
    """An officer to whom a case may be copied, and the post by which he sees it."""

    account_id: int
    name: str
    office_id: int
    office: str
    role: Role


def send(session: Session, officer: Person, case_id: int, *, to: Collection[int], word: str = "") -> None:
    """Send a case for information to some of its `readers`, who are told; commits. Also a case that has ended.

    Raises NoSuchCase, NotAllowed, OwnChild or NoSuchReader.
    """
    case, officer = locked_case_for(session, officer, case_id)
    post = _post_of(officer, case)
    if is_close_to(officer, post, case.student_id):
        raise errors.OwnChild
    offered = {reader.account_id: reader for reader in readers(session, officer, case)}
    if not to or not offered.keys() >= set(to):
        raise NoSuchReader
    chosen, at = [offered[account_id] for account_id in sorted(set(to))], clock.now()
    for reader in chosen:
        session.add(
            Copy(
                change_request_id=case.id,
                account_id=reader.account_id,
                office_id=reader.office_id,
                role=reader.role,
                sent_by_id=officer.account_id,
                word=word.strip(),
                created_at=at,
            )
        )
    session.add(Outbox(kind=NoticeKind.COPIED, change_request_id=case.id, created_at=at))
    said: dict[str, Plain] = {"copied_to": [{"id": each.account_id, "name": each.name} for each in chosen]}
    payload = said | {"comment": word.strip()}
    _note(session, officer, case, EventKind.COPIED, at=at, post=post, payload=payload)
    session.commit()


def acknowledge(session: Session, reader: Person, case_id: int) -> None:
    """Say that one has read the copy of a case (阅知); commits. Does nothing where none is unread.

    Raises NoSuchCase or NotAllowed.
    """
    case, reader = locked_case_for(session, reader, case_id)
    post, copy = _post_of(reader, case), unread_copy(session, reader, case_id)
    if copy is None:
        return
    copy.read_at = clock.now()
    _note(session, reader, case, EventKind.NOTED, at=copy.read_at, post=post, payload={})
    session.commit()


def unread_copy(session: Session, person: Person, case_id: int) -> Copy | None:
    """Return the copy of a case that waits for somebody to read it."""
    return session.scalar(
        select(Copy).where(
            Copy.account_id == person.account_id, Copy.change_request_id == case_id, Copy.read_at.is_(None)
        )
    )


def may_copy(person: Person, case: ChangeRequest) -> bool:
    """Whether the page offers to copy a case to others."""
    post = deciding_post_on(person, case)
    return post is not None and not is_close_to(person, post, case.student_id)


def readers(session: Session, sender: Person, case: ChangeRequest) -> list[Reader]:
    """Return to whom a case may be copied, schools first: whoever decides in an office that sees it (domain 2.3).

    Not the sender, nor a guardian of the student, nor who has yet to read the copy that he has; nobody of a province
    that is not served here.
    """
    found = session.execute(_deciders_of(case).where(Account.id != sender.account_id)).all()
    posts = (
        Reader(account_id, name, office.id, office.name, role)
        for account_id, name, office, role in found
        if is_served(session, office.division_code)
    )
    first: dict[int, Reader] = {}
    for reader in posts:
        first.setdefault(reader.account_id, reader)
    return [*first.values()]


def _deciders_of(case: ChangeRequest) -> Select[int, str, Office, Role]:
    today = clock.today()
    schools = [school for school in (case.from_school, case.to_school) if school]
    guards = select(Guardianship.id).where(
        Guardianship.account_id == Account.id,
        Guardianship.student_id == case.student_id,
        Guardianship.valid_on(today),
    )
    waits = select(Copy.id).where(
        Copy.account_id == Account.id, Copy.change_request_id == case.id, Copy.read_at.is_(None)
    )
    return (
        select(Account.id, Account.name, Office, Membership.role)
        .join(Membership, Membership.account_id == Account.id)
        .join(Office, Office.id == Membership.office_id)
        .where(
            Office.id.in_({office_id for school in schools for office_id in school.path}),
            Membership.role.in_(DECIDING_ROLES),
            Membership.valid_on(today),
            Account.disabled_at.is_(None),
            ~guards.exists(),
            ~waits.exists(),
        )
        .order_by(
            Office.kind.desc(), func.cardinality(Office.path).desc(), Office.id, Account.name, Account.id
        )
    )


def _post_of(officer: Person, case: ChangeRequest) -> Post:
    post = deciding_post_on(officer, case)
    if post is None:
        raise errors.NotAllowed
    return post


def _note(
    session: Session,
    officer: Person,
    case: ChangeRequest,
    kind: EventKind,
    *,
    at: datetime,
    post: Post,
    payload: Mapping[str, Plain],
) -> None:
    history.add(
        session,
        case,
        kind,
        at=at,
        actor_id=officer.account_id,
        post=post,
        payload=payload,
    )
