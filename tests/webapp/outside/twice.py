"""Forms about other provinces that are sent twice, on a child who comes from one and is asked for there."""

from collections.abc import Callable, Mapping

from models import ChangeRequest
from models.enums import Role, Stage
from tests.town import a_message_in_dispute
from tests.webapp.newcomers import a_newcomer, as_typed, elsewhere_at
from tests.webapp.outside.leavers import leaving
from tests.webapp.outside.letters import a_letter, registrar_of
from tests.webapp.road import Road
from tests.webapp.twice import Sent
from webapp import clock
from webapp.policy import Person
from webapp.services.demo import makers
from webapp.services.exchange.outside import Code, Evidence, answer_by_hand

TOLD = {
    "told_by": "成都市锦江区教育局 王老师",
    "told_at": "2025-09-10T09:00",
    "reference": "川教函〔2025〕12号",
}


def receiver(inbound: Road) -> Person:
    return inbound.officers[inbound.receiving.id, Role.REGISTRAR]


def entering(inbound: Road, _asked: ChangeRequest) -> Sent:
    parent = makers.person_of(inbound.session, makers.an_account(inbound.session, "家长"))
    typed = as_typed(a_newcomer())
    return Sent(parent, "/children/new", lambda: typed)


def correcting(inbound: Road, asked: ChangeRequest) -> Sent:
    task, evidence = inbound.open_task(asked), Evidence(TOLD["told_by"], clock.now(), "")
    facts = {"outcome": "return", "version": asked.version, "evidence": evidence}
    answer_by_hand(inbound.session, receiver(inbound), task.id, codes=[Code.DATA_WRONG], **facts)
    typed = {"name": "林晓禾", "registry_number": inbound.student.registry_number}
    return Sent(inbound.guardian, f"/cases/{asked.id}/pupil", lambda: typed)


def answering(inbound: Road, asked: ChangeRequest) -> Sent:
    task, version = inbound.open_task(asked), asked.version
    return Sent(
        receiver(inbound),
        f"/outside/{task.id}",
        lambda: {**TOLD, "outcome": "approve", "version": version},
    )


def settling(inbound: Road, asked: ChangeRequest) -> Sent:
    message = a_message_in_dispute(inbound.session, asked)
    return Sent(receiver(inbound), f"/outside/messages/{message.id}", lambda: {**TOLD, "agreed": "已撤回"})


def taking_down(inbound: Road, _asked: ChangeRequest) -> Sent:
    road = leaving(inbound.session)
    letter = a_letter(road)
    said = {"number": letter.number, "name": letter.name, "school": letter.school, "grade": letter.grade}
    place = elsewhere_at(letter.division_code)
    return Sent(
        registrar_of(road),
        "/outside/letters/new",
        lambda: {**TOLD, **said, **place, "reason": letter.reason.value},
    )


def choosing(inbound: Road, _asked: ChangeRequest) -> Sent:
    road = leaving(inbound.session, Stage.VOCATIONAL, grade=2)
    said = {**elsewhere_at("330106"), "school": f"西湖职业学校{road.student.id}"}
    return Sent(road.guardian, f"/children/{road.student.id}/transfer/elsewhere", lambda: said)


SCENES: Mapping[str, Callable[[Road, ChangeRequest], Sent]] = {
    "newcomers.new": entering,
    "newcomers.pupil": correcting,
    "outside.told": answering,
    "outside.settle": settling,
    "letters.new": taking_down,
    "departures.school": choosing,
}
