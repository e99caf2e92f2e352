"""A deployment that serves Henan alone, a child who comes to it from a school in Sichuan, and one who goes there."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from models import Account, ChangeRequest
from tests.webapp.outside.arrivals import arriving
from tests.webapp.outside.leavers import leaving
from tests.webapp.outside.letters import registrar_of
from tests.webapp.road import Road, terms
from webapp.policy import Person
from webapp.services.context import settings_of
from webapp.services.demo import makers
from webapp.setting_values import Partner

AT_FIRST = 3  # approvals of the receiving side: the school's two, the county's


@pytest.fixture
def here(session: Session) -> Session:
    """A session on a deployment that serves Henan alone."""
    session.info["settings"] = settings_of(session).model_copy(update={"provinces": ("41",)})
    terms(session)
    return session


@pytest.fixture
def inbound(here: Session) -> Road:
    """A family's transfer from a school in Sichuan to one in Song county."""
    return arriving(here)


@pytest.fixture
def asked(inbound: Road) -> ChangeRequest:
    """The same, agreed to by our side: the platform is asked."""
    case = inbound.applied()
    inbound.approve(case, times=AT_FIRST)
    return case


@pytest.fixture
def outbound(here: Session) -> Road:
    """A pupil of a school here whom a school in Sichuan asks for."""
    return leaving(here)


@pytest.fixture
def registrar(outbound: Road) -> Person:
    """The registrar of the school that the pupil leaves."""
    return registrar_of(outbound)


@pytest.fixture
def connected(here: Session) -> Iterator[None]:
    """Sichuan asks by message by now."""
    partners = {"51": Partner("http://127.0.0.1:9/exchange", bytes(32))}
    before = settings_of(here)
    here.info["settings"] = before.model_copy(update={"partners": partners})
    yield
    here.info["settings"] = before


@pytest.fixture
def partner(here: Session) -> Account:
    """The account that stands for the other province's platform."""
    account = makers.an_account(here, "四川省学籍平台")
    here.commit()
    return account
