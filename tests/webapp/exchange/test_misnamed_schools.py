"""A school elsewhere that its province does not find: the request comes back, is corrected and asked anew (V7, V8)."""

from dataclasses import replace

import pytest

from models.enums import CaseState, EventKind, MessageDirection, MessageKind, Stage
from tests.webapp.exchange.deployments import ANHUI, FUJIAN, HENAN, Deployment, rounds
from tests.webapp.exchange.pupils import Pupil, a_pupil, asked, pupil_in
from tests.webapp.exchange.sample_messages import BODIES
from tests.webapp.site import Site, said
from webapp.database import db
from webapp.errors import BoundByAgreement, NoSuchCase
from webapp.services.cases.applications import BeginsElsewhere
from webapp.services.cases.corrections import may_be_withdrawn, withdraw
from webapp.services.demo import makers
from webapp.services.exchange import mailbox
from webapp.services.exchange.departures import SchoolNotQuestioned, correct_school
from webapp.services.exchange.mailbox import Business
from webapp.services.exchange.messages import read_body
from webapp.services.exchange.schools_elsewhere import SchoolElsewhere, school_elsewhere

pytestmark = pytest.mark.slow

IN = MessageDirection.IN
# What is told with a request: in V7 it speaks for the school alone.
TOLD = {ANHUI: ["request", "decided"], FUJIAN: ["request"]}
MISTYPED = "洛阳职页学校"
PLACES = {ANHUI: "340111", FUJIAN: "350203"}


def misnamed(henan: Deployment, others: Deployment, province: str = ANHUI) -> tuple[Pupil, str]:
    """A vocational pupil of another province wants to a school in Henan, mistyped, and is refused there.

    Returns the pupil and the right name: from Anhui by V8, from Fujian by V7.
    """
    place = {"stage": Stage.VOCATIONAL, "grade": 2, "begins": others, "of": PLACES[province]}
    pupil = a_pupil(henan, others, **place)
    session = others.session
    right = makers.a_school(
        henan.session, "410325", Stage.VOCATIONAL, name=f"嵩县职校{pupil.number[-3:]}"
    ).name
    henan.session.commit()
    named = SchoolElsewhere(MISTYPED, "410325", Stage.VOCATIONAL)
    wrong = school_elsewhere(session, pupil.applicant, named, pupil.student.created_at.date())
    session.commit()
    pupil = replace(pupil, form=replace(pupil.form, to_school_id=wrong.id))
    asked(others, pupil)
    rounds(others, henan)
    return pupil, right


@pytest.mark.parametrize("province", [ANHUI, FUJIAN])
def test_a_request_for_a_school_that_nobody_knows_comes_back_with_its_reason(
    henan: Deployment, others: Deployment, province: str
) -> None:
    misnamed(henan, others, province)
    case = others.case()
    assert (case.state, case.events[-1].kind) == (CaseState.RETURNED, EventKind.RETURNED)
    assert case.events[-1].payload["codes"] == ["2001"]
    assert case.events[-1].payload["opinion"] == f"没有这所学校：{MISTYPED}"
    assert others.said() == TOLD[province]


@pytest.mark.parametrize("province", [ANHUI, FUJIAN])
def test_the_name_is_corrected_in_place_and_the_transfer_goes_on_to_its_end(
    henan: Deployment, others: Deployment, province: str
) -> None:
    pupil, right = misnamed(henan, others, province)
    correct_school(others.session, pupil.applicant, others.case().id, right)
    assert others.case().events[-1].payload["corrected"] == {"to_school_id": [MISTYPED, right]}
    rounds(others, henan)
    assert others.said() == TOLD[province] * 2
    assert (henan.case().state, henan.case().to_school.name) == (CaseState.IN_REVIEW, right)
    for _ in range(2):  # in V7 first the schools, then both authorities
        henan.approve_all()
        rounds(henan, others)
        others.approve_all()
        rounds(others, henan)
    assert {henan.case().state, others.case().state} == {CaseState.COMPLETED}
    assert pupil_in(henan, pupil.number).enrolments[-1].school.name == right


def test_what_was_refused_binds_nobody_until_it_is_asked_anew(henan: Deployment, others: Deployment) -> None:
    pupil, right = misnamed(henan, others)
    assert may_be_withdrawn(others.session, others.case())
    correct_school(others.session, pupil.applicant, others.case().id, right)
    rounds(others, henan)
    with pytest.raises(BoundByAgreement):
        withdraw(others.session, pupil.applicant, others.case().id)


def test_who_named_a_school_in_another_place_withdraws_and_applies_anew(
    henan: Deployment, others: Deployment
) -> None:
    pupil, _ = misnamed(henan, others)
    withdraw(others.session, pupil.applicant, others.case().id)
    rounds(others, henan)
    assert others.case().state == CaseState.WITHDRAWN


def test_a_school_that_is_still_wrong_comes_back_again(henan: Deployment, others: Deployment) -> None:
    pupil, _ = misnamed(henan, others)
    correct_school(others.session, pupil.applicant, others.case().id, "还是没有的学校")
    rounds(others, henan)
    case = others.case()
    assert case.state == CaseState.RETURNED
    assert case.events[-1].payload["opinion"] == "没有这所学校：还是没有的学校"


def test_only_a_school_that_was_not_found_is_named_anew_and_only_by_the_applicant(
    henan: Deployment, others: Deployment
) -> None:
    pupil, right = misnamed(henan, others)
    stranger = makers.a_guardian(others.session, makers.a_student(others.session, others.case().from_school))
    with pytest.raises(NoSuchCase):
        correct_school(others.session, stranger, others.case().id, right)
    correct_school(others.session, pupil.applicant, others.case().id, right)
    with pytest.raises(SchoolNotQuestioned):
        correct_school(others.session, pupil.applicant, others.case().id, right)


def test_a_school_is_not_named_anew_where_the_pupil_was_not_found(
    henan: Deployment, others: Deployment
) -> None:
    pupil = a_pupil(henan, others, stage=Stage.VOCATIONAL, grade=2, begins=others, of=PLACES[ANHUI])
    asked(others, pupil)
    others.work()
    henan.tell(MessageKind.REFUSED, ANHUI, others.link().reference, codes=["2001"], about="pupil", reason="")
    others.work()
    assert others.case().state == CaseState.RETURNED
    with pytest.raises(SchoolNotQuestioned):
        correct_school(others.session, pupil.applicant, others.case().id, "嵩县职校")


def test_nobody_begins_here_what_a_connected_province_begins(henan: Deployment, others: Deployment) -> None:
    """V8: the school that the pupil leaves asks (domain 3.1.4)."""
    pupil = a_pupil(henan, others, stage=Stage.VOCATIONAL, grade=2, begins=henan, of=PLACES[ANHUI])
    with pytest.raises(BeginsElsewhere):
        asked(henan, pupil)


def test_nobody_refuses_what_he_asked_for_himself(henan: Deployment, others: Deployment) -> None:
    pupil = a_pupil(henan, others, stage=Stage.VOCATIONAL, grade=2, begins=others, of=PLACES[FUJIAN])
    asked(others, pupil)
    rounds(others, henan)
    business = Business(HENAN, FUJIAN, others.link().reference, None)
    refused = read_body(MessageKind.REFUSED, BODIES["refused"])
    mailbox.put(others.session, business, MessageKind.REFUSED, refused)
    others.session.commit()
    rounds(others, henan)
    last = henan.messages(IN)[-1]
    assert (last.kind, last.error) == (MessageKind.REFUSED, "nothing was asked of it")
    assert henan.case().state == CaseState.IN_REVIEW


def test_a_family_reads_what_was_not_found_and_types_it_anew(henan: Deployment, others: Deployment) -> None:
    pupil, right = misnamed(henan, others)
    db.session.session_factory.configure(info={"settings": others.settings})
    family, case_id = Site(others.app, others.session).visitor(pupil.applicant), others.case().id
    page = family.get(f"/cases/{case_id}")
    assert f"没有这所学校：{MISTYPED}" in page.text
    assert f'href="/cases/{case_id}/school"' in page.text
    assert f'value="{MISTYPED}"' in family.get(f"/cases/{case_id}/school").text
    empty = family.post(f"/cases/{case_id}/school", school="……")
    assert (empty.status_code, "Type the name of the school." in said(empty)) == (422, True)
    for _ in range(2):  # sent twice, it is done once
        assert family.post(f"/cases/{case_id}/school", school=right).status_code == 303
        assert "The other province is asked anew." in family.reads(f"/cases/{case_id}")
    others.session.expire_all()
    assert [event.kind for event in others.case().events].count(EventKind.RESUBMITTED) == 1
    assert family.get(f"/cases/{case_id}/school").headers["Location"] == f"/cases/{case_id}"
