"""Approving together a step that several sign (会签)."""

import pytest
from sqlalchemy import select

from models import BulkItem
from models.enums import BulkResult, EventKind, Role
from tests.webapp.changed_processes import with_step
from tests.webapp.doctoring import complaints
from tests.webapp.road import Road, fill_seats
from tests.webapp.together import IN_COUNTY, carried_out
from webapp import clock
from webapp.services.cases.bulks import approve_together
from webapp.services.demo import makers
from webapp.services.offices.appointments import dismiss
from webapp.services.processes.versions import publish


def test_who_stands_in_for_two_signers_signs_once(ward: Road, caplog: pytest.LogCaptureFixture) -> None:
    """The county has neither handler nor chief any more: its lead gets both their tasks, and ticks both."""
    session, road = ward.session, ward.rival()
    publish(session, "transfer", with_step("transfer", "in_county", role="handler chief", mode="all"))
    fill_seats(road)
    case = road.applied(until=IN_COUNTY)
    county = road.open_task(case).office
    lead = makers.an_officer(session, county, Role.LEAD)
    for role in (Role.HANDLER, Role.CHIEF):
        dismiss(session, road.officers[county.id, role].account_id, county.id, role, on=clock.today())
    session.commit()
    tasks = road.open_tasks(case)
    assert [task.role for task in tasks] == [Role.LEAD] * 2
    bulk = approve_together(session, lead, {task.id: case.version for task in tasks})
    carried_out(session)
    assert "failed" not in caplog.text  # the second was found out before the database had to
    session.expire_all()
    results = session.scalars(select(BulkItem.result).where(BulkItem.bulk_id == bulk.id))
    assert sorted(results) == [BulkResult.DONE, BulkResult.LAPSED]
    assert [event.kind for event in case.events].count(EventKind.DECIDED) == 3
    assert len(road.open_tasks(case)) == 1
    assert complaints(session, case) == []
