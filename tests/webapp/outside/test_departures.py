"""A pupil of a school here who wants to go to another province: our side begins it, or the receiving school does."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from models import ChangeRequest, Enrolment
from models.enums import CaseState, PaperKind, RegistryState, Role, Stage, TransferReason
from tests.webapp.newcomers import a_newcomer
from tests.webapp.outside.answers import agrees
from tests.webapp.outside.leavers import leaving
from tests.webapp.road import Road, fill_seats
from webapp import errors
from webapp.policy import Person
from webapp.services.cases.applications import BeginsElsewhere, save_draft, submit
from webapp.services.cases.families import record_for
from webapp.services.changes.kinds.transfer import TransferForm
from webapp.services.context import settings_of
from webapp.services.demo import makers
from webapp.services.exchange.departures import choose_school, places_to_go_to
from webapp.services.exchange.newcomers import enter

pytestmark = pytest.mark.slow


@pytest.fixture
def vocational(here) -> Road:
    """A vocational pupil of a school here on the way to one in Sichuan."""
    return leaving(here, Stage.VOCATIONAL, grade=2)


def record_of(road: Road, person: Person | None = None) -> Enrolment:
    return record_for(road.session, person or road.guardian, road.student.id)


def test_nobody_here_applies_for_what_the_receiving_school_elsewhere_begins(outbound, here) -> None:
    with pytest.raises(BeginsElsewhere) as refused:
        save_draft(here, outbound.guardian, outbound.student.id, outbound.form)
    assert refused.value.facts["school"] == outbound.receiving.name
    here.rollback()
    mine = select(func.count()).where(ChangeRequest.student_id == outbound.student.id)
    assert here.scalars(mine).one() == 0


def test_a_draft_from_when_both_provinces_were_served_is_not_submitted_any_more(outbound, here) -> None:
    narrow = settings_of(here)
    here.info["settings"] = narrow.model_copy(update={"provinces": ("41", "51")})
    draft = outbound.draft()
    here.info["settings"] = narrow
    with pytest.raises(BeginsElsewhere):
        submit(here, outbound.guardian, draft.id)
    here.rollback()
    assert outbound.state_of(draft) == CaseState.DRAFT


@pytest.mark.parametrize("stage", [Stage.COMPULSORY, Stage.VOCATIONAL])
def test_nobody_here_applies_for_what_concerns_two_other_provinces(here, stage) -> None:
    road = leaving(here, stage, grade=2)
    here.info["settings"] = settings_of(here).model_copy(update={"provinces": ("35",)})
    with pytest.raises(BeginsElsewhere):
        save_draft(here, road.guardian, road.student.id, road.form)


@pytest.fixture
def arriving(here) -> Road:
    """A vocational pupil of a school in Sichuan on the way to one here (V8)."""
    account = makers.an_account(here, "家长")
    newcomer = replace(a_newcomer(), school="锦江职业学校", stage=Stage.VOCATIONAL, grade=2)
    student = enter(here, makers.person_of(here, account), newcomer)
    releasing = here.scalars(select(Enrolment).where(Enrolment.student_id == student.id)).one().school
    receiving = makers.a_school(here, "410325", Stage.VOCATIONAL)
    form = TransferForm(receiving.id, 2, TransferReason.HOUSEHOLD_MOVE)
    road = Road(here, student, makers.person_of(here, account), releasing, receiving, form)
    fill_seats(road)
    here.commit()
    return road


def test_a_vocational_pupil_from_elsewhere_brings_the_agreement_of_the_present_school(arriving, here) -> None:
    """V8: what the releasing school elsewhere has decided is not asked again; the school here sees its paper."""
    draft = arriving.draft(PaperKind.PROOF_OF_RESIDENCE)
    with pytest.raises(errors.FormIncomplete) as refused:
        submit(here, arriving.guardian, draft.id)
    assert refused.value.facts == {"missing": (PaperKind.RELEASE_AGREEMENT,)}
    here.rollback()
    draft = arriving.draft(PaperKind.RELEASE_AGREEMENT)
    case = submit(here, arriving.guardian, draft.id)
    while arriving.state_of(case) == CaseState.IN_REVIEW:
        arriving.approve(case)
    assert case.state == CaseState.COMPLETED


def test_a_vocational_pupil_who_leaves_needs_no_paper_of_his_school_which_decides_here(vocational) -> None:
    assert vocational.applied().state == CaseState.IN_REVIEW


def test_a_vocational_pupil_leaves_with_his_number_once_the_other_province_agrees(
    vocational, partner, here
) -> None:
    number = vocational.student.registry_number
    case = vocational.applied()
    assert vocational.approve_until(case, "outside_receiving").seat == "外省"
    assert agrees(partner, vocational, case) == CaseState.COMPLETED
    here.refresh(vocational.student)
    assert (vocational.student.state, vocational.student.registry_number) == (
        RegistryState.TRANSFERRED_OUT,
        number,
    )


def test_a_vocational_pupil_may_go_to_every_province_that_is_not_served_here(vocational, here) -> None:
    places = places_to_go_to(here, vocational.guardian, record_of(vocational))
    assert {"11", "35", "51", "65"} <= {place.code[:2] for place in places}
    assert "41" not in {place.code[:2] for place in places}


def test_a_pupil_of_a_general_school_is_named_no_school_elsewhere(outbound, here) -> None:
    assert places_to_go_to(here, outbound.guardian, record_of(outbound)) == []
    with pytest.raises(BeginsElsewhere):
        choose_school(here, outbound.guardian, record_of(outbound), "510104", "锦江学校")


@pytest.mark.parametrize("who", ["family", "registrar"])
def test_a_school_elsewhere_is_known_once_it_was_named(vocational, here, who) -> None:
    registrar = vocational.officers[vocational.releasing.id, Role.REGISTRAR]
    person = vocational.guardian if who == "family" else registrar
    schools = [
        choose_school(here, person, record_of(vocational), "330106", f"西湖{who}职业学校") for _ in range(2)
    ]
    assert schools[0] is schools[1]
    assert (schools[0].stage, schools[0].division_code) == (Stage.VOCATIONAL, "330106")


def test_only_the_family_and_the_present_school_name_a_school_elsewhere(vocational, here) -> None:
    record = record_of(vocational)
    others = [
        makers.a_guardian(here, makers.a_student(here, vocational.releasing)),
        makers.an_officer(here, makers.a_school(here, "410324", Stage.VOCATIONAL), Role.REGISTRAR),
        vocational.officers[vocational.releasing.id, Role.LEAD],
    ]
    for person in others:
        with pytest.raises(errors.NotYourChild):
            choose_school(here, person, record, "330106", "西湖职业学校")


def test_a_child_at_a_school_elsewhere_does_not_go_to_another_one_from_here(inbound, here) -> None:
    with pytest.raises(errors.NotAllowed):
        places_to_go_to(here, inbound.guardian, record_of(inbound))


def test_the_schools_registrar_begins_it_for_the_family(vocational, here) -> None:
    registrar = vocational.officers[vocational.releasing.id, Role.REGISTRAR]
    draft = save_draft(here, registrar, vocational.student.id, vocational.form)
    assert draft.applicant_office_id == vocational.releasing.id
