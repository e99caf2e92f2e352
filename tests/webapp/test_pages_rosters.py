"""The pages of lists of new students (新生花名册): choosing the file, sending the list, approving it together."""

import io
from collections.abc import Iterator

import pytest

from tests.webapp.rosters import AUTUMN, Listing, a_listing, a_row
from tests.webapp.site import Site, Visitor, a_site, said
from webapp.services import rounds

pytestmark = pytest.mark.slow


@pytest.fixture
def listing(session) -> Listing:
    return a_listing(session, pack="voc-shiyan-2015")


@pytest.fixture
def site(listing: Listing) -> Iterator[Site]:
    with a_site(listing.session) as site:  # which takes made-up identities, as the listing does
        yield site


def csv(*rows) -> tuple[io.BytesIO, str]:
    """Rows as a file."""
    columns = [*rows[0]]
    lines = [",".join(columns), *(",".join(row.get(column, "") for column in columns) for row in rows)]
    return io.BytesIO("\n".join(lines).encode("utf-8-sig")), "花名册.csv"


def hand_in(visitor: Visitor, listing: Listing, *rows, file=None, **more):
    sent = {"school_id": str(listing.school.id), "grade": "1", "entered_on": AUTUMN.isoformat()}
    return visitor.post("/rosters", file=file or csv(*rows), **sent, **more)


def test_a_list_is_chosen_sent_and_approved_together(site: Site, listing: Listing) -> None:
    registrar = site.visitor(listing.registrar)
    answer = hand_in(registrar, listing, a_row("赵一"), a_row("赵二"))
    assert answer.status_code == 303, said(answer)
    shown = registrar.get(answer.location)
    assert "赵一" in shown.text
    assert registrar.post(f"{answer.location}/send").status_code == 303
    rounds.work_off(listing.session)
    shown = registrar.get(answer.location).text
    assert "under way: 2" in shown
    assert "All together:" in shown
    assert "New students, autumn 2025" in registrar.get("/inbox").text
    assert "赵一" not in registrar.get("/inbox").text


def test_each_row_that_is_not_right_is_named_and_nothing_is_listed(site: Site, listing: Listing) -> None:
    registrar = site.visitor(listing.registrar)
    answer = hand_in(registrar, listing, a_row("赵三"), a_row("赵四") | {"身份证件号": "990101200801150016"})
    assert answer.status_code == 422
    assert "赵四" in answer.text
    assert "Nothing was listed" in answer.text
    assert "赵三" not in answer.text


@pytest.mark.parametrize("data", [b"\xff\xd8 a photo", b"", b"a,b\n1,2\n"])
def test_a_file_that_is_no_list_is_refused_in_words(site: Site, listing: Listing, data: bytes) -> None:
    registrar = site.visitor(listing.registrar)
    answer = hand_in(registrar, listing, file=(io.BytesIO(data), "list.xlsx"))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_list_that_was_handed_in_twice_is_one(site: Site, listing: Listing) -> None:
    registrar, row = site.visitor(listing.registrar), a_row("赵五")
    first, again = (hand_in(registrar, listing, row, once="0123456789abcdef" * 2) for _ in range(2))
    assert first.status_code == 303
    assert again.location == first.location


def test_the_empty_list_can_be_filled_in(site: Site, listing: Listing) -> None:
    answer = site.visitor(listing.registrar).get("/rosters/empty.xlsx")
    assert answer.data.startswith(b"PK")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="roster.xlsx"'
