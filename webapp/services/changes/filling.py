"""An application filled in as most families would but for some answers, for those who ask what would come of it."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from models import Enrolment, Office
from models.enums import ChangeKind, TransferReason
from webapp.clock import FIRST_DAY, LAST_DAY
from webapp.services.changes.change import EXCEPTION, ChangeForm
from webapp.services.changes.planning import KINDS
from webapp.services.registry.identities import cipher_of

DESTINATION = "to_school_id"  # chosen, not filled in
LARGEST_NUMBER = 9_999

# What no form has filled in before somebody says so, though most say it.
USUAL: Mapping[ChangeKind, Mapping[str, Any]] = {
    ChangeKind.TRANSFER: {"reason": TransferReason.HOUSEHOLD_MOVE},
    ChangeKind.EXPULSION: {"ground": "多次严重违反校规"},
}


class AnswerError(Exception):
    """The form does not ask for this, or it cannot be answered so; the message says what is asked."""


def filled_in(
    session: Session,
    kind: ChangeKind,
    enrolment: Enrolment,
    answers: Mapping[str, Any],
    on: date,
    *,
    school: Office | None = None,
) -> ChangeForm:
    """Return the form of a kind as most would fill it in on a day, but with these answers as JSON holds them.

    `school` is where it leads to. Raises AnswerError.
    """
    form = KINDS[kind].form
    asked = sorted((field.name for field in fields(form)), key=EXCEPTION.__eq__)  # which few have, at last
    known = [name for name in asked if name != DESTINATION]
    if unknown := sorted(answers.keys() - {*known}):
        raise AnswerError(f"a {kind} does not ask for {', '.join(unknown)}; it asks for {', '.join(known)}")
    if school is None and DESTINATION in asked:
        raise AnswerError(f"say which school the {kind} leads to")
    if school is not None and DESTINATION not in asked:
        raise AnswerError(f"a {kind} leads to no other school")
    chosen = {DESTINATION: school.id} if school else {}
    usual = {**USUAL.get(kind, {}), **KINDS[kind].prefilled(session, enrolment, on)}
    try:
        filled = form.filled_in({**usual, **chosen, **answers}, cipher_of(session))
    except ValidationError as error:
        wrong = error.errors()[0]
        raise AnswerError(f"{wrong['loc'][0]}: {wrong['msg']}") from error
    for name in known:
        _require_thinkable(name, getattr(filled, name))
    return filled


def _require_thinkable(name: str, answer: object) -> None:
    """Raise AnswerError for a day or number with which nothing can be computed."""
    if isinstance(answer, date) and not FIRST_DAY <= answer <= LAST_DAY:
        raise AnswerError(f"{name}: give a day from {FIRST_DAY} to {LAST_DAY}")
    if isinstance(answer, int) and not 0 <= answer <= LARGEST_NUMBER:
        raise AnswerError(f"{name}: give a number from 0 to {LARGEST_NUMBER}")
