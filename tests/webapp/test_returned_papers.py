"""The papers of a returned case: which may be asked for anew, and that the others stay as they were handed in."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models import ChangeRequest
from models.enums import CaseState, EventKind, PaperKind
from tests.webapp.road import A_PNG, Road
from tests.webapp.site import Site, said
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.audit.findings import Fault
from webapp.services.audit.verification import verify
from webapp.services.cases import endings
from webapp.services.cases.corrections import PapersExchanged, resubmit, withdraw
from webapp.services.cases.decisions import return_to_applicant
from webapp.services.cases.reviews import PaperNotListed
from webapp.services.cases.uploads import hand_in
from webapp.services.context import settings_of

pytestmark = pytest.mark.slow

PROOF, FORM = PaperKind.PROOF_OF_RESIDENCE, PaperKind.TRANSFER_FORM
UNLISTED = PaperKind.JOB_MOVE_PROOF
EXCHANGED = "UPDATE paper SET sha256 = repeat('0', 64) WHERE change_request_id = :case AND kind = :kind"
REMOVED = "DELETE FROM paper WHERE change_request_id = :case AND kind = :kind"


def returned(road: Road, *items: PaperKind) -> ChangeRequest:
    case = road.applied()
    task = road.open_task(case)
    asked = {"items": items, "reason": "看不清", "version": case.version}
    return_to_applicant(road.session, road.officer(task), task.id, **asked)
    return case


def corrected(road: Road, case: ChangeRequest) -> None:
    with clock.freeze(clock.now() + timedelta(minutes=1)):
        hand_in(road.session, road.guardian, case.id, kind=PROOF, filename="n.png", data=A_PNG + b"clear")
        resubmit(road.session, road.guardian, case.id)


def tamper(session: Session, case: ChangeRequest, statement: str, kind: PaperKind = FORM) -> None:
    session.execute(text(statement), {"case": case.id, "kind": kind})
    session.commit()


def findings(session: Session, case: ChangeRequest, folder: Path) -> list[Fault]:
    session.commit()
    found = verify(session, settings_of(session).audit_key, folder)
    session.rollback()
    return [finding.fault for finding in found if finding.where == case.number]


def test_the_papers_that_were_ticked_may_be_exchanged_and_the_trail_stays_whole(
    road: Road, session: Session, tmp_path: Path
) -> None:
    case = returned(road, PROOF)
    hand_in(session, road.guardian, case.id, kind=PROOF, filename="n.png", data=A_PNG + b"clear")
    assert findings(session, case, tmp_path) == []
    corrected(road, case)
    assert findings(session, case, tmp_path) == []


@pytest.mark.parametrize("statement", [EXCHANGED, REMOVED], ids=["exchanged", "removed"])
def test_another_paper_that_was_touched_while_the_case_was_returned_is_found(
    road: Road, session: Session, tmp_path: Path, statement: str
) -> None:
    case = returned(road, PROOF)
    tamper(session, case, statement)
    assert findings(session, case, tmp_path) == [Fault.PAPERS_DIFFER]


@pytest.mark.parametrize("statement", [EXCHANGED, REMOVED], ids=["exchanged", "removed"])
def test_with_another_paper_that_was_touched_nothing_is_handed_in_again(
    road: Road, session: Session, statement: str
) -> None:
    case = returned(road, PROOF)
    tamper(session, case, statement)
    with pytest.raises(PapersExchanged):
        corrected(road, case)
    session.rollback()
    assert road.state_of(case) == CaseState.RETURNED


def revoked_elsewhere(session: Session, officer: Person, case_id: int) -> None:
    case = session.get_one(ChangeRequest, case_id, with_for_update=True)
    endings.end(session, case, CaseState.REVOKED, EventKind.REVOKED, actor_id=officer.account_id, payload={})
    session.commit()


@pytest.mark.parametrize("ending", [withdraw, revoked_elsewhere])
@pytest.mark.parametrize("state", [CaseState.IN_REVIEW, CaseState.RETURNED])
def test_an_early_ending_does_not_make_good_what_was_touched(
    road: Road, session: Session, tmp_path: Path, state: CaseState, ending: Callable[..., None]
) -> None:
    case = returned(road, PROOF) if state == CaseState.RETURNED else road.applied()
    tamper(session, case, EXCHANGED)
    ending(session, road.guardian, case.id)
    assert findings(session, case, tmp_path) == [Fault.PAPERS_DIFFER]


def test_a_paper_that_is_neither_listed_nor_given_may_not_be_asked_for(
    road: Road, session: Session, site: Site
) -> None:
    with pytest.raises(PaperNotListed):
        returned(road, PROOF, UNLISTED)
    session.rollback()
    case = session.query(ChangeRequest).filter_by(student_id=road.student.id).one()
    task = road.open_task(case)
    officer = site.visitor(road.officer(task))
    sent = {"items": UNLISTED.value, "version": case.version, "opinion": "请补交"}
    answer = officer.post(f"/tasks/{task.id}/return", **sent)
    assert answer.status_code == 422
    assert "may not be asked for in this case: Proof of the job move" in said(answer)
    assert road.state_of(case) == CaseState.IN_REVIEW


def test_what_was_given_may_be_asked_for_though_it_is_not_listed(road: Road, session: Session) -> None:
    case = road.applied()
    tamper(
        session,
        case,
        "UPDATE paper SET kind = 'other_proof' WHERE change_request_id = :case AND kind = :kind",
    )
    task = road.open_task(case)
    asked = {"items": [PaperKind.OTHER_PROOF], "reason": "看不清", "version": case.version}
    return_to_applicant(session, road.officer(task), task.id, **asked)
    assert road.state_of(case) == CaseState.RETURNED


def test_a_draft_is_no_case_that_could_be_handed_in_again_or_withdrawn(road: Road, session: Session) -> None:
    draft = road.draft()
    for act in (resubmit, withdraw):
        with pytest.raises(errors.NoSuchCase):
            act(session, road.guardian, draft.id)
        session.rollback()
