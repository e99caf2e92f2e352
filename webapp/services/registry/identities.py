"""Students' identity numbers as stored: encrypted, beside a blind index that finds them and keeps them unique."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Student
from webapp.services.context import settings_of
from webapp.services.registry.ciphers import AesGcmCipher, blind_index


def cipher_of(session: Session) -> AesGcmCipher:
    """Return what identity numbers are encrypted with."""
    return AesGcmCipher([settings_of(session).identity_key])


def identify(session: Session, student: Student, number: str) -> None:
    """Store a validated identity number with a student; the caller commits."""
    settings = settings_of(session)
    student.identity_cipher = cipher_of(session).encrypt(number)
    student.identity_index = blind_index(settings.index_key, number)


def identity_number_of(session: Session, student: Student) -> str | None:
    """Return a student's identity number, None if there is none. Raises UndecipherableError."""
    if student.identity_cipher is None:
        return None
    return cipher_of(session).decrypt(student.identity_cipher)


def has_twin(session: Session, student: Student, number: str) -> bool:
    """Whether another student's record has that identity number."""
    index = blind_index(settings_of(session).index_key, number)
    twin = select(Student.id).where(Student.identity_index == index, Student.id != student.id)
    return session.scalar(twin) is not None
