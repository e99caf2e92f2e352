"""Forms sent twice about what lies over a record: sanctions, and problem records."""

from collections.abc import Mapping
from datetime import date

from models import Office
from models.enums import OverlayKind, Role
from tests.webapp.road import Road
from tests.webapp.twice import Scene, Sent
from webapp.policy import Person
from webapp.services.demo import makers


def entering_a_sanction(road: Road) -> Sent:
    said = {"kind": "warning", "decided_on": "2025-09-08", "ground": "打架"}
    return Sent(_registrar(road), f"/students/{road.student.id}/sanctions", lambda: said)


def revoking_a_sanction(road: Road) -> Sent:
    sanction = makers.a_sanction(road.session, road.student, decided_on=date(2025, 9, 1))
    said = {"revoked_on": "2025-09-08", "revoked_ground": "表现良好"}
    return Sent(_registrar(road), f"/students/{road.student.id}/sanctions/{sanction.id}/revoke", lambda: said)


def opening_a_problem(road: Road) -> Sent:
    said = {"problem_type": "namesake", "note": "查重发现"}
    return Sent(_officer(road), f"/problems/{road.student.id}/open", lambda: said)


def closing_a_problem(road: Road) -> Sent:
    makers.an_overlay(road.session, road.student, OverlayKind.PROBLEM)
    return Sent(_officer(road), f"/problems/{road.student.id}/close", lambda: {"ended_note": "已核实"})


def _registrar(road: Road) -> Person:
    return makers.an_officer(road.session, road.releasing, Role.REGISTRAR)


def _officer(road: Road) -> Person:
    authority = road.session.get_one(Office, road.releasing.superior_id)
    return makers.an_officer(road.session, authority, Role.HANDLER)


SCENES: Mapping[str, Scene] = {
    "sanctions.enter": entering_a_sanction,
    "sanctions.revoke": revoking_a_sanction,
    "problems.begin": opening_a_problem,
    "problems.close": closing_a_problem,
}
