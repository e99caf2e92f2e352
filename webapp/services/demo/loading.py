"""The demo (演示): `demo_plan` and `demo_families`, made through the services that everybody uses.

Repeating it is safe.
"""

from dataclasses import dataclass
from datetime import date
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Contact, Guardianship, Membership, Office, Student
from models.enums import Channel, Outcome, PaperKind, Seat, Stage, TaskState, TransferReason
from webapp import clock
from webapp.config import DEMO_BEGINS
from webapp.policy import Person
from webapp.services.cases.applications import save_draft, submit
from webapp.services.cases.decisions import decide, return_to_applicant
from webapp.services.changes.eligibility import wanted_papers
from webapp.services.changes.kinds.transfer import TransferForm, transfer_of
from webapp.services.demo import makers
from webapp.services.demo.families import CASES, FAMILIES, MADE_AT
from webapp.services.demo.plan import OFFICERS, PASSWORD, SCHOOLS, TERMS, PlannedCase, PlannedChild
from webapp.services.demo.seed import seed
from webapp.services.notices.contacts import set_contact
from webapp.services.papers.made_up import upload_made_up_papers
from webapp.services.people.accounts import HASHER
from webapp.services.registry.identity import synthetic_identity_number
from webapp.services.registry.numbers import next_fujian_number
from webapp.services.rounds import work_off

SCHOOL_YEAR = 2026
FIRST_MOBILE = 19900990000
FUJIAN = "35"
FUJIAN_COUNTY, FUJIAN_SCHOOL = "01", "01"  # in the numbers of the demo's one school that gives such numbers


@dataclass(frozen=True, slots=True)
class DemoChild:
    """A guardian's child, its registry number once it is made, and what to try with it, perhaps `to` a school."""

    name: str
    number: str | None
    school: str
    shows: str
    to: str | None


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account of the demo; `seat` names the seats it fills in the demo's transfers."""

    login: str
    password: str
    name: str
    office: str | None
    seat: str | None
    role: str
    children: tuple[DemoChild, ...] = ()


def demo_accounts(session: Session) -> list[DemoAccount]:
    """Return every account of the demo, made or not: guardians with their children, then officers."""
    numbers = _registry_numbers(session)
    families = [
        DemoAccount(
            family.login,
            PASSWORD,
            family.name,
            office=None,
            seat=Seat.APPLICANT,
            role="guardian",
            children=tuple(
                DemoChild(
                    child.name,
                    numbers.get((family.login, child.name)),
                    child.school,
                    child.shows,
                    child.to,
                )
                for child in family.children
            ),
        )
        for family in FAMILIES
    ]
    officers = [
        DemoAccount(who.login, PASSWORD, who.name, who.office, "、".join(who.seats) or None, who.role)
        for who in OFFICERS
    ]
    return [*families, *officers]


def is_loaded(session: Session) -> bool:
    """Whether the demo's people are there already."""
    return session.scalar(select(Account.id).where(Account.login == OFFICERS[0].login)) is not None


def load(session: Session) -> None:
    """Make the demo, or what is missing of it; commits."""
    if not is_loaded(session):
        with clock.freeze(MADE_AT):
            _make_world(session)
    seed(session)
    session.commit()
    for planned in CASES:
        student, guardian = _child(session, planned.child)
        if session.scalar(select(ChangeRequest.id).where(ChangeRequest.student_id == student.id)) is None:
            _make_case(session, planned, student, guardian)
    _make_contacts(session)
    session.commit()


def _make_contacts(session: Session) -> None:
    """Let everybody be reached, at last: what was told until then is old news. The numbers never leave the log."""
    logins = [who.login for who in (*FAMILIES, *OFFICERS)]
    unreached = (
        select(Account)
        .where(Account.login.in_(logins), ~select(Contact).where(Contact.account_id == Account.id).exists())
        .order_by(Account.id)
    )
    for account in session.scalars(unreached):
        set_contact(session, account.id, Channel.EMAIL, f"{account.login}@demo.example", wanted=True)
        set_contact(session, account.id, Channel.SMS, f"{FIRST_MOBILE + account.id}", wanted=True)


def _make_world(session: Session) -> None:
    """Schools, people and records, in one transaction: all of them or none."""
    seed(session)
    for opens_on, closes_on in TERMS:
        makers.a_term(session, opens_on, closes_on)
    for school in SCHOOLS:
        made = makers.a_school(
            session,
            school.division_code,
            school.stage,
            name=school.name,
            school_code=school.school_code,
            rule_pack=school.rule_pack,
        )
        for grade in school.full_grades:
            makers.some_places(session, made, grade, capacity=0)
    password_hash = HASHER.hash(PASSWORD)  # once: it is slow on purpose
    for officer in OFFICERS:
        office = session.scalars(select(Office).where(Office.name == officer.office)).one()
        account = makers.an_account(session, officer.name, officer.login, password_hash)
        makers.an_officer(session, office, officer.role, account=account)
    serials = count()
    for family in FAMILIES:
        account = makers.an_account(session, family.name, family.login, password_hash)
        children = [_make_child(session, child, next(serials)) for child in family.children]
        makers.a_guardian(session, *children, account=account)


def _make_child(session: Session, child: PlannedChild, serial: int) -> Student:
    school = session.scalars(select(Office).where(Office.name == child.school)).one()
    age_before = 6 if school.stage == Stage.COMPULSORY else 15
    born = date(SCHOOL_YEAR - age_before - child.grade, 3, 1)
    entered = date(SCHOOL_YEAR + 1 - child.grade, 9, 1)
    identity = synthetic_identity_number(born, serial, child.sex)
    number = f"G{identity}"
    if school.stage == Stage.VOCATIONAL and school.division_code.startswith(FUJIAN):
        number = next_fujian_number(session, entered.year, FUJIAN_COUNTY, FUJIAN_SCHOOL)
    student = makers.a_student(
        session,
        school,
        grade=child.grade,
        entered=entered,
        name=child.name,
        number=number,
        identity=identity,
        state=child.state,
        sex=child.sex,
        birth_date=born,
    )
    for kind in child.overlays:
        makers.an_overlay(session, student, kind)
    if child.sanction:
        makers.a_sanction(session, student, child.sanction)
    return student


def _make_case(session: Session, planned: PlannedCase, student: Student, guardian: Person) -> None:
    with clock.freeze(planned.applied):
        case = _apply(session, planned, student, guardian)
        work_off(session)
    for at in planned.approved:
        with clock.freeze(at):
            task_id, version, officer = _next_task(session, case)
            decide(session, officer, task_id, outcome=Outcome.APPROVE, version=version, opinion="同意")
            work_off(session)
    if planned.returned:
        with clock.freeze(planned.returned):
            task_id, version, officer = _next_task(session, case)
            items, reason = [PaperKind.PROOF_OF_RESIDENCE], "居住证明照片不清晰，请重新拍照上传"
            return_to_applicant(session, officer, task_id, items=items, reason=reason, version=version)
            work_off(session)
    with clock.freeze(DEMO_BEGINS):
        work_off(session)


def _apply(session: Session, planned: PlannedCase, student: Student, guardian: Person) -> ChangeRequest:
    school = session.scalars(select(Office).where(Office.name == planned.to)).one()
    form = TransferForm(
        school.id, student.enrolments[-1].grade, TransferReason.HOUSEHOLD_MOVE, "全家搬到新住处"
    )
    wanted = wanted_papers(transfer_of(session, student.id, form, clock.today()))
    draft = save_draft(session, guardian, student.id, form)
    upload_made_up_papers(session, guardian, draft, [paper.kind for paper in wanted if paper.required])
    return submit(session, guardian, draft.id)


def _next_task(session: Session, case: ChangeRequest) -> tuple[int, int, Person]:
    """The task that the case waits for, the case's version, and who takes the task."""
    task = next(task for task in case.tasks if task.state == TaskState.OPEN)
    holder = (
        select(Account)
        .join(Membership)
        .where(Membership.office_id == task.office_id, Membership.role == task.role)
    )
    return task.id, case.version, makers.person_of(session, session.scalars(holder).one())


def _child(session: Session, name: str) -> tuple[Student, Person]:
    login = next(family.login for family in FAMILIES if name in {child.name for child in family.children})
    found = (
        select(Student, Account)
        .join(Guardianship, Guardianship.student_id == Student.id)
        .join(Account, Guardianship.account_id == Account.id)
        .where(Account.login == login, Student.name == name)
    )
    student, account = session.execute(found).one()
    return student, makers.person_of(session, account)


def _registry_numbers(session: Session) -> dict[tuple[str, str], str | None]:
    """The numbers of the demo's children, by the guardian's login and the child's name."""
    found = (
        select(Account.login, Student.name, Student.registry_number)
        .join(Guardianship, Guardianship.account_id == Account.id)
        .join(Student, Guardianship.student_id == Student.id)
        .where(Account.login.in_([family.login for family in FAMILIES]))
    )
    return {(login, name): number for login, name, number in session.execute(found)}
