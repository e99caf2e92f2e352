"""The number that a new student gets (新生学籍号): domain 4.3."""

from sqlalchemy.orm import Session

from models import Office
from models.enums import NumberKind
from webapp.errors import Refusal
from webapp.services.registry.identities import cipher_of
from webapp.services.registry.numbers import next_fujian_number, next_number_without_identity
from webapp.services.registry.record import Record


class SchoolHasNoCode(Refusal):
    """The school has no code (学校标识码) yet, so no number can be given. Ask its bureau to enter it."""

    status = 409


def new_number(
    session: Session, record: Record, school: Office, entry_year: int, kind: NumberKind | None
) -> tuple[NumberKind, str]:
    """Return the number of a new student: of the school's own series in Fujian's vocational schools, else national.

    The national one is G and the identity number; J with region, birth date and serial for whoever has none. Raises
    SchoolHasNoCode or SerialsUsedUp.
    """
    if kind == NumberKind.FUJIAN_VOCATIONAL:
        return kind, fujian_number(session, school.school_code, entry_year)
    if record.identity_number is not None:
        identity = cipher_of(session).decrypt(bytes.fromhex(record.identity_number))
        return NumberKind.FORMAL, f"{NumberKind.FORMAL}{identity}"
    number = next_number_without_identity(session, school.division_code, record.birth_date)
    return NumberKind.NO_IDENTITY, number


def fujian_number(session: Session, school_code: str | None, entry_year: int) -> str:
    """Return the next number of a Fujian vocational school and entry year (S1B 第八条).

    Raises SchoolHasNoCode or SerialsUsedUp.
    """
    if school_code is None:
        raise SchoolHasNoCode
    return next_fujian_number(session, entry_year, school_code[-4:-2], school_code[-2:])
