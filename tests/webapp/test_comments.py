"""What officers of a case tell each other about it (评论)."""

import pytest

from models import ChangeRequest
from models.enums import EventKind, Role
from tests.webapp.road import Road
from webapp import errors
from webapp.services.cases.comments import NothingSaid, comment


def test_a_comment_is_in_the_history_by_whoever_wrote_it(road: Road, case: ChangeRequest) -> None:
    lead = road.officers[road.releasing.id, Role.LEAD]
    comment(road.session, lead, case.id, " 请核对居住证明 ")
    road.session.expire_all()
    last = case.events[-1]
    assert (last.kind, last.actor_id, last.payload["comment"]) == (
        EventKind.COMMENTED,
        lead.account_id,
        "请核对居住证明",
    )


@pytest.mark.parametrize("nothing", ["", " ", "\u200b", "。"])
def test_who_comments_says_something(road: Road, case: ChangeRequest, nothing: str) -> None:
    with pytest.raises(NothingSaid):
        comment(road.session, road.officers[road.receiving.id, Role.LEAD], case.id, nothing)


def test_the_family_comments_on_nothing(road: Road, case: ChangeRequest) -> None:
    with pytest.raises(errors.NotAllowed):
        comment(road.session, road.guardian, case.id, "请尽快办理")
