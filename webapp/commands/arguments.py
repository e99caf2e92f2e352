"""What is typed after a command, read the same way by several of them."""

from datetime import datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Enrolment, Office, Student
from models.enums import OfficeKind
from webapp import clock
from webapp.services.changes.change import counts_for_applications

LONGEST_KEY = 18  # digits of which every number fits a key


def key(typed: str) -> int | None:
    """Return the number of a row (id); None for what is no number, or one that no row can have."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_KEY else None


def moment(_: click.Context, __: click.Parameter, given: str | None) -> datetime | None:
    """Return the moment that an option gives, in China unless it says otherwise; none if it is not given."""
    if given is None:
        return None
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise click.BadParameter(f"“{given}” is no moment; write it as 2026-09-07T09:00") from None
    aware = at if at.tzinfo else at.replace(tzinfo=clock.SHANGHAI)
    if not clock.spans(aware):
        raise click.BadParameter(f"“{given}” is not on a day from {clock.FIRST_DAY} to {clock.LAST_DAY}")
    return aware


def enrolment_of(session: Session, given: str) -> Enrolment:
    """Return where the student with this registry number or id is enrolled, or has graduated."""
    named = select(Student.id).where(Student.registry_number == given)
    student_id = session.scalar(named) or key(given)
    found = select(Enrolment).where(Enrolment.student_id == student_id, counts_for_applications())
    enrolment = session.scalar(found)
    if enrolment is None:
        asked = "give the registry number (学籍号) or the id of one who is enrolled"
        raise click.BadParameter(f"there is no such student as {given}; {asked}")
    return enrolment


def school_of(session: Session, given: str) -> Office:
    """Return the school with this code (学校标识码), exact name or id."""
    for named in (Office.school_code == given, Office.name == given, Office.id == key(given)):
        found = session.scalars(select(Office).where(Office.kind == OfficeKind.SCHOOL, named)).all()
        if len(found) > 1:
            ids = ", ".join(str(school.id) for school in found)
            raise click.BadParameter(f"several schools are called {given}; give one of the ids {ids}")
        if found:
            return found[0]
    raise click.BadParameter(f"there is no such school as {given}; give its code, exact name or id")
