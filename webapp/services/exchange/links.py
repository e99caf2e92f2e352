"""Which case of ours is which business of another province, and what was said of it already."""

import uuid
from collections.abc import Mapping

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, ExchangeMessage, Office, OutsideCase
from models.enums import MessageDirection, MessageKind, OfficeKind
from webapp import clock

NO_PASSWORD = "!"  # noqa: S105 - no hash that any password fits


def link(session: Session, case: ChangeRequest, partner: str) -> OutsideCase:
    """Return what a case is called between us and a partner, giving it a name if it has none; locked."""
    fresh = {
        "change_request_id": case.id,
        "partner": partner,
        "reference": uuid.uuid4(),
        "began_here": True,
    }
    session.execute(insert(OutsideCase).values(fresh).on_conflict_do_nothing())
    return session.get_one(OutsideCase, case.id, with_for_update=True, populate_existing=True)


def linked(session: Session, partner: str, reference: uuid.UUID) -> OutsideCase | None:
    """Return the case of a business that a partner names, locked; None if there is none."""
    business = select(OutsideCase).where(OutsideCase.partner == partner, OutsideCase.reference == reference)
    return session.scalar(business.with_for_update().execution_options(populate_existing=True))


def last_said(session: Session, case_id: int, kind: MessageKind) -> ExchangeMessage | None:
    """Return the last message of a kind from here about a case, sent or on its way, if there is one."""
    said = _about(case_id, MessageDirection.OUT, kind)
    return session.scalar(said.order_by(ExchangeMessage.id.desc()).limit(1))


def last_heeded(session: Session, case_id: int, *kinds: MessageKind) -> ExchangeMessage | None:
    """Return the last message of these kinds that came about a case and took effect, if there is one."""
    heeded = _about(case_id, MessageDirection.IN, *kinds).where(
        ExchangeMessage.done_at.is_not(None), ExchangeMessage.error.is_(None)
    )
    return session.scalar(heeded.order_by(ExchangeMessage.id.desc()).limit(1))


def province_here(case: ChangeRequest) -> str:
    """Return the code of the province here that a case with another province belongs to."""
    assert case.to_school is not None, "a case that was submitted has a school"
    school = case.to_school if case.facts["receiving_here"] else case.from_school
    return school.division_code[:2]


def bureau_name(session: Session, province: str) -> str:
    """Return the name of a province's bureau."""
    bureau = select(Office.name).where(
        Office.kind == OfficeKind.BUREAU,
        Office.division_code == province + "0000",
        Office.valid_to.is_(None),
    )
    return session.scalars(bureau).one()


def account_of(session: Session, province: str) -> int:
    """Return the account that stands for another province in the histories; nobody can sign in to it."""
    now = clock.now()
    account: Mapping[str, object] = {
        "login": f"province-{province}",
        "password_hash": NO_PASSWORD,
        "name": bureau_name(session, province),
        "disabled_at": now,
        "created_at": now,
    }
    session.execute(insert(Account).values(account).on_conflict_do_nothing())
    return session.scalars(select(Account.id).where(Account.login == account["login"])).one()


def _about(case_id: int, direction: MessageDirection, *kinds: MessageKind) -> Select[ExchangeMessage]:
    return select(ExchangeMessage).where(
        ExchangeMessage.change_request_id == case_id,
        ExchangeMessage.direction == direction,
        ExchangeMessage.kind.in_(kinds),
    )
