"""A step's id is kept with its tasks, behind those of the calls that lead to it; one that is too long is refused."""

import re

import pytest
from sqlalchemy.orm import Session

from models.enums import Ask, CaseState, Outcome
from tests.webapp.asking.asked import post_of
from tests.webapp.changed_processes import SHIPPED, in_force
from tests.webapp.doctoring import complaints
from tests.webapp.road import a_road, work_off
from tests.webapp.timed_processes import EDGE
from webapp.services.cases.asks import ask
from webapp.services.cases.decisions import decide
from webapp.services.demo import makers
from webapp.services.process_check.checking import check_files

pytestmark = pytest.mark.slow

CALL, STEP = "c" * 50, "s" * 49
CALLED = "receiving_authorities.bpmn"


def called(step: str, timer: str = "") -> dict[str, bytes]:
    """A transfer that calls its authorities by a long id; so are called the county's step and a timer at its edge."""
    files = {name: data.decode() for name, data in SHIPPED["transfer"].items()}
    mentions = r'(?<!calledElement=")(?<=[">])receiving_authorities(?=["<])'
    files["transfer.bpmn"] = re.sub(mentions, CALL, files["transfer.bpmn"])
    files[CALLED] = re.sub(r"\bin_county\b", step, files[CALLED])
    edge = EDGE.replace("in_registrar", step).replace("in_lead", "in_city").replace("late", timer)
    if timer:
        files[CALLED] = files[CALLED].replace("</bpmn:process>", f"{edge}</bpmn:process>")
    return {name: text.encode() for name, text in files.items()}


def refused(files: dict[str, bytes]) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.element) for finding in check_files(files).findings]


def test_one_character_more_than_is_kept_is_refused() -> None:
    assert refused(called(STEP)) == []
    assert refused(called(STEP + "s")) == [("id_too_long", STEP + "s")]


def test_a_timer_is_kept_by_its_id_like_a_step() -> None:
    timer = "t" * 49
    assert ("id_too_long", timer) not in refused(called("in_county", timer))
    assert ("id_too_long", timer + "t") in refused(called("in_county", timer + "t"))


def test_a_case_goes_its_whole_way_through_the_longest_id(session: Session) -> None:
    with in_force(session, "transfer", called(STEP)):
        road = a_road(session)
        case = road.applied(until=f"{CALL}/{STEP}")
        task = road.open_task(case)
        assert len(task.step) == 100
        colleague = makers.an_officer(session, task.office, task.role)
        session.commit()
        asked = {"kind": Ask.COSIGNATURE, "of": [post_of(road, colleague)], "question": "请会签"}
        ask(session, road.officer(task), task.id, **asked, version=case.version)
        beside = road.open_task(case)
        assert (beside.key, beside.asked_from) == (f"{task.step}:1+1", f"{task.step}:1")
        decide(session, colleague, beside.id, outcome=Outcome.APPROVE, version=case.version)
        work_off(session)
        assert road.approve(case, times=3) == CaseState.COMPLETED
        assert complaints(session, case) == []
