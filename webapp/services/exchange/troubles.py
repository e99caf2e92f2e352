"""What keeps a message that came from taking effect, as the worker meets it and as officers read it."""

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from models.enums import Trouble
from models.transitions import ForbiddenTransition
from webapp.errors import Refusal
from webapp.services.exchange.awaited import ContradictionError, TooEarlyError
from webapp.services.exchange.checks import UnbelievableError
from webapp.services.exchange.messages import MalformedError
from webapp.services.registry.ciphers import UndecipherableError

# Somebody has to ring up: trying again mends these only if something else happens meanwhile.
WRONG = (ContradictionError, UnbelievableError)

# Whatever else is raised is a fault of ours: it ends the worker, and the message waits its time all the same.
FAILURES = (
    TooEarlyError,
    Refusal,
    MalformedError,
    ForbiddenTransition,
    UndecipherableError,
    SQLAlchemyError,
    psycopg.Error,
)

_TROUBLES = {
    UnbelievableError: Trouble.UNBELIEVABLE,
    TooEarlyError: Trouble.TOO_EARLY,
    MalformedError: Trouble.UNREADABLE,
    UndecipherableError: Trouble.UNREADABLE,
}


def trouble_of(failure: Exception) -> Trouble:
    """Return what officers read of one of WRONG or FAILURES."""
    if isinstance(failure, ContradictionError):
        return failure.trouble
    return _TROUBLES.get(type(failure), Trouble.FAILED)
