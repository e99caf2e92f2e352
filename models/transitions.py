"""Which registry states may follow which (学籍状态流转): domain 4.2. What is not listed is forbidden."""

from models.enums import RegistryState as S

# Who was admitted may give it up, or lose it before he is registered (domain 3.8.1, 4.4 U6; as a way of its own, INT).
NOT_ADMITTED = {S.ADMISSION_CANCELLED, S.ADMISSION_ABANDONED}
ADMISSION = {
    S.ADMITTED: {S.ENROLLED, S.RESERVED, *NOT_ADMITTED},
    S.RESERVED: {S.ENROLLED, *NOT_ADMITTED},
}

# Whoever is on the roll may go abroad, be missed or die (domain 3.13; that it may be from there, INT).
OTHERWISE = {S.ABROAD, S.OTHER_LEFT, S.MISSING, S.DECEASED}

# Domain 4.2 names the state and not from where: from wherever the student is on the roll (INT; S1B 第三十六条).
VOID = {S.CANCELLED}

IN_SCHOOL = {
    S.ENROLLED: {
        S.ENROLLED,  # another school, major, study form or corrected data
        S.SUSPENDED,
        S.WITHDRAWN,
        S.EXPELLED,
        S.DEFERRED,
        S.GRADUATED,
        S.COMPLETED,
        S.PARTIAL,
        S.TRANSFERRED_OUT,  # as the old school sees it
        *OTHERWISE,
        *VOID,
    },
    S.DEFERRED: {S.ENROLLED},
    S.SUSPENDED: {S.ENROLLED, S.SUSPENDED, S.WITHDRAWN, *OTHERWISE, *VOID},
}

# A graduation in error is taken back by the authority (S2 二.3); a completer who makes up graduates (S1B 第三十二条).
AFTER_SCHOOL = {S.GRADUATED: {S.ENROLLED}, S.COMPLETED: {S.ENROLLED, S.GRADUATED}}

ALLOWED: dict[S, set[S]] = {**ADMISSION, **IN_SCHOOL, **AFTER_SCHOOL}


class ForbiddenTransition(Exception):  # noqa: N818 - says what was tried, as the refusals do
    """A record cannot go from one state to the other; WITHDRAWN never comes back (S1B 第十六条)."""

    def __init__(self, before: S, after: S) -> None:
        super().__init__(f"a record cannot go from {before} to {after}")
        self.before, self.after = before, after


def check_transition(before: S, after: S) -> None:
    """Raise ForbiddenTransition unless a record may go from one state to the other."""
    if after not in ALLOWED.get(before, set()):
        raise ForbiddenTransition(before, after)
