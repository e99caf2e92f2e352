"""The nightly check: what it proposes and lets lapse, how it goes on after a crash, what comes of a proposal."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Office, Proposal, ProposalRun, Reservation, Student
from models.enums import (
    ChangeKind,
    PaperKind,
    ProposalState,
    RegistryState,
    Role,
    Stage,
    SuspensionReason,
    WithdrawalReason,
)
from tests.webapp.road import A_PNG, terms
from tests.webapp.site import Site, said
from webapp.policy import Person
from webapp.services.cases.applications import save_draft, submit
from webapp.services.changes.kinds.withdrawal import WithdrawalForm
from webapp.services.demo import makers
from webapp.services.papers.files import add_paper
from webapp.services.proposals import finding, settling

pytestmark = pytest.mark.slow

A_DAY = timedelta(days=1)
# Each night is looked at once, and the database is shared by these tests.
NIGHTS = (date(2025, 9, 20) + n * A_DAY for n in count())


@dataclass
class Expired:
    """A student who did not return after a suspension, though his family was told, and his school's registrar."""

    session: Session
    student: Student
    school: Office
    registrar: Person

    def proposals(self) -> list[tuple[str, ProposalState]]:
        mine = select(Proposal).where(Proposal.student_id == self.student.id).order_by(Proposal.id)
        found = self.session.scalars(mine.execution_options(populate_existing=True))
        return [(proposal.reason, proposal.state) for proposal in found]

    def proposal(self) -> Proposal:
        finding.find_proposals(self.session, next(NIGHTS))
        return self.session.scalars(select(Proposal).where(Proposal.student_id == self.student.id)).one()

    def returns(self) -> None:
        self.student.state = RegistryState.ENROLLED
        self.session.commit()


OPEN = ("suspension_expired", ProposalState.OPEN)


def an_expired(session: Session, *, told: date | None = date(2025, 8, 16)) -> Expired:
    terms(session)
    school = makers.a_school(session, "410323", Stage.VOCATIONAL)
    registrar = makers.an_officer(session, school, Role.REGISTRAR)
    student = makers.a_student(
        session, school, entered=date(2023, 9, 1), grade=2, state=RegistryState.SUSPENDED
    )
    spell = makers.a_spell(session, student, SuspensionReason.ILLNESS, date(2024, 9, 1), date(2025, 8, 15))
    if told:
        makers.a_return_notice(session, registrar, spell, told)
    session.commit()
    return Expired(session, student, school, registrar)


@pytest.fixture
def expired(session: Session) -> Expired:
    return an_expired(session)


def test_a_night_proposes_once_and_changes_no_record(session: Session, expired: Expired) -> None:
    version = expired.student.version
    for _ in range(2):
        finding.find_proposals(session, next(NIGHTS))
    assert expired.proposals() == [OPEN]
    session.refresh(expired.student)
    assert (expired.student.state, expired.student.version) == (RegistryState.SUSPENDED, version)


def test_whose_family_was_not_told_is_not_proposed(session: Session) -> None:
    untold = an_expired(session, told=None)
    finding.find_proposals(session, next(NIGHTS))
    assert untold.proposals() == []


def test_whoever_is_back_is_proposed_no_longer(session: Session, expired: Expired) -> None:
    finding.find_proposals(session, next(NIGHTS))
    expired.returns()
    finding.find_proposals(session, next(NIGHTS))
    assert expired.proposals() == [("suspension_expired", ProposalState.LAPSED)]


def test_a_night_that_is_through_is_not_looked_at_again(session: Session, expired: Expired) -> None:
    night = next(NIGHTS)
    finding.find_proposals(session, night)
    expired.returns()
    finding.find_proposals(session, night)
    assert expired.proposals() == [OPEN]


def test_a_night_that_broke_off_goes_on_where_it_was(
    session: Session, expired: Expired, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [an_expired(session) for _ in range(3)]
    monkeypatch.setattr(finding, "STRETCH", 2)
    night, told = next(NIGHTS), []

    def break_off(*so_far: int) -> None:
        told.append(so_far)
        if len(told) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        finding.find_proposals(session, night, break_off)
    session.rollback()  # what a killed process leaves to the database
    finding.find_proposals(session, night, break_off)
    run = session.get_one(ProposalRun, night)
    assert run.ended_at is not None
    looked_at = session.query(Student).count()
    assert (run.looked_at, run.last_student_id) == (looked_at, others[-1].student.id)
    assert [one.proposals() for one in (expired, *others)] == [[OPEN]] * 4
    assert [so_far for so_far, *_ in told[1:]] == sorted({so_far for so_far, *_ in told[1:]})


def test_whoever_has_business_in_progress_is_left_alone(session: Session, expired: Expired) -> None:
    begun(expired)
    finding.find_proposals(session, next(NIGHTS))
    assert expired.proposals() == []


def begun(expired: Expired) -> None:
    """The school begins the withdrawal."""
    session, registrar = expired.session, expired.registrar
    form = WithdrawalForm(WithdrawalReason.SUSPENSION_EXPIRED)
    draft = save_draft(session, registrar, expired.student.id, form)
    add_paper(
        session, registrar, draft, kind=PaperKind.NOTIFICATION_EVIDENCE, filename="receipt.png", data=A_PNG
    )
    session.commit()
    assert submit(session, registrar, draft.id).kind == ChangeKind.WITHDRAWAL


def test_a_case_takes_up_what_was_proposed(session: Session, expired: Expired) -> None:
    finding.find_proposals(session, next(NIGHTS))
    begun(expired)
    assert expired.proposals() == [("suspension_expired", ProposalState.TAKEN)]


def test_what_was_dismissed_comes_again_after_a_month_only(session: Session, expired: Expired) -> None:
    proposal = expired.proposal()
    settling.dismiss(session, expired.registrar, proposal.id, "家长已书面承诺返校")
    finding.find_proposals(session, next(NIGHTS))
    assert expired.proposals() == [("suspension_expired", ProposalState.DISMISSED)]
    proposal.settled_at -= finding.ASKED_AGAIN_AFTER
    session.commit()
    finding.find_proposals(session, next(NIGHTS))
    assert expired.proposals() == [("suspension_expired", ProposalState.DISMISSED), OPEN]


def test_only_the_school_dismisses_what_is_proposed_to_it_and_only_once(
    session: Session, expired: Expired
) -> None:
    proposal, other = expired.proposal(), an_expired(session)
    with pytest.raises(settling.NoSuchProposal):
        settling.dismiss(session, other.registrar, proposal.id, "?")
    settling.dismiss(session, expired.registrar, proposal.id, "已返校")
    with pytest.raises(settling.NoSuchProposal):
        settling.dismiss(session, expired.registrar, proposal.id, "已返校")


def test_the_registrar_reads_it_and_begins_it_on_its_ground(site: Site, expired: Expired) -> None:
    finding.find_proposals(expired.session, next(NIGHTS))
    registrar = site.visitor(expired.registrar)
    page = registrar.reads("/students")
    assert expired.student.name in page
    assert "Did not return after the suspension" in page
    form = registrar.get(f"/children/{expired.student.id}/withdrawal?reason=suspension_expired").text
    chosen = re.findall(r"<input checked[^>]*>", form)
    assert [one for one in chosen if 'value="suspension_expired"' in one]
    assert 'value="voluntary"' not in form


def test_a_proposal_is_not_dismissed_without_a_reason(site: Site, expired: Expired) -> None:
    proposal = expired.proposal()
    answer = site.visitor(expired.registrar).post(f"/students/proposals/{proposal.id}/dismiss", note=" ")
    assert answer.status_code == 422
    assert "Say why it is not begun." in said(answer)
    assert expired.proposals() == [OPEN]


def test_who_lets_a_reserved_admission_run_out_is_proposed_to_his_school_and_it_begins_there(
    site: Site, session: Session
) -> None:
    expired = an_expired(session)
    late = makers.a_student(session, expired.school, grade=1, state=RegistryState.RESERVED)
    session.add(Reservation(student_id=late.id, starts_on=date(2024, 9, 1), lasts_until=date(2025, 9, 1)))
    session.commit()
    finding.find_proposals(session, next(NIGHTS))
    visitor = site.visitor(expired.registrar)
    page = visitor.get("/students")
    begin = re.search(rf'href="([^"]*/children/{late.id}/admission_end[^"]*)"', page.text)
    assert begin, said(page)
    assert re.search(r'<input[^>]*\bchecked\b[^>]*value="too_late"', visitor.get(begin[1]).text)


def test_once_the_reservation_has_ended_the_proposal_lapses(session: Session) -> None:
    late = makers.a_student(session, an_expired(session).school, grade=1, state=RegistryState.RESERVED)
    kept = Reservation(student_id=late.id, starts_on=date(2024, 9, 1), lasts_until=date(2025, 9, 1))
    session.add(kept)
    session.commit()
    finding.find_proposals(session, next(NIGHTS))
    mine = select(Proposal).where(Proposal.student_id == late.id)
    assert session.scalars(mine).one().state == ProposalState.OPEN
    kept.ended_on = date(2025, 9, 20)
    session.commit()
    finding.find_proposals(session, next(NIGHTS))
    session.expire_all()
    assert session.scalars(mine).one().state == ProposalState.LAPSED
