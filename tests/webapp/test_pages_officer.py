"""A task as an officer sees it: all that he weighs, his decision, and everything that is refused."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from models import Paper
from models.enums import CaseState, NumberKind, OverlayKind, Stage
from tests.webapp.changed_processes import in_force, with_step
from tests.webapp.road import a_fujian_road, a_road
from tests.webapp.site import said
from webapp import clock
from webapp.database import db
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

NUMBER = "G990101201405060015"


def test_a_task_shows_before_and_after_against_the_record_of_today(registrar, road, task):
    page = registrar.reads(f"/tasks/{task.id}")
    assert f"School {road.releasing.name} {road.receiving.name} Grade Grade 3" in page
    road.student.enrolments[0].grade = 4
    road.session.commit()
    assert "Grade Grade 4 Grade 3" in registrar.reads(f"/tasks/{task.id}")


def test_a_record_that_changed_since_is_told(registrar, road, case, task):
    assert "The record changed since" not in registrar.reads(f"/tasks/{task.id}")
    road.student.version += 1
    road.session.commit()
    assert "The record changed since the application was made." in registrar.reads(f"/tasks/{task.id}")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "(Handler) filed this at 09:00."), ("zh_Hans_CN", "经办人已于 09:00 办理备案。")],
)
def test_a_filing_is_told_as_such_and_its_step_has_the_tick(site, session, language, words):
    road = a_fujian_road(session)
    case = road.applied()
    road.approve_until(case, "file_county")
    filing = road.open_task(case)
    officer = site.visitor(road.officer(filing), language)
    officer.decides(filing, case.version, outcome="acknowledge")
    page = officer.get(f"/tasks/{filing.id}")
    assert words in said(page)
    assert 'bpmn-done" data-step="file_county"' in page.text
    assert 'bpmn-rejected" data-step' not in page.text


def test_of_two_authorities_that_decide_at_once_the_first_reads_that_the_case_waits_for_the_other(
    site, session
):
    road = a_road(session, releasing_in="410325", receiving_in="350203", stage=Stage.VOCATIONAL, grade=1)
    road.receiving.school_code = "3635000099"
    case = road.applied()
    while len(tasks := road.open_tasks(case)) == 1:
        road.approve(case)
    for task, told in zip(
        tasks,
        (
            "The case goes on as soon as all others have decided, too.",
            "This was the last decision: it has taken effect.",
        ),
        strict=True,
    ):
        with clock.freeze(clock.now() + timedelta(minutes=1)):
            session.expire_all()
            officer = site.visitor(road.officer(task))
            officer.decides(task, case.version)
            assert f"Approved. {told}" in officer.reads("/inbox")


@contextmanager
def ends_of_transactions(engine):
    """How each transaction ends meanwhile."""
    ended = []

    def commits(_):
        ended.append("commit")

    def rolls_back(_):
        ended.append("rollback")

    for name, note in (("commit", commits), ("rollback", rolls_back)):
        event.listen(engine, name, note)
    yield ended
    for name, note in (("commit", commits), ("rollback", rolls_back)):
        event.remove(engine, name, note)


def test_nothing_is_read_after_a_decision_or_a_look_is_committed(registrar, site, session, case, task):
    """It would end with ROLLBACK, after which psycopg forgets all that it has prepared: four times slower."""
    with site.app.app_context():
        engine = db.engine
    paper = session.scalars(select(Paper.id).where(Paper.change_request_id == case.id).limit(1)).one()
    with ends_of_transactions(engine) as ended:
        assert registrar.get(f"/papers/{paper}").status_code == 200
        registrar.get("/inbox")
        assert ended == ["commit", "commit"]
        assert registrar.decides(task, case.version).status_code == 303
    assert ended[-1] == "commit"


def test_numbers_that_identify_people_are_masked(registrar, road, case, task):
    road.student.registry_number, road.student.number_kind = NUMBER, NumberKind.FORMAL
    road.session.commit()
    pages = [registrar.get(f"/tasks/{task.id}").text, registrar.get(f"/cases/{case.id}").text]
    assert "G990***********0015" in pages[0]
    assert all(NUMBER not in page and "20140506" not in page for page in pages)


def test_the_rules_are_shown_as_of_today_without_the_case_itself(registrar, road, task):
    assert "No rule stands against it." in registrar.reads(f"/tasks/{task.id}")
    makers.an_overlay(road.session, road.student, OverlayKind.PROBLEM)
    road.session.commit()
    page = registrar.reads(f"/tasks/{task.id}")
    assert "Not possible H2" in page
    assert "H1" not in page


def test_a_school_without_a_free_place_cannot_approve(registrar, road, case, task):
    makers.some_places(road.session, road.receiving, 3, 0)
    road.session.commit()
    page = registrar.get(f"/tasks/{task.id}")
    assert re.search(r"data-approve disabled", page.text)
    assert re.search(r"<textarea[^>]*>\s*No free place</textarea>", page.text)
    refused = registrar.decides(task, case.version)
    assert refused.status_code == 422
    assert "T-P8" in said(refused)
    assert road.state_of(case) == CaseState.IN_REVIEW


def test_approving_hands_the_case_on_and_leads_back_to_the_list(registrar, road, case, task):
    answer = registrar.decides(task, case.version, opinion="材料齐全")
    assert answer.location == "/inbox"
    assert "The case went on." in registrar.reads("/inbox")
    assert road.open_task(case).step == "in_lead"


def test_the_last_approval_says_that_it_has_taken_effect(site, road, case):
    task = road.approve_until(case, "releasing_authorities/out_county")
    officer = site.visitor(road.officer(task))
    officer.decides(task, case.version)
    assert "it has taken effect" in officer.reads("/inbox")
    assert road.state_of(case) == CaseState.COMPLETED


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"outcome": "reject"}, "Say why: the family and the next reader need your reason."),
        ({"outcome": "reject", "opinion": "   "}, "Say why"),
        ({"outcome": "approve", "opinion": "x" * 501}, "500"),
        ({"outcome": "approve", "opinion": "a\x00b"}, "This holds a character that cannot be written."),
        ({"outcome": "pay"}, "does not know the decision “pay”. It allows: Approve and Reject"),
        ({"outcome": ""}, "This field is required."),
        ({"version": "one"}, "Not a valid integer value"),
        ({"version": ""}, "This field is required"),
    ],
)
def test_a_decision_that_says_too_little_or_nonsense_is_refused(registrar, road, task, given, complaint):
    case = task.change_request
    answer = registrar.decides(task, **{"version": case.version, **given})
    assert answer.status_code == 422
    assert complaint in said(answer)
    assert given.get("opinion", "")[:20] in answer.text
    assert road.state_of(case) == CaseState.IN_REVIEW


def test_a_reason_that_nobody_can_see_is_none(registrar, road, task):
    case = task.change_request
    answer = registrar.decides(task, case.version, outcome="reject", opinion="\u200b\ufeff")
    assert (answer.status_code, "Say why" in said(answer)) == (422, True)
    assert road.state_of(case) == CaseState.IN_REVIEW


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"opinion": "blurred"}, "Tick what the applicant has to fix."),
        ({"items": "proof_of_residence"}, "Say why"),
        ({"items": "a bribe", "opinion": "blurred"}, "Choose one from the list"),
    ],
)
def test_a_return_names_papers_and_a_reason(registrar, road, task, given, complaint):
    case = task.change_request
    answer = registrar.post(f"/tasks/{task.id}/return", version=case.version, **given)
    assert answer.status_code == 422
    assert complaint in said(answer)
    assert given.get("opinion", "") in answer.text
    assert road.state_of(case) == CaseState.IN_REVIEW


def test_a_returned_case_waits_and_says_so(registrar, road, case, task):
    registrar.post(
        f"/tasks/{task.id}/return", version=case.version, items="proof_of_residence", opinion="blurred"
    )
    assert road.state_of(case) == CaseState.RETURNED
    assert "Its clock stands still." in registrar.reads(f"/tasks/{task.id}")
    refused = registrar.decides(task, case.version)
    assert refused.status_code == 409
    assert "waits for the applicant's correction" in said(refused)


def test_a_part_of_the_page_for_the_desk_comes_without_the_frame(registrar, task):
    part = registrar.get(f"/tasks/{task.id}", headers={"HX-Request": "true"}).text
    assert "data-actions" in part
    assert "<html" not in part


def test_enter_on_a_tick_returns_and_does_not_approve(registrar, task):
    form = registrar.get(f"/tasks/{task.id}").text.partition('class="action-bar"')[2]
    assert f'formaction="/tasks/{task.id}/return"' in re.search(r"<button[^>]*>", form)[0]


def test_an_outcome_of_the_diagrams_own_stands_on_a_button_and_in_the_history(site, session):
    own = '<xj:outcome id="on_site" name="需要现场核查"/>'
    with in_force(
        session, "transfer", with_step("transfer", "in_registrar", own, outcomes="approve on_site")
    ):
        road = a_road(session)
        case = road.applied()
        task = road.open_task(case)
        registrar = site.visitor(road.officer(task))
        assert re.search(
            r'value="on_site"[^>]*>.*?需要现场核查</button>', registrar.get(f"/tasks/{task.id}").text
        )
        registrar.decides(task, case.version, outcome="on_site")
        assert "需要现场核查" in registrar.reads(f"/tasks/{task.id}")
        assert "需要现场核查" in registrar.reads("/inbox/done")
