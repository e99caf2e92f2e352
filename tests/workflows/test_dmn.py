"""A decision table is read as dmn-js writes it, and what would be left unread is refused by name."""

import pytest

from tests.workflows.tables import a_file, refusal
from workflows.decisions import Hit
from workflows.dmn import read_decisions
from workflows.xml import XmlError

AS_DMN_JS_WRITES_IT = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
             xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"
             xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"
             xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0"
             id="transfer" name="转学" namespace="http://example.org/dmn" exporter="dmn-js" exporterVersion="10.1.0">
  <decision id="transfer_levels" name="核办到哪一级">
    <description>各省不同</description>
    <informationRequirement id="need_1"><requiredInput href="#student" /></informationRequirement>
    <authorityRequirement id="law_1"><requiredAuthority href="#law" /></authorityRequirement>
    <decisionTable id="transfer_levels_table">
      <input id="stage_in" label="学段" biodi:width="192">
        <inputExpression id="stage_expression" typeRef="string"><text>stage</text></inputExpression>
      </input>
      <input id="far_in">
        <inputExpression id="far_expression" typeRef="boolean"><text>distance &gt; limit</text></inputExpression>
      </input>
      <output id="top_out" label="核办到" name="top" typeRef="string" biodi:width="192" />
      <output id="days_out" name="days" typeRef="integer" />
      <rule id="compulsory">
        <description>教基一〔2013〕7号</description>
        <inputEntry id="entry_1"><text>"compulsory"</text></inputEntry>
        <inputEntry id="entry_2"><text></text></inputEntry>
        <outputEntry id="entry_3"><text>"county"</text></outputEntry>
        <outputEntry id="entry_4"><text>10</text></outputEntry>
      </rule>
      <rule id="senior_high_far">
        <inputEntry id="entry_5"><text>not("compulsory")</text></inputEntry>
        <inputEntry id="entry_6"><text>true</text></inputEntry>
        <outputEntry id="entry_7"><text>"city"</text></outputEntry>
        <outputEntry id="entry_8"><text>step_limit + 5</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <inputData id="student" name="学生" />
  <knowledgeSource id="law" name="学籍管理办法" />
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="diagram_1">
      <dmndi:DMNShape id="shape_1" dmnElementRef="transfer_levels">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def test_a_file_as_dmn_js_writes_it_is_read_whole():
    table = read_decisions(AS_DMN_JS_WRITES_IT.encode(), "transfer.dmn")["transfer_levels"]
    assert (table.name, table.hit_policy) == ("核办到哪一级", "UNIQUE")
    assert [(column.name, column.type) for column in table.inputs] == [
        ("学段", "string"),
        ("distance > limit", "boolean"),
    ]
    assert [(column.name, column.type) for column in table.outputs] == [
        ("top", "string"),
        ("days", "integer"),
    ]
    assert [(rule.id, rule.row, rule.annotation) for rule in table.rules] == [
        ("compulsory", 1, "教基一〔2013〕7号"),
        ("senior_high_far", 2, ""),
    ]
    assert table.names == {"stage", "distance", "limit", "step_limit"}


def test_a_table_answers_with_the_outputs_of_its_rule():
    table = read_decisions(AS_DMN_JS_WRITES_IT.encode(), "transfer.dmn")["transfer_levels"]
    facts = {"stage": "senior_high", "distance": 3, "limit": 2, "step_limit": 10}
    assert table.hits(facts) == (Hit("senior_high_far", 2, {"top": "city", "days": 15}),)
    assert table.decide(facts) == {"top": "city", "days": 15}
    assert table.decide(facts | {"distance": 1}) is None


@pytest.mark.parametrize(
    ("kind", "cell", "named"),
    [
        ("string", "12", "12 is not of type string"),
        ("integer", "1.5", "1.5 is not of type integer"),
        ("number", "x == 1", "x == 1 is not of type number"),
        ("string", '"a","b"', "not allowed"),
        ("string", 'outcome("in_county")', "not the outcome of a step"),
        ("string", "x.y", "'.y' at column 2 is not allowed"),
    ],
)
def test_an_output_that_cannot_fit_is_refused_with_its_place(kind, cell, named):
    message = refusal(a_file([], [[cell]], outputs=[("verdict", kind)]))
    assert message.startswith("t.dmn: table 't': line 1, rule 1: column 'verdict': ")
    assert named in message


PLAIN = a_file([("x", "string")], [['"a"', '"ok"']]).decode()


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("20191111/MODEL", "20180521/MODEL", "is not the definitions element of DMN 1.3"),
        ('"COLLECT"', '"PRIORITY"', "hit policy 'PRIORITY' is not supported; take one of UNIQUE FIRST COLLECT"),
        ('"COLLECT"', '"RULE ORDER"', "hit policy 'RULE ORDER' is not supported"),
        ('"COLLECT"', '"COLLECT" aggregation="SUM"', "aggregation SUM is not supported"),
        (' id="t"', "", "line 1: decision has no id"),
        (' id="r1"', "", "rule has no id"),
        (' name="verdict"', "", "output has no name"),
        ('name="verdict"', 'name="Verdict"', "column 'Verdict': 'Verdict' at column 1 is not allowed"),
        ('name="verdict"', 'name="true"', "column 'true': an output is named like a fact"),
        ('id="e0" typeRef="string"', 'id="e0"', "column 'x': typeRef '' is not supported"),
        ('typeRef="string"', 'typeRef="dateTime"', "typeRef 'dateTime' is not supported"),
        ("<text>x</text>", "<text>x.y</text>", "column 'x.y': '.y' at column 2 is not allowed"),
        ("<text>x</text>", "<text>x > 1</text>", "x > 1 is not of type string"),
        ("<text>x</text>", "<text />", "column '': an expression cannot be empty"),
        ("<text>x</text>", '<text>outcome("s")</text>', "not the outcome of a step"),
        ("<inputEntry>", "<inputEntry expressionLanguage='groovy'>", "expressionLanguage groovy is not supported"),
        ("</rule>", "<inputEntry><text>-</text></inputEntry></rule>", "rule 1: a rule has one entry for each input"),
        ("<output ", "<defaultOutputEntry /><output ", "defaultOutputEntry inside decisionTable is not supported"),
        ("<rule ", "<annotation name='依据' /><rule ", "annotation inside decisionTable is not supported"),
        ("</rule>", "<annotationEntry /></rule>", "annotationEntry inside rule is not supported"),
        ("</input>", "<inputValues /></input>", "inputValues inside input is not supported"),
        ("<decision ", "<businessKnowledgeModel /><decision ", "businessKnowledgeModel inside definitions"),
        ("<decisionTable", "<informationRequirement><requiredDecision /></informationRequirement><decisionTable",
         "requiredDecision inside informationRequirement is not supported"),
        ("decisionTable", "literalExpression", "literalExpression inside decision is not supported"),
    ],
)  # fmt: skip
def test_what_would_be_left_unread_is_refused_by_name(old, new, named):
    assert old in PLAIN
    assert named in refusal(PLAIN.replace(old, new).encode())


def test_doubles_are_refused_by_name():
    rule = '"a"', '"ok"'
    assert "input 'x' is there 2 times" in refusal(a_file([("x", "string"), ("x", "string")], []))
    assert "output 'y' is there 2 times" in refusal(a_file([], [], outputs=[("y", "string")] * 2))
    assert "rule 'r1' is there 2 times" in refusal(
        a_file([("x", "string")], [rule] * 2).replace(b'"r2"', b'"r1"')
    )
    decision = PLAIN[PLAIN.index("<decision ") : PLAIN.index("</definitions>")]
    assert "decision 't' is there 2 times" in refusal(PLAIN.replace(decision, decision * 2).encode())


def test_a_table_too_large_to_check_is_refused():
    many = [["-", '"ok"']] * 1001
    assert "at most 1,000 rules" in refusal(a_file([("x", "string")], many))


def test_a_decision_without_a_table_is_refused():
    assert "there is no decisionTable" in refusal(
        PLAIN[: PLAIN.index("<decisionTable")].encode() + b"</decision></definitions>"
    )


def test_a_table_without_outputs_is_refused():
    assert "a table has an output" in refusal(a_file([("x", "string")], [], outputs=[]))


def test_xml_that_is_not_safe_never_becomes_a_table():
    with pytest.raises(XmlError, match="DOCTYPE"):
        read_decisions(b"<!DOCTYPE a>" + PLAIN.encode(), "t.dmn")
