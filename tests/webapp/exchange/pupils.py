"""Pupils who go from a school of one deployment to a school of another, as far as it is asked for."""

import itertools
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, Office, Student
from models.enums import PaperKind, Sex, Stage, TransferReason
from tests.webapp.exchange.deployments import Deployment
from tests.webapp.road import A_PNG
from webapp.policy import Person
from webapp.services.cases.applications import save_draft, submit
from webapp.services.changes.kinds.transfer import TransferForm
from webapp.services.demo import makers
from webapp.services.papers.files import add_paper
from webapp.services.registry.identity import synthetic_identity_number

PAPERS = (PaperKind.PROOF_OF_RESIDENCE, PaperKind.TRANSFER_FORM, PaperKind.BASIC_INFORMATION_SHEET)

BORN = date(2014, 5, 6)
FIRST = 1000

_serial = itertools.count(FIRST)


@dataclass
class Pupil:
    """A pupil who is known in two deployments, and the schools by which he goes from one to the other."""

    name: str
    number: str
    applicant: Person
    student: Student
    form: TransferForm


def a_pupil(
    receiving: Deployment,
    releasing: Deployment,
    *,
    to: str = "410325",
    of: str = "340111",
    stage: Stage = Stage.COMPULSORY,
    grade: int = 3,
    begins: Deployment | None = None,
    number: str | None = None,
) -> Pupil:
    """Make a pupil at a school of one deployment who is to go to a school of another; he is known where it begins.

    Both may be one deployment, which is then the only one that knows the pupil.
    """
    begins, serial = begins or receiving, next(_serial)
    name, number = (
        f"学生{serial}",
        number or f"G{synthetic_identity_number(BORN, serial - FIRST, Sex.FEMALE)}",
    )
    record = {"name": name, "number": number, "grade": grade, "entered": date(2024, 9, 1)}
    for side in [receiving] if receiving is releasing else [receiving, releasing]:
        new_school, old_school = _two_schools(side.session, serial, stage, to=to, of=of)
        if side in (begins, releasing):
            student = makers.a_student(side.session, old_school, **record)
        if side is begins:
            form = TransferForm(new_school.id, grade, TransferReason.HOUSEHOLD_MOVE)
            pupil = Pupil(name, number, makers.a_guardian(side.session, student), student, form)
        side.session.commit()
    return pupil


def a_pupil_to_fujian(receiving: Deployment, releasing: Deployment, begins: Deployment) -> Pupil:
    """Make a pupil of a vocational school who is to go from Henan to Fujian, where both sides agree (V7)."""
    stage = Stage.VOCATIONAL
    return a_pupil(receiving, releasing, to="350203", of="410325", stage=stage, grade=2, begins=begins)


def _two_schools(session: Session, serial: int, stage: Stage, *, to: str, of: str) -> tuple[Office, Office]:
    """The school that one goes to and the one that one comes from, known by the same codes everywhere."""
    return (
        makers.a_school(session, to, stage, name=f"转入{serial}中", school_code=f"41{serial:08d}"),
        makers.a_school(session, of, stage, name=f"转出{serial}中", school_code=f"34{serial:08d}"),
    )


def applied(deployment: Deployment, pupil: Pupil) -> ChangeRequest:
    """Let the family apply."""
    session = deployment.session
    draft = save_draft(session, pupil.applicant, pupil.student.id, pupil.form)
    for kind in PAPERS:
        add_paper(session, pupil.applicant, draft, kind=kind, filename=f"{kind}.png", data=A_PNG)
    session.commit()
    return submit(session, pupil.applicant, draft.id)


def asked(deployment: Deployment, pupil: Pupil) -> ChangeRequest:
    """Let the family apply and everybody there approve, until the other province is to be asked."""
    case = applied(deployment, pupil)
    deployment.approve_all()
    return case


def pupil_in(deployment: Deployment, number: str) -> Student:
    deployment.session.rollback()
    deployment.session.expire_all()
    return deployment.session.scalars(select(Student).where(Student.registry_number == number)).one()
