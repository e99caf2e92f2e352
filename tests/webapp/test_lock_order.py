"""The one lock order (models/cases.py): bulk, change_request, school_places, student."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from models import SchoolPlaces
from models.enums import BulkResult, Role
from tests.webapp.doctoring import fresh
from tests.webapp.road import Road
from tests.webapp.together import Together, half_a_minute_later, mark_as_bulk
from tests.webapp.waiting import until_one_waits
from webapp.services.cases.bulk_runs import run_due
from webapp.services.changes.places import lock_places
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


def test_all_places_of_a_part_are_locked_before_any_of_its_tasks_is_written(ward: Road) -> None:
    session = ward.session
    mark_as_bulk(session, "in_lead")
    session.add_all(SchoolPlaces(school_id=ward.receiving.id, grade=grade, capacity=9) for grade in (3, 4))
    older = ward.rival()
    older.student = makers.a_student(session, ward.releasing, grade=4, entered=date(2024, 9, 1))
    older.guardian, older.form = makers.a_guardian(session, older.student), replace(ward.form, grade=4)
    session.commit()
    roads = (ward.rival(), older)
    cases = [road.applied(until="in_lead") for road in roads]
    together = Together(roads, cases, ward.officers[ward.receiving.id, Role.LEAD])
    bulk, first = together.send(), together.tasks()[0].id
    session.rollback()
    with (
        fresh(session) as own,
        fresh(session) as worker,
        half_a_minute_later(),
        ThreadPoolExecutor(1) as pool,
    ):
        lock_places(own, ward.receiving.id, 4)
        work = pool.submit(run_due, worker)
        until_one_waits(session, work)
        session.execute(text(f"SELECT FROM task WHERE id = {first} FOR NO KEY UPDATE NOWAIT"))
        session.rollback()
        own.rollback()
        assert work.result() == 2
    assert together.results(bulk) == [BulkResult.DONE] * 2
