"""What every member of every closed vocabulary is called, in both languages.

Members of two vocabularies may be equal as strings (a record and a case are both "withdrawn"), so each
vocabulary is a table and a translation context of its own.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel.speaklater import LazyString

from models.enums import Outcome
from webapp.labels.cases import CASES, DECIDED
from webapp.labels.changes import BEGINNINGS, CHANGES, RENEWAL
from webapp.labels.delivery import DELIVERY
from webapp.labels.exchange import EXCHANGE
from webapp.labels.people import PEOPLE
from webapp.labels.places import PLACES
from webapp.labels.records import GRADES, RECORDS

__all__ = ["BEGINNINGS", "GRADES", "LABELS", "RENEWAL", "decided", "label"]

LABELS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    **PLACES,
    **PEOPLE,
    **RECORDS,
    **CHANGES,
    **CASES,
    **EXCHANGE,
    **DELIVERY,
}


def label(member: StrEnum) -> LazyString:
    """Return what people call the member, in the language of whoever reads it."""
    return LABELS[type(member)][member]


def decided(outcome: str, named: Mapping[str, str] = MappingProxyType({})) -> LazyString | str:
    """Return what was decided: 通过, or Approved where `label` says Approve; or as a step has `named` it itself."""
    return named.get(outcome) or DECIDED[Outcome(outcome)]
