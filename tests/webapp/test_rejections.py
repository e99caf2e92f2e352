"""A rejection (不通过) names its ground, of a closed list for each seat, and says why: domain 3.0.1, 3.1.5."""

import pytest

from models import ChangeRequest, SchoolPlaces
from models.enums import CaseState, Outcome
from tests.webapp.road import Road, work_off
from tests.webapp.site import Site, Visitor, said
from webapp.services.cases.decisions import decide
from webapp.services.cases.rejections import GroundNotListed

DATA_WRONG = "The student’s data are wrong 全国学籍系统业务校验（错误代码 2001）"


@pytest.fixture
def case(road: Road) -> ChangeRequest:
    """A case that waits for the releasing school's registrar."""
    case = road.applied()
    road.approve_until(case, "out_registrar")
    return case


@pytest.fixture
def registrar(site: Site, road: Road, case: ChangeRequest) -> Visitor:
    return site.visitor(road.officer(road.open_task(case)))


@pytest.mark.parametrize("code", [None, "", "UNPAID_FEES", "NO_PLACE", "OTHER"])
def test_the_releasing_side_rejects_on_a_listed_ground_alone_and_is_told_which_there_are(
    road: Road, code: str | None
) -> None:
    case = road.applied()
    task = road.approve_until(case, "out_registrar")
    how = {"outcome": Outcome.REJECT, "version": case.version, "opinion": "学费未交", "code": code}
    with pytest.raises(GroundNotListed) as refused:
        decide(road.session, road.officer(task), task.id, **how)
    assert [ground.code for ground in refused.value.facts["listed"]] == [
        "DATA_WRONG",
        "BUSINESS_OPEN",
        "PROBLEM_OPEN",
        "SUSPENDED",
        "SANCTIONED",
        "GRADUATING",
    ]
    assert "DATA_WRONG The student’s data are wrong" in str(refused.value)
    road.session.rollback()
    assert road.state_of(case) == CaseState.IN_REVIEW


def test_the_page_offers_the_grounds_of_the_seat_with_their_sources(
    registrar: Visitor, road: Road, case: ChangeRequest
) -> None:
    page = registrar.get(f"/tasks/{road.open_task(case).id}")
    assert DATA_WRONG in said(page)
    assert 'name="code" value="GRADUATING"' in page.text
    for of_others in ("NO_PLACE", "OTHER"):
        assert f'value="{of_others}"' not in page.text


def test_whoever_rejects_without_a_ground_reads_which_there_are_and_keeps_what_he_wrote(
    registrar: Visitor, road: Road, case: ChangeRequest
) -> None:
    answer = registrar.decides(road.open_task(case), case.version, outcome="reject", opinion="姓名不一致")
    assert answer.status_code == 422
    assert "Choose on which ground it is rejected: The student’s data are wrong, Other business" in said(
        answer
    )
    assert "姓名不一致" in answer.text
    assert "data-reject open>" in answer.text


def test_whoever_rejects_without_a_reason_keeps_the_ground_that_he_chose(
    registrar: Visitor, road: Road, case: ChangeRequest
) -> None:
    answer = registrar.decides(road.open_task(case), case.version, outcome="reject", code="SANCTIONED")
    assert (answer.status_code, "Say why" in said(answer)) == (422, True)
    assert 'value="SANCTIONED" checked' in answer.text


def test_the_ground_whose_rule_stands_against_a_case_is_chosen_already(site: Site, road: Road) -> None:
    case = road.applied()
    places = SchoolPlaces(school_id=road.receiving.id, grade=road.form.grade, capacity=0)
    road.session.add(places)
    road.session.commit()
    task = road.open_task(case)
    page = site.visitor(road.officer(task)).get(f"/tasks/{task.id}")
    assert 'value="NO_PLACE" checked' in page.text


def test_family_and_officers_read_the_ground_and_its_source_beside_the_reason(
    site: Site, registrar: Visitor, road: Road, case: ChangeRequest
) -> None:
    task = road.open_task(case)
    answer = registrar.decides(task, case.version, outcome="reject", code="DATA_WRONG", opinion="姓名不一致")
    assert answer.status_code == 303
    assert road.state_of(case) == CaseState.REJECTED
    work_off(road.session)
    for reader, path in (
        (registrar, f"/tasks/{task.id}"),
        (registrar, f"/cases/{case.id}"),
        (site.visitor(road.guardian), f"/cases/{case.id}"),
    ):
        assert f"{DATA_WRONG} 姓名不一致" in reader.reads(path)
    assert f"{DATA_WRONG} 姓名不一致" in site.visitor(road.guardian).reads("/notices")
    chinese = site.visitor(road.guardian, "zh_Hans_CN").reads("/notices")
    assert "学生信息有误 全国学籍系统业务校验（错误代码 2001）" in chinese


def test_the_same_words_on_another_ground_are_no_repetition(
    registrar: Visitor, road: Road, case: ChangeRequest
) -> None:
    task, version = road.open_task(case), case.version
    for code, status in (("DATA_WRONG", 303), ("DATA_WRONG", 303), ("SUSPENDED", 409)):
        answer = registrar.decides(task, version, outcome="reject", code=code, opinion="请先更正")
        assert answer.status_code == status
