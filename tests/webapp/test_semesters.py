"""How many semesters a student has completed, by the terms on record."""

from datetime import date

import pytest

from models import Term
from webapp.services.changes.terms import semesters_completed


@pytest.mark.parametrize(
    ("joined", "on", "semesters"),
    [
        ("2025-08-28", "2025-09-10", 0),  # joined in the holidays: the first term has only begun
        ("2025-09-01", "2026-01-20", 0),
        ("2025-09-01", "2026-01-21", 1),
        ("2025-09-01", "2026-03-02", 1),
        ("2025-10-01", "2026-03-02", 1),  # joined in the term's first month
        ("2025-10-02", "2026-03-02", 0),
        ("2026-01-20", "2026-03-02", 0),  # joined on the term's last day
        ("2025-02-01", "2025-09-10", 1),  # the spring term before is not on record
        ("2025-05-02", "2025-09-10", 0),
        ("2025-09-01", "2026-07-06", 2),
    ],
)
def test_a_semester_counts_when_it_has_closed(joined: str, on: str, semesters: int) -> None:
    terms = [
        Term(opens_on=date(2025, 9, 1), closes_on=date(2026, 1, 20)),
        Term(opens_on=date(2026, 2, 24), closes_on=date(2026, 7, 5)),
    ]
    day = date.fromisoformat(on)
    known = [term for term in terms if term.opens_on <= day]
    assert semesters_completed(date.fromisoformat(joined), known, day) == semesters
