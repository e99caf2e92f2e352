"""A change at one school (一方异动): the school a student attends, its authorities, and nobody else (domain 2.1)."""

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from sqlalchemy.orm import Session

from models import Enrolment, Office
from models.enums import ChangeKind, Seat
from webapp.services.changes.change import (
    GOVERNING_PROCESS,
    Change,
    ChangeForm,
    ChangeNotGoverned,
    Side,
    in_force,
    side_of,
)
from webapp.services.changes.facts import is_graduating
from webapp.services.changes.packs import stage_of
from webapp.services.offices.tree import is_served, own_seats
from workflows.decisions import DecisionTable
from workflows.values import Value

FIVE_YEARS = 5  # 五年制高职


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSided(Change, ABC):
    """Everything that decides how a change at one school would go."""

    side: Side

    @property
    def sides(self) -> Mapping[str, Side]:
        """The one school."""
        return {"own": self.side}

    @property
    def schools(self) -> Mapping[Seat, Office]:
        """The one school by its seat."""
        return {Seat.SCHOOL: self.school}

    @property
    def numbered_at(self) -> str:
        """The school's division."""
        return self.school.division_code

    @property
    def certificate(self) -> bool:
        """Whether the student is to be given a certificate of what he has studied (肄业证书, 写实性学习证明)."""
        return False

    @property
    def to_full_time(self) -> bool:
        """Whether the student returns to full-time study, of which the province decides (domain 3.7, 3.9)."""
        return False

    @property
    def without_number(self) -> bool:
        """Whether key data of one without an identity number are corrected, up to the province (W47, W50)."""
        return False

    @property
    def unnatural_death(self) -> bool:
        """Whether the student died by no natural cause, of which the province is told (domain 3.13, W34)."""
        return False

    def facts(self) -> dict[str, Value]:
        """Return what the engine may know of the case: codes and levels, nothing personal."""
        return {
            "process": self.definition.key,
            "kind": self.kind.value,
            "stage": stage_of(self.school),
            "packs": self.side.packs,
            "authority": self.side.authority,
            "graduating_grade": is_graduating(self.enrolment),
            "certificate": self.certificate,
            "to_full_time": self.to_full_time,
            "without_number": self.without_number,
            "unnatural_death": self.unnatural_death,
            "five_year": self.enrolment.schooling_years == FIVE_YEARS,
            "exception": self.excepted,
            "seats": tuple(self.seats),
        }

    @classmethod
    def plan(
        cls,
        session: Session,
        enrolment: Enrolment,
        form: ChangeForm,
        on: date,
        **own: Any,  # noqa: ANN401 - what its kind keeps besides, checked there
    ) -> Self:
        """Return the change that is wanted for a student on the day `on`; ChangeNotGoverned."""
        if not is_served(session, enrolment.school.division_code):
            raise ChangeNotGoverned
        _, governing = in_force(session, GOVERNING_PROCESS)
        side = side_of(session, enrolment.school, governing)
        chosen = governing.decisions["change_governing"].decide(
            {"kind": form.kind.value, "packs": side.packs}
        )
        if chosen is None:
            raise ChangeNotGoverned
        version, definition = in_force(session, str(chosen["process"]))
        begun_by = who_begins(governing.decisions, form.kind, form.answers().get("reason"))
        return cls(
            student=enrolment.student,
            enrolment=enrolment,
            form=form,
            side=side,
            seats=own_seats(session, enrolment.school, on),
            version=version,
            definition=definition,
            initiators=() if begun_by == "family" else (Seat.SCHOOL,),
            by_family=begun_by != "school",
            on=on,
            **own,
        )


def who_begins(tables: Mapping[str, DecisionTable], kind: ChangeKind, reason: str | None) -> str:
    """Return who begins such a change: `family`, `school`, or `either`; the table's last row answers always."""
    answer = tables["change_initiators"].decide({"kind": kind.value, "reason": reason})
    return str(answer["begun_by"]) if answer else "either"
