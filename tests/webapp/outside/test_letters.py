"""Another province asks for a pupil by letter (外省来函), and the registrar of his school takes it down."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from models import AccessLog, Account, Office, Outbox, OutsideCase, Student
from models.enums import (
    CaseState,
    EventKind,
    Outcome,
    OverlayKind,
    RegistryState,
    Role,
    Stage,
)
from tests.webapp.doctoring import complaints
from tests.webapp.outside.leavers import leaving
from tests.webapp.outside.letters import REFERENCE, a_letter, cases_of, numbered, registrar_of
from tests.webapp.road import Road, a_road, work_off
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.audit.verification import verify
from webapp.services.changes.kinds.transfer import NoSuchGrade
from webapp.services.context import settings_of
from webapp.services.demo import makers
from webapp.services.exchange.letters import (
    AsksByMessage,
    BeginsWithUs,
    PupilOfAnotherSchool,
    RequestAtFault,
    take_down,
)
from webapp.services.exchange.outside import Evidence, NotForOutside, TellerMissing, answer_by_hand
from webapp.services.exchange.schools_elsewhere import ServedHere
from webapp.services.people.throttle import FAILED_LOOK_UPS, TooManyFailedLookUps

pytestmark = pytest.mark.slow


def test_a_letter_opens_the_case_that_a_message_would_open(outbound, registrar, here, tmp_path) -> None:
    case = take_down(here, registrar, a_letter(outbound))
    assert (case.state, outbound.open_task(case).step) == (CaseState.IN_REVIEW, "out_registrar")
    assert here.get_one(Account, case.applicant_id).name == "四川省教育厅"
    [opened] = case.events
    assert (opened.kind, opened.actor_id, opened.office_id, opened.role) == (
        EventKind.OPENED,
        registrar.account_id,
        outbound.releasing.id,
        Role.REGISTRAR,
    )
    assert opened.payload["evidence"] == a_letter(outbound).evidence.plain()["evidence"]
    number = case.number
    here.rollback()
    found = verify(here, settings_of(here).audit_key, tmp_path)
    assert [finding for finding in found if finding.where == number] == []
    here.rollback()
    assert complaints(here, case) == []


def test_what_a_letter_began_goes_on_by_hand_until_the_pupil_has_left_with_his_number(
    outbound, registrar, here
) -> None:
    case, number = take_down(here, registrar, a_letter(outbound)), outbound.student.registry_number
    task = outbound.approve_until(case, "outside_pull")
    lead = outbound.officers[outbound.releasing.id, Role.LEAD]
    answer_by_hand(here, lead, task.id, outcome=Outcome.APPROVE, version=case.version, evidence=numbered(""))
    assert outbound.state_of(case) == CaseState.COMPLETED
    student = here.get_one(Student, outbound.student.id, populate_existing=True)
    assert (student.state, student.registry_number) == (RegistryState.TRANSFERRED_OUT, number)


def test_whoever_took_the_letter_down_only_checks_the_case(outbound, registrar, here) -> None:
    case = take_down(here, registrar, a_letter(outbound))
    assert outbound.officer(outbound.open_task(case)) == registrar
    task = outbound.approve_until(case, "outside_pull")
    with pytest.raises(errors.DutiesSeparated):
        answer_by_hand(
            here, registrar, task.id, outcome=Outcome.APPROVE, version=case.version, evidence=numbered("")
        )


def test_what_began_by_letter_is_not_told_by_message_though_the_province_is_connected_by_then(
    outbound, registrar, here, request
) -> None:
    case = take_down(here, registrar, a_letter(outbound))
    outbound.approve_until(case, "outside_pull")
    request.getfixturevalue("connected")
    work_off(here)
    assert here.get(OutsideCase, case.id) is None


@pytest.mark.parametrize("wrong", [{"name": "王小二"}, {"number": "G990101201405079999"}])
def test_a_pupil_whom_name_and_number_do_not_both_fit_is_what_the_platform_calls_wrong_data(
    outbound, registrar, wrong
) -> None:
    assert codes_found(outbound, registrar, **wrong) == ("2001",)


@pytest.mark.parametrize(
    ("overlay", "busy", "codes"),
    [
        (None, True, ("2002",)),
        (OverlayKind.PROBLEM, False, ("2003",)),
        (OverlayKind.PROBLEM, True, ("2002", "2003")),
    ],
)
def test_open_business_and_an_open_problem_are_told_at_once(
    outbound, registrar, overlay, busy, codes
) -> None:
    if busy:
        elsewhere = makers.a_school(outbound.session, "410325")
        form = replace(outbound.form, to_school_id=elsewhere.id)
        replace(outbound, receiving=elsewhere, form=form).applied()
    if overlay:
        makers.an_overlay(outbound.session, outbound.student, overlay)
        outbound.session.commit()
    assert codes_found(outbound, registrar) == codes


def codes_found(road: Road, registrar: Person, **changes: object) -> tuple[str, ...]:
    """Take a letter of a new school down, which is refused and opens nothing; return the codes that are told."""
    before = cases_of(road)
    with pytest.raises(RequestAtFault) as refused:
        take_down(road.session, registrar, a_letter(road, school="青羊学校", **changes))
    assert cases_of(road) == before
    assert road.session.scalar(select(Office.id).where(Office.name == "青羊学校")) is None
    told = tuple(found.code for found in refused.value.found)
    assert refused.value.facts["codes"] == told
    return told


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"evidence": Evidence("……", clock.now(), REFERENCE)}, TellerMissing),
        ({"division_code": "410325"}, ServedHere),
        ({"grade": 10}, NoSuchGrade),
    ],
    ids=lambda case: case.__name__ if isinstance(case, type) else "",
)
def test_a_letter_that_says_too_little_or_what_cannot_be_is_refused(
    outbound, registrar, here, changes, refusal
) -> None:
    with pytest.raises(refusal):
        take_down(here, registrar, a_letter(outbound, **changes))
    assert cases_of(outbound) == 0


def test_only_the_registrar_of_the_pupils_school_takes_a_letter_down(outbound, here) -> None:
    others = [
        makers.an_officer(here, makers.a_school(here, "410324"), Role.REGISTRAR),
        outbound.officers[outbound.releasing.id, Role.LEAD],
        outbound.officers[outbound.releasing.superior_id, Role.HANDLER],
        outbound.guardian,
    ]
    here.commit()
    for person in others:
        with pytest.raises(PupilOfAnotherSchool):
            take_down(here, person, a_letter(outbound))
    assert cases_of(outbound) == 0


def test_nobody_takes_down_a_letter_about_his_own_child(outbound, registrar, here) -> None:
    account = here.get_one(Account, registrar.account_id)
    parent = makers.a_guardian(here, outbound.student, account=account)
    with pytest.raises(errors.OwnChild):
        take_down(here, parent, a_letter(outbound))


def test_another_school_that_asks_meanwhile_is_told_of_the_open_business(outbound, registrar, here) -> None:
    take_down(here, registrar, a_letter(outbound))
    assert codes_found(outbound, registrar) == ("2002",)


def test_a_province_that_is_connected_asks_by_message(outbound, registrar, here, connected) -> None:
    with pytest.raises(AsksByMessage) as refused:
        take_down(here, registrar, a_letter(outbound))
    assert refused.value.facts["province"] == "四川省"


def test_what_begins_at_the_pupils_own_school_is_not_asked_for(here) -> None:
    """V8: the releasing school starts; V7, where both agree, may begin on either side."""
    road = leaving(here, Stage.VOCATIONAL, grade=2)
    with pytest.raises(BeginsWithUs):
        take_down(here, registrar_of(road), a_letter(road))
    assert cases_of(road) == 0
    road = leaving(here, Stage.VOCATIONAL, grade=2, to="350203")
    case = take_down(here, registrar_of(road), a_letter(road))
    assert case.facts["process"] == "cross_province_both_agree"


def test_a_letter_stands_for_the_school_that_asks(here) -> None:
    """V7: the school elsewhere agreed when it asked, so that nobody has to ask it again."""
    road = leaving(here, Stage.VOCATIONAL, grade=2, to="350203")
    case = take_down(here, registrar_of(road), a_letter(road))
    road.approve(case)
    assert road.open_task(case).step == "outside_school"
    work_off(here)
    assert road.open_task(case).step == "releasing_authorities/out_county"
    assert case.events[-1].payload["evidence"]["reference"] == REFERENCE


def test_whoever_has_an_account_of_the_other_province_does_not_stand_in_for_it(here) -> None:
    road = leaving(here, Stage.VOCATIONAL, grade=2, to="350203")
    makers.an_officer(here, here.get_one(Office, road.receiving.path[0]), Role.LEAD)
    case = take_down(here, registrar_of(road), a_letter(road))
    road.approve(case)
    asked = road.open_task(case)
    assert (asked.step, asked.role, asked.vacant) == ("outside_school", Role.COUNTERPART, False)


def test_an_agreement_that_cannot_be_written_down_keeps_nobody_waiting(here, monkeypatch, caplog) -> None:
    road, another = leaving(here, Stage.VOCATIONAL, grade=2, to="350203"), a_road(here)
    case = take_down(here, registrar_of(road), a_letter(road))
    road.approve(case)

    def refuse(*_told: object, **_more: object) -> None:
        raise NotForOutside

    another.applied()
    with monkeypatch.context() as failing:
        failing.setattr("webapp.services.exchange.outside.answer", refuse)
        work_off(here)
    assert f"Case {case.number} waits for the school elsewhere" in caplog.text
    assert here.scalar(select(func.count(Outbox.id))) == 0
    lead = road.officers[road.releasing.id, Role.LEAD]
    task = road.open_task(case)
    answer_by_hand(here, lead, task.id, outcome=Outcome.APPROVE, version=case.version, evidence=numbered(""))
    assert road.open_task(case).step == "releasing_authorities/out_county"


def test_looking_for_pupils_by_letter_is_logged_and_slowed_down(outbound, registrar, here) -> None:
    for _ in range(FAILED_LOOK_UPS):
        with pytest.raises(RequestAtFault):
            take_down(here, registrar, a_letter(outbound, name="王小二"))
        here.rollback()
    with pytest.raises(TooManyFailedLookUps):
        take_down(here, registrar, a_letter(outbound))
    looks = select(func.count()).where(
        AccessLog.account_id == registrar.account_id, AccessLog.what == "look-up"
    )
    assert here.scalars(looks).one() == FAILED_LOOK_UPS
