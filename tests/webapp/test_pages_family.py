"""What a family sees and does: its children, an application step by step, and the case it follows."""

import io
import re

import pytest
from sqlalchemy import select

from models import ChangeRequest
from models.enums import CaseState, Outcome, OverlayKind, Role
from tests.webapp.road import A_PNG, Road
from tests.webapp.site import Site, Visitor, said
from webapp.services.cases.applications import draft_of
from webapp.services.cases.corrections import withdraw
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


@pytest.fixture
def family(site: Site, road: Road) -> Visitor:
    return site.visitor(road.guardian)


def application(road: Road, part: str = "") -> str:
    return f"/children/{road.student.id}/transfer{part}"


def details(road: Road, **changed: object) -> dict[str, object]:
    return {"grade": "3", "reason": "household_move", "note": "moved in August"} | changed


def photo(name: str = "photo.png", data: bytes = A_PNG) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def test_the_first_page_of_a_family_shows_its_children_and_what_can_be_done(family, road):
    page = family.reads("/")
    assert road.student.name in page
    assert f"{road.releasing.name} · Grade 3" in page
    assert "Apply for a transfer" in page


def test_an_open_case_is_told_in_one_plain_sentence(site, road):
    road.approve_until(road.applied(), "releasing_authorities/out_county")
    page = site.visitor(road.guardian, language="zh_Hans_CN").reads("/")
    assert "新安县教育局审核中，还剩 10 个工作日" in page


def test_the_whole_application_is_made_step_by_step(family, road):
    search = family.reads(application(road, f"?division=410325&name={road.receiving.name}"))
    assert road.receiving.name in search
    saved = family.post(application(road, f"/to/{road.receiving.id}"), **details(road))
    assert saved.location == application(road, "/papers")
    assert "Proof of residence Required" in family.reads(saved.location)
    uploaded = family.post(saved.location, kind="proof_of_residence", file=photo())
    assert uploaded.status_code == 303
    check = family.get(application(road, "/check"))
    assert "No rule stands against it." in said(check)
    submitted = family.post(re.search(r'action="([^"]+/submit/\d+)"', check.text)[1])
    case = road.session.scalars(
        select(ChangeRequest).where(ChangeRequest.student_id == road.student.id)
    ).one()
    assert case.state == CaseState.IN_REVIEW
    assert case.number in family.reads(submitted.location)


def test_a_draft_is_kept_and_found_again_as_it_was(family, road):
    family.post(application(road, f"/to/{road.receiving.id}"), **details(road, reason="parent_job_move"))
    page = family.get(application(road, f"/to/{road.receiving.id}")).text
    assert re.search(r'value="parent_job_move"[^>]*checked|checked[^>]*value="parent_job_move"', page)
    assert "moved in August" in page
    assert "Go on with the application" in family.reads("/")


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"grade": "10"}, "Grade to enter"),
        ({"grade": "third"}, "Grade to enter"),
        ({"reason": "no such reason"}, "Why the child changes school"),
        ({"reason": ""}, "Why the child changes school"),
        ({"note": "x" * 501}, "500"),
        ({"note": "a\x00b"}, "This holds a character that cannot be written."),
    ],
)
def test_what_was_filled_in_wrongly_is_told_and_what_was_typed_is_kept(family, road, changed, complaint):
    answer = family.post(application(road, f"/to/{road.receiving.id}"), **details(road, **changed))
    assert answer.status_code == 422
    assert complaint in said(answer)
    assert changed.get("note", "moved in August")[:10] in answer.text
    assert draft_of(road.session, road.guardian, road.student.id) is None


@pytest.mark.parametrize(
    ("search", "status"),
    [("?name=x" + "x" * 100, 422), ("?name=a%00b", 422), ("?division=990101", 422), ("?name=%25", 200)],
)
def test_a_hostile_search_finds_nothing_and_breaks_nothing(family, road, search, status):
    answer = family.get(application(road, search))
    assert answer.status_code == status
    assert road.receiving.name not in said(answer)


def test_a_bureau_is_no_school_to_go_to(family, road):
    assert family.get(application(road, f"/to/{road.receiving.superior_id}")).status_code == 404


def test_every_broken_rule_and_missing_paper_is_told_at_once_with_source_and_remedy(family, road):
    makers.an_overlay(road.session, road.student, OverlayKind.PROBLEM)
    makers.some_places(road.session, road.receiving, 3, 0)
    road.session.commit()
    family.post(application(road, f"/to/{road.receiving.id}"), **details(road))
    page = family.reads(application(road, "/check"))
    for words in ("H2", "Not possible", "T-P8", "Please note", "全国学籍系统", road.releasing.name):
        assert words in page
    assert "Still missing: Proof of residence" in page
    assert "It cannot be submitted yet" in page


def test_what_may_not_be_submitted_is_refused_by_the_server_too(family, road):
    draft = road.draft()
    makers.an_overlay(road.session, road.student, OverlayKind.PROBLEM)
    road.session.commit()
    answer = family.post(application(road, f"/submit/{draft.id}"))
    assert answer.status_code == 422
    assert "H2" in said(answer)
    road.session.refresh(draft)
    assert draft.state == CaseState.DRAFT


def test_the_way_is_shown_with_offices_limits_and_which_steps_are_skipped(family, road):
    road.draft()
    page = family.reads(application(road, "/check"))
    assert f"{road.receiving.name} Registrar 转入学校核对 at most 10 working days until Wed 24 Sep" in page
    assert "7 steps are skipped" in page
    assert "转入市级核办 : this level does not decide on this" in page


def test_submitting_twice_makes_one_case(family, road):
    draft = road.draft()
    answers = [family.post(application(road, f"/submit/{draft.id}")) for _ in range(2)]
    assert [answer.location for answer in answers] == [f"/cases/{draft.id}"] * 2
    road.session.refresh(draft)
    assert draft.event_count == 1


def test_a_second_application_meets_the_open_one(site, family, road):
    road.applied()
    family.post(application(road, f"/to/{road.receiving.id}"), **details(road))
    page = family.reads(application(road, "/check"))
    assert "H1" in page
    assert "Who can solve it: the family" in page
    assert f"Who can solve it: {road.releasing.name}" not in page


@pytest.mark.parametrize("language", ["en", "zh_Hans_CN"])
def test_somebody_elses_child_is_refused_in_words(site, road, language):
    other = makers.a_guardian(road.session, makers.a_student(road.session, road.releasing))
    answer = site.visitor(other, language).get(application(road))
    assert answer.status_code == 403
    words = {"en": "not of a child you are the guardian of", "zh_Hans_CN": "您不是该学生的监护人"}
    assert words[language] in said(answer)


def test_a_draft_is_nobody_elses(site, road):
    makers.a_guardian(road.session, road.student, name="父亲")
    draft = road.draft()
    father = makers.a_guardian(road.session, road.student)
    assert site.visitor(father).post(application(road, f"/submit/{draft.id}")).status_code == 404
    assert "Go on with the application" not in site.visitor(father).reads("/")


def test_the_case_tells_who_did_what_when_and_why(family, road):
    case = road.applied()
    road.decide(case, Outcome.APPROVE, "材料齐全")
    page = family.reads(f"/cases/{case.id}")
    assert f"Approved 转入学校核对 {road.receiving.name} Registrar 09:00 材料齐全" in page
    assert "Now 转入学校审核 10 working days left" in page
    assert 'bpmn-current" data-step="in_lead"' in family.get(f"/cases/{case.id}").text


def test_the_family_reads_offices_and_not_the_names_of_officers(family, site, road):
    case = road.applied()
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    road.approve(case)
    assert registrar.name not in family.reads(f"/cases/{case.id}")
    assert registrar.name in site.visitor(registrar).reads(f"/cases/{case.id}")


def test_a_rejected_case_says_why(family, road):
    case = road.applied()
    road.approve_until(case, "releasing_authorities/out_county")
    road.decide(case, Outcome.REJECT, "学籍信息有误，请先到学校更正")
    page = family.reads(f"/cases/{case.id}")
    assert "Rejected 转出县级核办" in page
    assert 'bpmn-rejected" data-step="releasing_authorities"' in family.get(f"/cases/{case.id}").text
    assert "学籍信息有误，请先到学校更正" in page
    assert "Apply for a transfer" in family.reads("/")


def test_withdrawing_asks_for_a_confirmation(family, road):
    case = road.applied()
    refused = family.post(f"/cases/{case.id}/withdraw")
    assert refused.status_code == 422
    assert "that cannot be undone" in said(refused)
    family.post(f"/cases/{case.id}/withdraw", confirmed="y")
    road.session.refresh(case)
    assert case.state == CaseState.WITHDRAWN


def test_after_an_authority_decided_nothing_is_withdrawn(family, road):
    case = road.applied()
    road.approve(case, times=3)
    assert "cannot be withdrawn any more" in family.reads(f"/cases/{case.id}")
    answer = family.post(f"/cases/{case.id}/withdraw", confirmed="y")
    assert answer.status_code == 409
    assert "An authority has already decided" in said(answer)


def test_an_ended_case_is_not_withdrawn_again(family, road):
    case = road.applied()
    withdraw(road.session, road.guardian, case.id)
    assert family.post(f"/cases/{case.id}/withdraw", confirmed="y").status_code == 409
