"""What the national platform finds wrong is mended in place, and validated again (domain 3.1.4)."""

import pytest

from models import Student
from models.enums import CaseState
from tests.webapp.outside.answers import agrees, told
from webapp.services.cases.corrections import resubmit
from webapp.services.exchange.newcomers import AnotherChild, NothingToCorrect, correct
from webapp.services.exchange.outside import Code, NothingToValidate, refuse_validation

pytestmark = pytest.mark.slow


def test_what_the_platform_found_goes_back_and_is_validated_again(inbound, asked, partner, here) -> None:
    task = inbound.open_task(asked)
    codes = [Code.DATA_WRONG, Code.BUSINESS_OPEN]
    refuse_validation(here, task.id, codes, actor_id=partner.id, evidence=told())
    here.commit()
    assert inbound.state_of(asked) == CaseState.RETURNED
    resubmit(here, inbound.guardian, asked.id)
    assert inbound.open_task(asked).step == "validation"


def test_name_and_number_are_corrected_in_place_and_the_case_goes_on(inbound, asked, partner, here) -> None:
    task = inbound.open_task(asked)
    refuse_validation(here, task.id, [Code.DATA_WRONG], actor_id=partner.id, evidence=told())
    here.commit()
    correct(here, inbound.guardian, asked.id, "林晓禾", inbound.student.registry_number)
    for _ in ("validation", "outside_releasing"):
        agrees(partner, inbound, asked)
    assert inbound.approve(asked) == CaseState.COMPLETED
    assert here.get_one(Student, inbound.student.id).name == "林晓禾"


def test_the_history_says_what_was_corrected(inbound, asked, partner, here) -> None:
    before = inbound.student.name
    task = inbound.open_task(asked)
    refuse_validation(here, task.id, [Code.DATA_WRONG], actor_id=partner.id, evidence=told())
    here.commit()
    correct(here, inbound.guardian, asked.id, "林晓禾", inbound.student.registry_number)
    here.refresh(asked)
    assert asked.events[-1].payload["corrected"] == {"name": [before, "林晓禾"]}


def test_a_correction_does_not_put_another_child_into_the_place_of_the_one_agreed_to(
    inbound, asked, partner, here
) -> None:
    task = inbound.open_task(asked)
    refuse_validation(here, task.id, [Code.DATA_WRONG], actor_id=partner.id, evidence=told())
    here.commit()
    number = inbound.student.registry_number
    with pytest.raises(AnotherChild):
        correct(
            here,
            inbound.guardian,
            asked.id,
            "另一个孩子",
            f"{number[:-1]}{'1' if number[-1] == '0' else '0'}",
        )
    here.rollback()
    assert inbound.state_of(asked) == CaseState.RETURNED


def test_another_child_is_not_put_in_in_two_rounds_either(inbound, asked, partner, here) -> None:
    def at_fault() -> None:
        task = inbound.open_task(asked)
        refuse_validation(here, task.id, [Code.DATA_WRONG], actor_id=partner.id, evidence=told())
        here.commit()

    at_fault()
    number = inbound.student.registry_number
    correct(here, inbound.guardian, asked.id, "林晓禾", number)
    at_fault()
    correct(here, inbound.guardian, asked.id, "林小荷", number)
    at_fault()
    other = f"{number[:-1]}{'1' if number[-1] == '0' else '0'}"
    with pytest.raises(AnotherChild):
        correct(here, inbound.guardian, asked.id, "林小荷", other)


def test_name_and_number_are_not_changed_unless_the_platform_found_them_wrong(
    inbound, asked, partner, here
) -> None:
    number = inbound.student.registry_number
    with pytest.raises(NothingToCorrect):
        correct(here, inbound.guardian, asked.id, "林晓禾", number)
    here.rollback()
    task = inbound.open_task(asked)
    refuse_validation(here, task.id, [Code.BUSINESS_OPEN], actor_id=partner.id, evidence=told())
    here.commit()
    with pytest.raises(NothingToCorrect):
        correct(here, inbound.guardian, asked.id, "林晓禾", number)


def test_only_the_validation_is_answered_with_codes(inbound, asked, partner, here) -> None:
    agrees(partner, inbound, asked)
    task = inbound.open_task(asked)
    with pytest.raises(NothingToValidate):
        refuse_validation(here, task.id, [Code.PROBLEM_OPEN], actor_id=partner.id, evidence=told())
