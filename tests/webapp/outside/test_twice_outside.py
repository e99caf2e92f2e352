"""What concerns other provinces is done once too, though its form is sent twice."""

import pytest

from models import ChangeRequest
from tests.webapp.outside.twice import SCENES
from tests.webapp.road import Road
from tests.webapp.site import a_site
from tests.webapp.twice import done_once

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("form", SCENES)
def test_a_form_that_is_sent_twice_is_done_once(inbound: Road, asked: ChangeRequest, form: str) -> None:
    sent = SCENES[form](inbound, asked)
    inbound.session.commit()
    with a_site(inbound.session) as site:
        done_once(site, sent)
