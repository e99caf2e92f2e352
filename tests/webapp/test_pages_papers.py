"""Papers: which are taken, how they are shown and to whom, and mending what a case was returned for."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models import AccessLog, ChangeRequest, Paper
from models.enums import CaseState, Role
from tests.webapp.road import A_PNG, TERM_BEGINS, Road
from tests.webapp.site import Site, Visitor, said
from webapp import clock
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

MEGABYTE = 1024 * 1024
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def family(site: Site, road: Road) -> Visitor:
    return site.visitor(road.guardian)


@pytest.fixture
def papers_page(family: Visitor, road: Road) -> str:
    """The address of the papers of a draft that has none yet."""
    start = f"/children/{road.student.id}/transfer"
    family.post(f"{start}/to/{road.receiving.id}", grade="3", reason="household_move")
    return f"{start}/papers"


@pytest.fixture
def returned(road: Road) -> ChangeRequest:
    """A case that the receiving school returned for a better proof of residence."""
    case = road.applied()
    with clock.freeze(TERM_BEGINS + AN_HOUR):
        road.send_back(case, reason="照片不清楚")
    return case


def a_file(data: bytes, name: str = "photo.png") -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def papers_of(road: Road) -> list[Paper]:
    road.session.rollback()
    case = select(ChangeRequest.id).where(ChangeRequest.student_id == road.student.id)
    return list(
        road.session.scalars(select(Paper).where(Paper.change_request_id.in_(case)).order_by(Paper.id))
    )


@pytest.mark.parametrize(
    "refused",
    [
        (b"", "photo.png", 422, "The file is empty."),
        (
            A_PNG + b"x" * 2 * MEGABYTE,
            "photo.png",
            413,
            "The file is too large: 2.1 MB, and 2.0 MB is the most.",
        ),
        (b"GIF89a and so on", "photo.png", 415, "Only JPG, PNG and PDF files are taken"),
        (b"<svg onload=alert(1)>", "photo.svg", 415, "Only JPG, PNG and PDF files are taken"),
        (b"MZ\x90 program", "photo.pdf", 415, "Only JPG, PNG and PDF files are taken"),
        (A_PNG, "", 422, "Choose a file first."),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_beside_its_paper(family, road, papers_page, refused):
    data, name, status, complaint = refused
    answer = family.post(papers_page, kind="proof_of_residence", file=a_file(data, name))
    assert answer.status_code == status
    assert complaint in said(answer)
    assert 'id="proof_of_residence-error"' in answer.text
    assert papers_of(road) == []


def test_more_than_a_form_may_hold_is_refused_unread(family, road, papers_page):
    answer = family.post(papers_page, kind="proof_of_residence", file=a_file(A_PNG + b"x" * 13 * MEGABYTE))
    assert answer.status_code == 413
    assert papers_of(road) == []


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (A_PNG, "image/png"),
        (b"\xff\xd8\xff and so on", "image/jpeg"),
        (b"%PDF-1.7 and so on", "application/pdf"),
    ],
)
def test_a_paper_is_served_as_what_it_is_and_cannot_act(family, road, papers_page, data, media_type):
    family.post(papers_page, kind="proof_of_residence", file=a_file(data, 'pho"to\r\n\x00\u202e<b>.exe'))
    (paper,) = papers_of(road)
    answer = family.get(f"/papers/{paper.id}")
    assert answer.data == data
    assert answer.mimetype == media_type
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith(f'inline; filename="proof_of_residence-{paper.id}.')
    assert "exe" not in disposition


@pytest.mark.parametrize(("kind", "status"), [("job_move_proof", 409), ("no such kind", 422), ("", 422)])
def test_a_paper_that_nobody_asks_for_is_refused(family, road, papers_page, kind, status):
    assert family.post(papers_page, kind=kind, file=a_file(A_PNG)).status_code == status
    assert papers_of(road) == []


def test_a_later_paper_takes_the_place_of_the_earlier_one(family, road, papers_page):
    for data in (A_PNG, A_PNG + b" clearer"):
        family.post(papers_page, kind="proof_of_residence", file=a_file(data))
    first, second = papers_of(road)
    assert (first.replaced_at is None, second.replaced_at is None) == (False, True)
    page = family.get(papers_page).text
    assert f"/papers/{second.id}" in page
    assert f"/papers/{first.id}" not in page


def test_who_sees_a_paper_is_written_down(site, road):
    case = road.applied()
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    paper = papers_of(road)[0]
    looks = select(func.count()).where(
        AccessLog.account_id == registrar.account_id,
        AccessLog.change_request_id == case.id,
        AccessLog.what == "paper",
    )
    assert site.visitor(registrar).get(f"/papers/{paper.id}").status_code == 200
    road.session.rollback()
    assert road.session.scalars(looks).one() == 1


def who(road: Road, name: str):
    people: dict[str, Callable[[], object]] = {
        "another guardian of the child": lambda: makers.a_guardian(road.session, road.student),
        "the receiving registrar": lambda: road.officers[road.receiving.id, Role.REGISTRAR],
    }
    return people[name]()


@pytest.mark.parametrize("name", ["another guardian of the child", "the receiving registrar"])
def test_a_paper_of_a_draft_is_for_who_began_it_alone(site, family, road, papers_page, name):
    family.post(papers_page, kind="proof_of_residence", file=a_file(A_PNG))
    (paper,) = papers_of(road)
    assert site.visitor(who(road, name)).get(f"/papers/{paper.id}").status_code == 404
    assert family.get(f"/papers/{paper.id}").status_code == 200


def test_a_paper_whose_file_was_altered_is_not_shown(family, road, papers_page, tmp_path, caplog):
    family.post(papers_page, kind="proof_of_residence", file=a_file(A_PNG))
    (paper,) = papers_of(road)
    (tmp_path / paper.sha256[:2] / paper.sha256).write_bytes(A_PNG + b"forged")
    answer = family.get(f"/papers/{paper.id}")
    assert answer.status_code == 410
    assert "The file of this paper is not the one that was handed in" in said(answer)
    assert paper.sha256 in caplog.text


def test_a_returned_case_says_what_to_correct_and_takes_only_that(family, road, returned):
    page = family.get(f"/cases/{returned.id}")
    assert "Please correct this 照片不清楚 Proof of residence" in said(page)
    assert 'value="transfer_form"' not in page.text
    refused = family.post(f"/cases/{returned.id}/papers", kind="transfer_form", file=a_file(A_PNG))
    assert refused.status_code == 409


def test_a_wrong_file_for_a_returned_case_is_refused_beside_its_paper(family, returned):
    answer = family.post(f"/cases/{returned.id}/papers", kind="proof_of_residence", file=a_file(b""))
    assert answer.status_code == 422
    assert "The file is empty." in said(answer)


def test_a_mended_case_goes_on_where_it_was_returned(family, road, returned):
    with clock.freeze(TERM_BEGINS + 2 * AN_HOUR):
        early = family.post(f"/cases/{returned.id}/resubmit")
        assert early.status_code == 422
        assert "First hand in what is missing: Proof of residence" in said(early)
        family.post(f"/cases/{returned.id}/papers", kind="proof_of_residence", file=a_file(A_PNG + b" clear"))
        answers = [family.post(f"/cases/{returned.id}/resubmit") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    road.session.expire_all()
    assert returned.state == CaseState.IN_REVIEW
    assert road.open_task(returned).step == "in_registrar"


def test_nothing_is_handed_in_while_the_case_is_reviewed(family, road):
    case = road.applied()
    answer = family.post(f"/cases/{case.id}/papers", kind="proof_of_residence", file=a_file(A_PNG))
    assert answer.status_code == 409
    assert "Nobody asks for this paper now" in said(answer)


def test_an_officer_hands_in_nothing_for_a_family(site, road, returned):
    registrar = site.visitor(road.officers[road.receiving.id, Role.REGISTRAR])
    answer = registrar.post(f"/cases/{returned.id}/papers", kind="proof_of_residence", file=a_file(A_PNG))
    assert answer.status_code == 404
    assert registrar.post(f"/cases/{returned.id}/resubmit").status_code == 404
    assert registrar.post(f"/cases/{returned.id}/withdraw", confirmed="y").status_code == 404


def test_a_paper_whose_file_is_gone_is_told_so(registrar: Visitor, road: Road, tmp_path) -> None:
    case = road.applied()
    paper = case.papers[0]
    for file in tmp_path.rglob(paper.sha256):
        file.unlink()
    answer = registrar.get(f"/papers/{paper.id}")
    assert answer.status_code == 410
    assert "cannot be found" in said(answer)
