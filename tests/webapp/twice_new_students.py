"""Forms sent twice about new students, and about exceptions from rules."""

import io
from collections.abc import Mapping
from datetime import date

from models.enums import Role
from tests.webapp.road import Road
from tests.webapp.twice import Scene, Sent
from webapp.policy import Person
from webapp.services.demo import makers
from webapp.services.rosters.listing import list_new_students

ENTERED = date(2025, 9, 1)
ROW = {"姓名": "许多多", "性别": "女", "出生日期": "2019-05-06", "身份证件号": "", "班级": "1班"}


def listing_new_students(road: Road) -> Sent:
    sheet = "\n".join([",".join(ROW), ",".join(ROW.values())]).encode()

    def said() -> Mapping[str, object]:
        where = {"school_id": str(road.releasing.id), "grade": "1", "entered_on": ENTERED.isoformat()}
        return where | {"file": (io.BytesIO(sheet), "list.csv")}

    return Sent(_registrar(road), "/rosters", said)


def sending_a_list(road: Road) -> Sent:
    registrar = _registrar(road)
    roster = list_new_students(road.session, registrar, road.releasing, ENTERED, [ROW | {"姓名": "钱多多"}])
    return Sent(registrar, f"/rosters/{roster.id}/send")


def discarding_a_list(road: Road) -> Sent:
    registrar = _registrar(road)
    roster = list_new_students(road.session, registrar, road.releasing, ENTERED, [ROW | {"姓名": "孙多多"}])
    return Sent(registrar, f"/rosters/{roster.id}/discard")


def asking_for_an_exception(road: Road) -> Sent:
    road.draft()
    path = f"/children/{road.student.id}/transfer/exception"
    return Sent(road.guardian, path, lambda: {"exception": "无人照看"})


def _registrar(road: Road) -> Person:
    return makers.an_officer(road.session, road.releasing, Role.REGISTRAR)


SCENES: Mapping[str, Scene] = {
    "rosters.rosters": listing_new_students,
    "rosters.send": sending_a_list,
    "rosters.discard": discarding_a_list,
    "changes.exception": asking_for_an_exception,
}
