"""Every element and attribute of a BPMN file that the engine does not run is refused by name."""

import pytest

from tests.workflows.diagrams import SEAT, a_process, holding, refusal

CHAIN = a_process("main", "start > a > end")


UNSUPPORTED = """
    task manualTask scriptTask serviceTask sendTask receiveTask subProcess transaction adHocSubProcess
    inclusiveGateway complexGateway eventBasedGateway intermediateThrowEvent
    dataObject dataObjectReference dataStoreReference group ioSpecification property extensionElements
"""


@pytest.mark.parametrize("element", UNSUPPORTED.split())
def test_an_element_the_engine_does_not_run_is_refused_by_name(element):
    file = a_process("main", "start > a > end", more=f'<bpmn:{element} id="odd"/>')
    assert (
        refusal({"main.bpmn": file}) == f"main.bpmn, line 7: odd: <{element}> is not supported in <process>"
    )


@pytest.mark.parametrize(
    "element", ["message", "signal", "error", "escalation", "import", "dataStore", "resource"]
)
def test_a_definition_beside_the_process_is_refused_by_name(element):
    file = CHAIN.replace(b"</bpmn:definitions>", f'<bpmn:{element} id="odd"/></bpmn:definitions>'.encode())
    assert f"odd: <{element}> is not supported in <definitions>" in refusal({"main.bpmn": file})


@pytest.mark.parametrize(
    ("holder", "content", "said"),
    [
        ("start", "<bpmn:timerEventDefinition/>", "start: <timerEventDefinition> is not supported in <startEvent>"),
        ("end", "<bpmn:terminateEventDefinition/>", "<terminateEventDefinition> is not supported in <endEvent>"),
        ("end", "<bpmn:messageEventDefinition/>", "<messageEventDefinition> is not supported in <endEvent>"),
        ("a", "<bpmn:multiInstanceLoopCharacteristics/>", "a: <multiInstanceLoopCharacteristics> is not supported"),
        ("a", "<bpmn:standardLoopCharacteristics/>", "a: <standardLoopCharacteristics> is not supported"),
        ("a", "<bpmn:ioSpecification/>", "a: <ioSpecification> is not supported in <userTask>"),
        ("a", '<o:x xmlns:o="urn:other"/>', "a: <{urn:other}x> is not supported in <userTask>"),
        ("a", "<x/>", "a: <x> is not supported in <userTask>"),
        ("lanes", "<bpmn:childLaneSet/>", "lanes: <childLaneSet> is not supported in <laneSet>"),
        ("lane_0", "<bpmn:flowNodeRef>b</bpmn:flowNodeRef>", "lane_0: 'b' is no node of this process"),
        ("lane_0", "<bpmn:flowNodeRef>a</bpmn:flowNodeRef>", "lane_0: 'a' stands in two lanes"),
        ("start", "<bpmn:extensionElements/>", "start: <extensionElements> is not supported in <startEvent>"),
        ("a", "<bpmn:extensionElements><xj:step/></bpmn:extensionElements>", "a: <userTask> carries one <xj:step>"),
    ],
)  # fmt: skip
def test_what_an_element_may_not_hold_is_refused_by_name(holder, content, said):
    assert said in refusal({"main.bpmn": holding(CHAIN, holder, content)})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id="a"', 'id="a" isForCompensation="true"', "a: the attribute 'isForCompensation' of <userTask>"),
        ('id="a"', 'id="a" xj:role="chief"', "a: the attribute 'xj:role' of <userTask> is not supported"),
        ("<xj:step ", '<xj:step rol="x" ', "a: the attribute 'rol' of <xj:step> is not supported"),
        ("<xj:step ", '<o:step xmlns:o="urn:other" ', "a: <{urn:other}step> is not supported"),
        ("<xj:step ", "<xj:decision ", "a: the attribute 'role' of <xj:decision> is not supported"),
        ('role="registrar"', "", "a: the step has no role"),
        (f' name="{SEAT}"', "", "a: the step stands in no lane that names its seat"),
        (f' name="{SEAT}"', ' name=" "', "a: the step stands in no lane that names its seat"),
        ('isExecutable="true"', "", 'main: the process is not marked isExecutable="true"'),
        ('isExecutable="true"', 'isExecutable="false"', 'main: the process is not marked isExecutable="true"'),
        ('id="start-a"', 'id="a"', "a: a second element has the id 'a'"),
        ('id="start-a"', "", "main: '' cannot be the id of <sequenceFlow>"),
        ('id="start-a"', 'id="s/a"', "s/a: 's/a' cannot be the id of <sequenceFlow>"),
        ('targetRef="a"', 'targetRef="b"', "start-a: the flow joins 'b', no node of this process"),
        ('sourceRef="start"', "", "start-a: the flow joins '', no node of this process"),
        ("definitions", "drawing", "<drawing> is not a BPMN file; its root is <definitions>"),
    ],
)  # fmt: skip
def test_a_careless_edit_is_refused_by_name(old, new, said):
    assert said in refusal({"main.bpmn": CHAIN.decode().replace(old, new).encode()})


def test_a_second_participant_is_refused_by_name():
    pools = '<bpmn:collaboration id="c"><bpmn:participant id="p1"/><bpmn:participant id="p2"/></bpmn:collaboration>'
    file = CHAIN.replace(b"</bpmn:definitions>", pools.encode() + b"</bpmn:definitions>")
    assert "p2: a second participant" in refusal({"main.bpmn": file})


def test_a_message_between_participants_is_refused_by_name():
    pools = '<bpmn:collaboration id="c"><bpmn:messageFlow id="m"/></bpmn:collaboration>'
    file = CHAIN.replace(b"</bpmn:definitions>", pools.encode() + b"</bpmn:definitions>")
    assert "m: <messageFlow> is not supported in <collaboration>" in refusal({"main.bpmn": file})


@pytest.mark.parametrize("identifier", ["Start", "End", "a:1", "a/b", "步骤", "1a", "a" * 65])
def test_an_id_that_cannot_be_part_of_a_task_key_is_refused_by_name(identifier):
    file = CHAIN.decode().replace('"a"', f'"{identifier}"').replace(">a<", f">{identifier}<").encode()
    assert f"{identifier}: '{identifier}' cannot be the id of <userTask>" in refusal({"main.bpmn": file})
