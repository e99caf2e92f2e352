"""Who comes too late, twice, without right or with a forged form changes nothing and reads why."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from models import Account
from models.enums import CaseState, Role
from tests.webapp.road import DATA_WRONG, TERM_BEGINS
from tests.webapp.site import said
from webapp import clock
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


def test_a_colleague_who_comes_second_reads_who_decided_and_when(site, registrar, road, case, task):
    version = case.version
    registrar.decides(task, version)
    colleague = makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    again = site.visitor(colleague).decides(task, version)
    assert again.status_code == 409
    assert f"{road.receiving.name} (Registrar) decided this at 09:00: Approved." in said(again)
    road.session.refresh(case)
    assert case.event_count == 2


def test_of_two_officers_at_once_one_decides_and_the_other_reads_it(site, road, case, task):
    colleague = makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    road.session.commit()
    visitors = [site.visitor(road.officer(task)), site.visitor(colleague)]
    version = case.version
    tokens = [visitor.token() for visitor in visitors]
    sent = [
        {"csrf_token": token, "outcome": outcome, "version": version, "opinion": "seen", "code": DATA_WRONG}
        for token, outcome in zip(tokens, ("approve", "reject"), strict=True)
    ]
    with ThreadPoolExecutor(2) as threads:
        answers = threads.map(
            lambda visitor, data: visitor.client.post(f"/tasks/{task.id}/decide", data=data), visitors, sent
        )
    statuses = sorted(answer.status_code for answer in answers)
    road.session.refresh(case)
    assert statuses == [303, 409]
    assert case.event_count == 2


def test_a_case_that_changed_since_the_page_was_opened_is_looked_at_again(registrar, road, case, task):
    answer = registrar.decides(task, case.version - 1)
    assert answer.status_code == 409
    assert "The case changed since you opened this page." in said(answer)


def test_a_task_of_a_withdrawn_case_is_closed(registrar, site, road, case, task):
    site.visitor(road.guardian).post(f"/cases/{case.id}/withdraw", confirmed="y")
    assert "The applicant withdrew the application at 09:00, so this task is closed" in registrar.reads(
        f"/tasks/{task.id}"
    )
    assert registrar.decides(task, case.version).status_code == 409


@pytest.mark.parametrize(
    ("task_id", "status"), [("0", 404), ("999999999", 404), ("9" * 30, 404), ("-1", 404), ("x", 404)]
)
def test_a_task_that_does_not_exist_is_told(registrar, task_id, status):
    assert registrar.get(f"/tasks/{task_id}").status_code == status
    assert registrar.post(f"/tasks/{task_id}/decide", outcome="approve", version=1).status_code == status


def test_whoever_sees_the_case_but_is_not_asked_reads_and_does_not_decide(site, road, case, task):
    for (_, role), officer in road.officers.items():
        if officer == road.officer(task):
            continue
        visitor = site.visitor(officer)
        assert "data-actions" not in visitor.get(f"/tasks/{task.id}").text, role
        assert visitor.decides(task, case.version).status_code == 403


def test_nobody_decides_on_his_own_child(site, road, case, task):
    colleague = makers.an_account(road.session, "家长老师")
    makers.a_guardian(road.session, road.student, account=colleague)
    teacher = makers.an_officer(road.session, road.receiving, Role.REGISTRAR, account=colleague)
    road.session.commit()
    visitor = site.visitor(teacher)
    assert "a colleague must decide it" in visitor.reads(f"/tasks/{task.id}")
    assert visitor.decides(task, case.version).status_code == 403


def test_whoever_took_the_step_before_sees_why_another_must_take_this_one(site, road, case, task):
    holder = road.session.get_one(Account, road.officer(task).account_id)
    both = makers.an_officer(road.session, road.receiving, Role.LEAD, account=holder)
    road.session.commit()
    visitor = site.visitor(both)
    visitor.decides(task, case.version)
    following = road.open_task(case)
    page = visitor.reads(f"/tasks/{following.id}")
    assert "You already decided the step “转入学校核对” of this case" in page
    assert visitor.decides(following, case.version).status_code == 403


def test_a_decision_without_the_token_of_its_form_is_refused(registrar, road, case, task):
    forged = {"outcome": "approve", "version": case.version, "csrf_token": "made up"}
    answer = registrar.client.post(f"/tasks/{task.id}/decide", data=forged)
    assert answer.status_code == 400
    assert "This form is no longer valid" in said(answer)
    assert road.state_of(case) == CaseState.IN_REVIEW
    assert road.open_task(case).id == task.id


def test_a_decision_sent_after_the_sign_in_ended_is_not_taken(registrar, road, case, task):
    token = registrar.token()
    with clock.freeze(TERM_BEGINS + timedelta(days=2)):
        answer = registrar.client.post(
            f"/tasks/{task.id}/decide",
            data={"outcome": "approve", "version": case.version, "csrf_token": token},
        )
        page = said(registrar.get(answer.location))
    assert answer.location.startswith("/sign-in")
    assert "what you sent was not taken" in page
    assert road.open_task(case).id == task.id
