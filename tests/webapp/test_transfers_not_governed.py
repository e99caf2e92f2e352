"""A transfer for which no process is in force is refused in words, whatever the tables name."""

import pytest
from sqlalchemy import update

from models import ProcessVersion
from models.enums import Stage
from tests.webapp.road import a_road
from webapp import clock
from webapp.services.changes.change import ChangeNotGoverned
from webapp.services.changes.kinds.transfer import transfer_of


@pytest.mark.parametrize("process", ["transfer", "transfer_both_agree"])
def test_a_transfer_whose_process_is_in_force_no_more_is_refused(session, process):
    vocational = {"releasing_in": "350102", "receiving_in": "350203", "stage": Stage.VOCATIONAL, "grade": 1}
    road = a_road(session, **(vocational if process == "transfer_both_agree" else {}))
    assert transfer_of(session, road.student.id, road.form, clock.today()).definition.key == process
    retired = update(ProcessVersion).where(ProcessVersion.process == process)
    session.execute(retired.values(retired_at=clock.now()))
    with pytest.raises(ChangeNotGoverned):
        transfer_of(session, road.student.id, road.form, clock.today())
