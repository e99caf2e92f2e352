"""The two sides say the opposite of each other: nothing is undone, and officers see that somebody has to ring up."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from models import Notice
from models.enums import (
    CaseState,
    MessageDirection,
    MessageKind,
    NoticeKind,
    Outcome,
    Role,
    Seat,
    Stage,
    Trouble,
)
from tests.webapp.exchange.deployments import ANHUI, HENAN, Deployment, rounds
from tests.webapp.exchange.officers import an_officer_of, by_hand, listed
from tests.webapp.exchange.pupils import Pupil, a_pupil, asked
from tests.webapp.site import Site
from webapp import clock
from webapp.database import db
from webapp.errors import BoundByAgreement
from webapp.services.cases.corrections import resubmit, withdraw

pytestmark = pytest.mark.slow

IN = MessageDirection.IN
HOUR = timedelta(hours=1)


def released_by_hand_and_rejected_by_message(henan: Deployment, others: Deployment) -> None:
    asked(henan, a_pupil(henan, others))
    henan.work()
    by_hand(henan, Outcome.APPROVE)
    by_hand(henan, Outcome.APPROVE)
    rounds(others)
    others.decide(Outcome.REJECT, "毕业年级")
    rounds(others, henan)


def test_a_refusal_after_they_agreed_by_telephone_is_listed_for_the_officers(
    henan: Deployment, others: Deployment
) -> None:
    released_by_hand_and_rejected_by_message(henan, others)
    assert henan.waits_at() == ["file_pull"]
    [row] = listed(henan, an_officer_of(henan, "410325"))
    assert (row.direction, row.kind, row.refused) == (IN, MessageKind.DECIDED, True)
    assert (row.trouble, row.province) == (Trouble.AGAINST_APPROVAL, "安徽省教育厅")


def test_the_offices_of_the_case_are_told_once_and_the_family_is_not(
    henan: Deployment, others: Deployment
) -> None:
    released_by_hand_and_rejected_by_message(henan, others)
    with clock.freeze(clock.now() + HOUR):
        henan.work()
    case = henan.case()
    about = (Notice.change_request_id == case.id, Notice.kind == NoticeKind.CONTRADICTED)
    told = henan.session.scalars(select(Notice).where(*about)).all()
    offices = {office_id for seat, office_id in case.seats.items() if seat != Seat.OUTSIDE}
    assert sorted(notice.office_id for notice in told) == sorted(offices)
    assert (case.to_school_id, Role.REGISTRAR) in {(notice.office_id, notice.role) for notice in told}
    assert {notice.account_id for notice in told} == {None}


def test_the_list_says_it_in_the_readers_language(henan: Deployment, others: Deployment) -> None:
    released_by_hand_and_rejected_by_message(henan, others)
    db.session.session_factory.configure(info={"settings": henan.settings})
    officer, site = an_officer_of(henan, "410325"), Site(henan.app, henan.session)
    for language, words in (
        ("zh_Hans_CN", "与本方已登记的同意意见相反"),
        ("en", "It says the opposite of what was"),
    ):
        assert words in site.visitor(officer, language).reads("/outside")
    assert "the step that it answers was approved" not in site.visitor(officer).reads("/outside")


def test_it_is_listed_no_more_once_our_side_has_followed(henan: Deployment, others: Deployment) -> None:
    released_by_hand_and_rejected_by_message(henan, others)
    henan.decide(Outcome.REJECT, "对方不同意")
    with clock.freeze(clock.now() + HOUR):
        rounds(henan, others)
    assert listed(henan, an_officer_of(henan, "410325")) == []


def test_our_end_is_told_though_a_refusal_came_that_had_no_effect(
    henan: Deployment, others: Deployment
) -> None:
    released_by_hand_and_rejected_by_message(henan, others)
    henan.decide(Outcome.REJECT, "对方不同意")
    henan.work()
    assert henan.said() == ["request", "ended"]


def an_offer(henan: Deployment, others: Deployment) -> Pupil:
    """Anhui releases a pupil of a vocational school and asks Henan, which agrees and enrols him."""
    pupil = a_pupil(henan, others, stage=Stage.VOCATIONAL, grade=2, begins=others)
    asked(others, pupil)
    rounds(others, henan)
    assert henan.approve_all() == CaseState.COMPLETED
    return pupil


def test_an_end_of_what_was_completed_here_is_listed_and_undoes_nothing(
    henan: Deployment, others: Deployment
) -> None:
    an_offer(henan, others)
    others.tell(MessageKind.ENDED, HENAN, others.link().reference)
    henan.work()
    assert henan.case().state == CaseState.COMPLETED
    [row] = listed(henan, an_officer_of(henan, "410325"))
    assert (row.kind, row.refused) == (MessageKind.ENDED, True)
    assert row.trouble == Trouble.AGAINST_COMPLETION


def test_a_file_that_was_pulled_after_the_business_ended_is_listed(
    henan: Deployment, others: Deployment
) -> None:
    asked(henan, a_pupil(henan, others))
    rounds(henan, others)
    others.approve_all()
    for kind in (MessageKind.ENDED, MessageKind.PULLED):
        henan.tell(kind, ANHUI, henan.link().reference)
        others.work()
    assert others.case().state == CaseState.REVOKED
    [row] = listed(others, an_officer_of(others, "340111"))
    assert (row.kind, row.trouble) == (MessageKind.PULLED, Trouble.AGAINST_ENDING)


def test_an_agreement_that_finds_the_record_changed_waits_until_the_family_has_confirmed_it(
    henan: Deployment, others: Deployment
) -> None:
    pupil = an_offer(henan, others)
    changed = text("UPDATE student SET name = name || '甲' WHERE id = :id")
    others.session.execute(changed, {"id": pupil.student.id})
    others.session.commit()
    rounds(henan, others)
    case = others.case()
    assert case.state == CaseState.RETURNED
    [agreed] = [message for message in others.messages(IN) if message.kind == MessageKind.DECIDED]
    assert agreed.done_at is None
    resubmit(others.session, pupil.applicant, case.id)
    others.work()
    assert others.case().state == CaseState.COMPLETED


def test_whoever_said_that_it_agrees_takes_nothing_back_and_the_family_reads_why(
    henan: Deployment, others: Deployment
) -> None:
    pupil = an_offer(henan, others)
    changed = text("UPDATE student SET name = name || '甲' WHERE id = :id")
    others.session.execute(changed, {"id": pupil.student.id})
    others.session.commit()
    rounds(henan, others)
    case = others.case()
    assert case.state == CaseState.RETURNED
    with pytest.raises(BoundByAgreement):
        withdraw(others.session, pupil.applicant, case.id)
    others.session.rollback()
    db.session.session_factory.configure(info={"settings": others.settings})
    page = Site(others.app, others.session).visitor(pupil.applicant).get(f"/cases/{case.id}")
    assert "cannot be withdrawn any more. If it is no longer wanted, ask your school" in page.text


def test_what_we_took_for_wrong_holds_up_nothing_that_comes_later(
    henan: Deployment, others: Deployment
) -> None:
    asked(henan, a_pupil(henan, others))
    rounds(henan, others)
    reference = henan.link().reference
    others.tell(MessageKind.REFUSED, HENAN, reference)
    henan.work()
    [row] = listed(henan, an_officer_of(henan, "410325"))
    assert (row.kind, row.trouble) == (MessageKind.REFUSED, Trouble.AGAINST_APPROVAL)
    others.tell(MessageKind.ENDED, HENAN, reference)
    henan.work()
    assert henan.case().state == CaseState.REVOKED
