"""Which registry states may follow which: the table of domain 4.2, and nothing beside it."""

import pytest

from models.enums import RegistryState as S
from models.transitions import ForbiddenTransition, check_transition

LAWFUL = (
    {
        (S.ADMITTED, S.ENROLLED),
        (S.ADMITTED, S.RESERVED),
        (S.RESERVED, S.ENROLLED),
        (S.RESERVED, S.ADMISSION_CANCELLED),
        (S.ENROLLED, S.ENROLLED),
        (S.ENROLLED, S.SUSPENDED),
        (S.ENROLLED, S.TRANSFERRED_OUT),
        (S.ENROLLED, S.WITHDRAWN),
        (S.ENROLLED, S.EXPELLED),
        (S.ENROLLED, S.GRADUATED),
        (S.ENROLLED, S.COMPLETED),
        (S.ENROLLED, S.PARTIAL),
        (S.ENROLLED, S.DEFERRED),
        (S.DEFERRED, S.ENROLLED),
        (S.SUSPENDED, S.ENROLLED),
        (S.SUSPENDED, S.SUSPENDED),
        (S.SUSPENDED, S.WITHDRAWN),
        (S.GRADUATED, S.ENROLLED),
        (S.COMPLETED, S.ENROLLED),
        (S.COMPLETED, S.GRADUATED),
    }
    | {  # domain 3.8.1, 4.4 U6: given up or lost before the registration; from where, INT
        (S.ADMITTED, S.ADMISSION_CANCELLED),
        (S.ADMITTED, S.ADMISSION_ABANDONED),
        (S.RESERVED, S.ADMISSION_ABANDONED),
    }
    | {  # domain 3.13; from where, INT
        (before, after)
        for before in (S.ENROLLED, S.SUSPENDED)
        for after in (S.ABROAD, S.OTHER_LEFT, S.MISSING, S.DECEASED, S.CANCELLED)
    }
)


@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("after", S)
def test_a_record_goes_only_where_the_law_lets_it(before: S, after: S) -> None:
    if (before, after) in LAWFUL:
        check_transition(before, after)
    else:
        with pytest.raises(ForbiddenTransition):
            check_transition(before, after)


def test_a_withdrawn_student_never_comes_back() -> None:
    with pytest.raises(ForbiddenTransition, match="withdrawn to enrolled"):
        check_transition(S.WITHDRAWN, S.ENROLLED)
