"""A draft: who may begin it and goes on with it, and how it ends without being submitted."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Enrolment, Paper
from models.enums import CaseState, EventKind, PaperKind, Role, Stage
from tests.webapp.road import A_PNG, Road, a_fujian_road, a_road
from tests.webapp.site import Site
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.cases.applications import draft_of, save_draft, submit
from webapp.services.cases.drafts import KEPT, discard, forget_drafts
from webapp.services.cases.uploads import hand_in, paper_for
from webapp.services.changes.change import ChangeNotGoverned
from webapp.services.changes.kinds.transfer import AlreadyAtSchool, NoSuchGrade
from webapp.services.demo import makers
from webapp.services.papers.files import add_paper, current_papers

pytestmark = pytest.mark.slow

A_DAY = timedelta(days=1)
PROOF = PaperKind.PROOF_OF_RESIDENCE


def test_somebody_elses_draft_cannot_be_submitted(road: Road, session: Session) -> None:
    draft = road.draft()
    stranger = makers.a_guardian(session, makers.a_student(session, road.releasing))
    with pytest.raises(errors.NoSuchCase):
        submit(session, stranger, draft.id)


def test_a_draft_saved_twice_at_once_is_one_draft(road: Road, session: Session) -> None:
    bind, info = session.get_bind(), session.info

    def save(_number: int) -> int:
        with Session(bind, info=info) as own:
            return save_draft(own, road.guardian, road.student.id, road.form).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(save, range(4)))) == 1


def test_a_draft_saved_again_and_again_uses_up_one_id(road: Road, session: Session) -> None:
    saved = [save_draft(session, road.guardian, road.student.id, road.form).id for _ in range(3)]
    other = a_road(session)
    assert {*saved, other.draft().id} == {saved[0], saved[0] + 1}


def test_saving_a_draft_never_touches_a_case_that_was_submitted(road: Road, session: Session) -> None:
    draft = road.draft()
    with Session(session.get_bind(), info=session.info) as elsewhere:
        submit(elsewhere, road.guardian, draft.id)
    other = makers.a_school(session, "410325")
    again = save_draft(session, road.guardian, road.student.id, replace(road.form, to_school_id=other.id))
    session.refresh(draft)
    assert (draft.state, draft.to_school_id) == (CaseState.IN_REVIEW, road.receiving.id)
    assert again.id != draft.id


def test_only_the_side_that_starts_may_start(road: Road, session: Session) -> None:
    receiving = road.officers[road.receiving.id, Role.REGISTRAR]
    releasing = road.officers[road.releasing.id, Role.REGISTRAR]
    assert save_draft(session, receiving, road.student.id, road.form).state == CaseState.DRAFT
    with pytest.raises(errors.WrongInitiator):
        save_draft(session, releasing, road.student.id, road.form)


def test_between_national_vocational_schools_the_releasing_one_starts(session: Session) -> None:
    road = a_road(session, stage=Stage.VOCATIONAL, grade=2)
    receiving = road.officers[road.receiving.id, Role.REGISTRAR]
    releasing = road.officers[road.releasing.id, Role.REGISTRAR]
    assert save_draft(session, releasing, road.student.id, road.form).state == CaseState.DRAFT
    with pytest.raises(errors.WrongInitiator):
        save_draft(session, receiving, road.student.id, road.form)


def test_a_bureau_is_no_school_to_transfer_to(road: Road, session: Session) -> None:
    form = replace(road.form, to_school_id=road.receiving.superior_id or 0)
    with pytest.raises(errors.NoSuchSchool):
        save_draft(session, road.guardian, road.student.id, form)


def test_a_transfer_from_a_general_to_a_vocational_school_of_another_province_has_no_process(
    road: Road, session: Session
) -> None:
    far = makers.a_school(session, "420302", Stage.VOCATIONAL)
    with pytest.raises(ChangeNotGoverned):
        save_draft(session, road.guardian, road.student.id, replace(road.form, to_school_id=far.id))


def test_nobody_transfers_to_the_school_that_he_attends(road: Road, session: Session) -> None:
    form = replace(road.form, to_school_id=road.releasing.id, grade=5)
    with pytest.raises(AlreadyAtSchool):
        save_draft(session, road.guardian, road.student.id, form)


def test_there_is_no_grade_after_the_last_year_of_a_course(session: Session) -> None:
    road = a_fujian_road(session)
    for grade, years in ((2, 1), (4, None)):
        form = replace(road.form, grade=grade, schooling_years=years)
        with pytest.raises(NoSuchGrade):
            save_draft(session, road.guardian, road.student.id, form)
        session.rollback()
    assert save_draft(session, road.guardian, road.student.id, replace(road.form, grade=2, schooling_years=2))


def exists(session: Session, draft_id: int) -> bool:
    session.expire_all()
    return session.scalar(select(ChangeRequest.id).where(ChangeRequest.id == draft_id)) is not None


def test_a_draft_is_discarded_with_its_papers(road: Road, session: Session) -> None:
    draft_id = road.draft().id
    paper_for(session, road.guardian, current_papers(session, draft_id)[0].id)
    session.commit()
    discard(session, road.guardian, draft_id)
    assert not exists(session, draft_id)
    assert session.scalars(select(Paper).where(Paper.change_request_id == draft_id)).all() == []
    assert road.applied().state == CaseState.IN_REVIEW


@pytest.mark.parametrize("who", ["another guardian of the child", "the receiving registrar"])
def test_nobody_else_discards_a_draft(road: Road, session: Session, who: str) -> None:
    others = {
        "another guardian of the child": makers.a_guardian(session, road.student),
        "the receiving registrar": road.officers[road.receiving.id, Role.REGISTRAR],
    }
    draft_id = road.draft().id
    with pytest.raises(errors.NoSuchCase):
        discard(session, others[who], draft_id)
    session.rollback()
    assert exists(session, draft_id)


def test_what_was_submitted_is_not_discarded(road: Road, session: Session) -> None:
    case_id = road.applied().id
    with pytest.raises(errors.NoSuchCase):
        discard(session, road.guardian, case_id)
    session.rollback()
    assert exists(session, case_id)


def test_a_family_discards_its_draft_on_its_page(road: Road, session: Session, site: Site) -> None:
    draft_id, family = road.draft().id, site.visitor(road.guardian)
    page = f"/children/{road.student.id}/transfer/papers"
    address = f"/children/{road.student.id}/transfer/discard/{draft_id}"
    assert f'action="{address}"' in family.get(page).text
    assert family.post(address).status_code == 303
    assert "The draft is discarded." in family.reads("/")
    assert not exists(session, draft_id)


@pytest.mark.parametrize(("after", "kept"), [(KEPT - A_DAY, True), (KEPT + A_DAY, False)])
def test_a_draft_that_nobody_touches_is_forgotten_after_ninety_days(
    road: Road, session: Session, after: timedelta, kept: bool
) -> None:
    draft_id = road.draft().id
    with clock.freeze(clock.now() + after):
        forget_drafts(session)
        session.commit()
    assert exists(session, draft_id) == kept


def test_who_saves_a_draft_or_hands_in_a_paper_has_touched_it(road: Road, session: Session) -> None:
    saved, given = road.draft().id, road.rival()
    handed_in = given.draft().id
    with clock.freeze(clock.now() + KEPT):
        save_draft(session, road.guardian, road.student.id, road.form)
        hand_in(session, given.guardian, handed_in, kind=PROOF, filename="paper.png", data=A_PNG)
    with clock.freeze(clock.now() + KEPT + A_DAY):
        forget_drafts(session)
        session.commit()
    assert (exists(session, saved), exists(session, handed_in)) == (True, True)


def test_a_draft_ends_when_the_child_leaves_the_school_it_was_begun_at(road: Road, session: Session) -> None:
    draft_id, elsewhere = road.draft().id, makers.a_school(session, "410324")
    whose = update(Enrolment).where(Enrolment.student_id == road.student.id)
    session.execute(whose.values(school_id=elsewhere.id))
    forget_drafts(session)
    session.commit()
    assert not exists(session, draft_id)


def test_what_was_submitted_is_never_forgotten(road: Road, session: Session) -> None:
    case_id = road.applied().id
    with clock.freeze(clock.now() + 2 * KEPT):
        forget_drafts(session)
        session.commit()
    assert exists(session, case_id)


def test_the_draft_of_a_school_stays_the_schools_though_its_registrar_is_the_guardian(
    road: Road, session: Session
) -> None:
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    draft = save_draft(session, registrar, road.student.id, road.form)
    for kind in (PROOF, PaperKind.TRANSFER_FORM):
        add_paper(session, registrar, draft, kind=kind, filename="paper.png", data=A_PNG)
    parent = becomes_guardian(session, registrar, road)
    assert draft_of(session, parent, road.student.id) == draft
    case = submit(session, parent, draft.id)
    assert case.applicant_office_id == road.receiving.id
    assert [(event.kind, event.office_id) for event in case.events] == [(EventKind.OPENED, road.receiving.id)]


def becomes_guardian(session: Session, officer: Person, road: Road) -> Person:
    account = session.get_one(Account, officer.account_id)
    parent = makers.a_guardian(session, road.student, account=account)
    session.commit()
    return parent
