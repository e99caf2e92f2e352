"""Letters (信件): a notice as it leaves the house, and the port through which it does.

A courier knows one channel. Whatever implements it can stand in for another, as another gateway for text messages.
"""

import uuid
from dataclasses import dataclass, field
from typing import Protocol


class RefusedError(Exception):
    """The letter is never taken: nobody lives at the address, or it is unfit. The text says what was answered."""


class NotNowError(Exception):
    """The letter is not taken now, but others may be."""


class AwayError(Exception):
    """Nobody takes any letter now, or takes them from us."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one address; its id is the same at every attempt. Only e-mails have a subject and HTML."""

    id: uuid.UUID
    address: str = field(repr=False)
    text: str
    subject: str = ""
    html: str = ""


class Courier(Protocol):
    """Takes letters of one channel to whoever brings them to people."""

    def hand_over(self, letter: Letter) -> None:
        """Return when the letter is taken. Raises RefusedError, NotNowError or AwayError."""

    def close(self) -> None:
        """Say goodbye."""
