"""Who has graduated: found by family and school, locked, and issued a proof of graduation once."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from models import ChangeRequest, Student
from models.enums import (
    CaseState,
    OfficeLevel,
    RegistryState,
    WithdrawalReason,
)
from tests.webapp.road import fill_seats
from tests.webapp.site import Site, said
from tests.webapp.small_kinds import (
    OF_A_PROOF,
    a_graduate,
    another_enrolment,
    approved,
    leave,
    registrar_of,
)
from webapp import clock, errors
from webapp.services.cases.applications import submit
from webapp.services.cases.drafts import forget_drafts
from webapp.services.cases.families import children_of, find_record, record_for
from webapp.services.changes import profiles
from webapp.services.changes.eligibility import NotEligible
from webapp.services.changes.kinds.withdrawal import WithdrawalForm
from webapp.services.changes.school_records import (
    RecordLocked,
    Semester,
    keep_semester,
    proofs_of,
)

pytestmark = pytest.mark.slow


class TestAGraduate:
    def test_is_issued_a_proof_by_the_authority_of_the_school_and_stays_a_graduate(self, session):
        road = a_graduate(session)
        case = approved(road, OF_A_PROOF)
        (proof,) = proofs_of(session, road.student.id)
        assert case.state == CaseState.COMPLETED
        assert (proof.issued_on, proof.change_request_id) == (clock.today(), case.id)
        assert (proof.issued_by.level, proof.issued_by.division_code) == (OfficeLevel.COUNTY, "410323")
        assert road.student.state == RegistryState.GRADUATED
        with pytest.raises(NotEligible, match="DP-ONCE"):
            submit(session, road.guardian, road.draft(*OF_A_PROOF).id)

    def test_of_a_city_school_is_issued_it_by_the_city(self, session):
        road = a_graduate(session, OfficeLevel.CITY)
        approved(road, OF_A_PROOF)
        assert proofs_of(session, road.student.id)[0].issued_by.level == OfficeLevel.CITY

    def test_is_found_by_family_and_school_with_the_last_enrolment(self, session):
        road = a_graduate(session)
        last = road.student.enrolments[-1]
        assert [child.record for child in children_of(session, road.guardian)] == [last]
        assert record_for(session, road.guardian, road.student.id) is last
        found = (registrar_of(road), str(road.student.registry_number), road.student.name)
        assert find_record(session, *found, graduates=True) is last
        with pytest.raises(errors.NoSuchStudent):
            find_record(session, *found)  # as a school that asks for a transfer looks for him

    @pytest.mark.parametrize("state", [RegistryState.WITHDRAWN, RegistryState.TRANSFERRED_OUT])
    def test_whoever_has_left_otherwise_is_not(self, session, state):
        road = a_graduate(session)
        leave(road, state)
        assert [child.record for child in children_of(session, road.guardian)] == [None]
        with pytest.raises(errors.NoSuchStudent):
            record_for(session, road.guardian, road.student.id)

    def test_who_is_at_another_school_by_now_is_found_there(self, session):
        road = a_graduate(session)
        present = another_enrolment(road, road.receiving.id, None)
        road.student.state = RegistryState.ENROLLED
        session.commit()
        assert record_for(session, road.guardian, road.student.id).id == present.id

    def test_who_has_left_that_school_too_is_not(self, session):
        road = a_graduate(session)
        another_enrolment(road, road.receiving.id, RegistryState.WITHDRAWN)
        with pytest.raises(errors.NoSuchStudent):
            record_for(session, road.guardian, road.student.id)

    def test_keeps_the_draft_for_a_proof_and_no_other(self, session):
        road = a_graduate(session)
        draft = road.draft(*OF_A_PROOF)
        leave(road, RegistryState.GRADUATED)
        other = replace(road, form=WithdrawalForm(WithdrawalReason.VOLUNTARY)).draft()
        kept, gone = draft.id, other.id
        forget_drafts(session)
        session.commit()
        session.expunge_all()
        assert session.get(ChangeRequest, kept) is not None
        assert session.get(ChangeRequest, gone) is None

    def test_has_a_record_that_nobody_changes_directly(self, session):
        road = a_graduate(session)
        last, registrar = road.student.enrolments[-1], registrar_of(road)
        with pytest.raises(RecordLocked):
            profiles.edit(session, registrar, last, profiles.EDITABLE[0], "汉族")
        with pytest.raises(RecordLocked):
            keep_semester(session, registrar, last, Semester(truant_hours=3))

    def test_is_shown_to_his_school_without_forms(self, site: Site, session):
        road = a_graduate(session)
        school = site.visitor(registrar_of(road))
        answer = school.post("/students", number=road.student.registry_number, name=road.student.name)
        assert answer.location == f"/students/{road.student.id}"
        page = school.reads(answer.location)
        assert "Apply for a proof of graduation" in page
        assert "Change it" not in page
        assert "Keep it" not in page
        sent = school.post(f"{answer.location}/edit", field="ethnicity", to="汉族")
        assert (sent.status_code, "the record is locked" in said(sent)) == (409, True)

    def test_whose_record_has_changed_meanwhile_has_to_confirm_it(self, session):
        road = a_graduate(session)
        fill_seats(road)
        session.commit()
        case = submit(session, road.guardian, road.draft(*OF_A_PROOF).id)
        road.approve(case, times=2)
        session.execute(update(Student).where(Student.id == road.student.id).values(name="林又青"))
        session.commit()
        with pytest.raises(errors.RecordChanged):
            road.approve(case)
        assert proofs_of(session, road.student.id) == []
