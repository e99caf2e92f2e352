"""A call activity stands as the steps inside it; a called diagram shows its own steps and no others."""

import pytest
from lxml import etree

from workflows.drawing import draw
from workflows.shipped import shipped_processes
from workflows.standing import STATES, standing

CALL = "receiving_authorities"
COUNTY, CITY, PROVINCE = STEPS = tuple(f"{CALL}/in_{level}" for level in ("county", "city", "province"))


def stands(*, inside="", steps=("in_lead", *STEPS), **states):
    return standing(dict.fromkeys(STATES, ()) | states, steps, inside)


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ({}, None),
        ({"current": [COUNTY], "skipped": [CITY, PROVINCE]}, "current"),
        ({"done": [COUNTY], "current": [CITY], "skipped": [PROVINCE]}, "current"),
        ({"rejected": [COUNTY], "done": [COUNTY], "skipped": [CITY, PROVINCE]}, "rejected"),
        ({"done": [COUNTY], "skipped": [PROVINCE]}, None),
        ({"done": [COUNTY], "skipped": [CITY, PROVINCE]}, "done"),
        ({"skipped": [COUNTY, CITY, PROVINCE]}, "skipped"),
    ],
)
def test_a_call_activity_is_done_when_no_step_inside_it_is_ahead(states, shown):
    assert stands(**states) == {"in_lead": None, CALL: shown}


def test_a_called_diagram_has_its_own_steps_and_leaves_out_the_others():
    found = stands(inside=CALL, done=["in_lead", COUNTY], current=[CITY])
    assert found == {"in_county": "done", "in_city": "current", "in_province": None}


def test_a_call_within_a_call_stands_as_what_is_inside_it():
    found = stands(inside="a", steps=["a/b/c", "a/b/d", "ab/c"], done=["a/b/c"], current=["a/b/d"])
    assert found == {"b": "current"}


@pytest.mark.parametrize(
    ("file", "inside", "classes"),
    [
        ("transfer.bpmn", "", {CALL: "bpmn-current", "in_lead": "bpmn-done"}),
        (f"{CALL}.bpmn", CALL, {"in_county": "bpmn-done", "in_city": "bpmn-current"}),
    ],
)
def test_the_picture_of_each_diagram_carries_the_marks_of_its_nodes(file, inside, classes):
    bpmn = shipped_processes()["transfer"][file]
    states = {"done": ["in_lead", COUNTY], "current": [CITY]}
    picture = etree.fromstring(draw(bpmn, inside=inside, steps=["in_lead", *STEPS], **states))
    marked = [one.getparent() for one in picture.iterfind(".//*[@class='bpmn-mark']")]
    assert {one.get("data-step"): one.get("class").split()[-1] for one in marked} == classes
