"""Steps that several sign, and outcomes that a step names itself, are seen to the end like others."""

import pytest

from tests.workflows.check.drawings import errors, report

SIGNED = {"role": "lead handler registrar"}


@pytest.mark.parametrize("mode", ["all", "any", "sequence"])
def test_what_several_sign_in_every_order_is_sound(mode):
    found = report(
        "start > a > b > x", "x > a if outcome('b') == 'again'", "x > end else",
        a=SIGNED | {"mode": mode}, b={"outcomes": "approve again"},
    )  # fmt: skip
    assert (errors(found), found.gave_up) == ([], False)


def test_a_signature_beside_a_branch_that_never_comes_is_a_deadlock():
    ways = [
        "start > p_split",
        "p_split > a > p_join",
        "p_split > x",
        "x > p_join if grade > 3",
        "x > end1 else",
    ]
    found = report(*ways, "p_join > end2", a=SIGNED | {"mode": "all"})
    assert [finding.code for finding in errors(found)] == ["deadlock"]


def test_an_outcome_that_a_step_names_itself_can_be_asked_for():
    found = report(
        "start > a > x", "x > b > end1 if outcome('a') == 'on_site'", "x > end2 else",
        a={"outcomes": "approve on_site", "named": {"on_site": "需要现场核查"}},
    )  # fmt: skip
    assert errors(found) == []
