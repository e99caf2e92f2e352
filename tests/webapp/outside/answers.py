"""What another province is said to have told, and what it answers when it agrees."""

from models import Account, ChangeRequest
from models.enums import CaseState, Outcome
from tests.webapp.road import Road
from webapp import clock
from webapp.services.exchange.outside import Evidence, answer


def told() -> Evidence:
    return Evidence("成都市锦江区教育局 王老师", clock.now(), "川教函〔2025〕12号")


def agrees(partner: Account, road: Road, case: ChangeRequest) -> CaseState:
    """Let the other province agree to the step that it is asked about."""
    task = road.open_task(case)
    state = answer(road.session, task.id, outcome=Outcome.APPROVE, actor_id=partner.id, evidence=told())
    road.session.commit()
    return state
