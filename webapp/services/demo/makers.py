"""Makes people, schools and students for the demo, the scenarios and the tests: `a_school`, `a_student`, …

What is made is synthetic and lawful: identity numbers lie in region 990101, which is assigned to nobody.
The caller commits.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Account,
    Enrolment,
    Guardianship,
    Membership,
    Office,
    Proposal,
    ReturnNotice,
    Sanction,
    SchoolPlaces,
    Student,
    StudentOverlay,
    Suspension,
    Term,
)
from models.enums import (
    ChangeKind,
    HowTold,
    IdentityType,
    OfficeLevel,
    OverlayKind,
    ProposalState,
    RegistryState,
    Relation,
    Role,
    SanctionKind,
    Sex,
    Stage,
    StudyForm,
    SuspensionReason,
)
from webapp import clock
from webapp.policy import Person, Post
from webapp.services.context import settings_of
from webapp.services.offices.tree import create_school
from webapp.services.registry.identities import identify
from webapp.services.registry.identity import validate_identity_number
from webapp.services.registry.numbers import kind_of

LONG_AGO = date(2000, 1, 1)
# No hash that any password fits: whoever is made for a scenario never signs in.
NO_PASSWORD = "!"  # noqa: S105 - no password at all

_serial = count(1)


def a_school(
    session: Session,
    division_code: str,
    stage: Stage = Stage.COMPULSORY,
    run_by: OfficeLevel = OfficeLevel.COUNTY,
    name: str | None = None,
    *,
    school_code: str | None = None,
    rule_pack: str | None = None,
) -> Office:
    """Make a school in a division; with `rule_pack` it stands under that one, whatever its region and stage."""
    school = create_school(
        session,
        name=name or f"第{next(_serial)}学校",
        division_code=division_code,
        stage=stage,
        run_by=run_by,
        valid_from=LONG_AGO,
        school_code=school_code,
    )
    school.rule_pack = rule_pack
    session.flush()
    return school


def an_account(
    session: Session, name: str, login: str | None = None, password_hash: str = NO_PASSWORD
) -> Account:
    """Make an account; without a password hash nobody can sign in to it."""
    account = _account(name, login, password_hash)
    session.add(account)
    session.flush()
    return account


def an_officer(
    session: Session, office: Office, role: Role, name: str | None = None, account: Account | None = None
) -> Person:
    """Let somebody hold a role in an office from long ago."""
    if account is None:
        [officer] = officers(session, [(office, role)], name)
        return officer
    session.add(Membership(account_id=account.id, office_id=office.id, role=role, valid_from=LONG_AGO))
    session.flush()
    return person_of(session, account)


def officers(session: Session, posts: Sequence[tuple[Office, Role]], name: str | None = None) -> list[Person]:
    """Let somebody else hold each of these roles in an office from long ago."""
    accounts = [_account(name or f"{office.name}{role}") for office, role in posts]
    for account, (office, role) in zip(accounts, posts, strict=True):
        account.memberships.append(Membership(office_id=office.id, role=role, valid_from=LONG_AGO))
    session.add_all(accounts)
    session.flush()
    return [
        _person(account, [_post(office, role)])
        for account, (office, role) in zip(accounts, posts, strict=True)
    ]


def a_student(
    session: Session,
    school: Office,
    *,
    grade: int = 3,
    entered: date = date(2023, 9, 1),
    name: str | None = None,
    number: str | None = None,
    identity: str | None = None,
    state: RegistryState = RegistryState.ENROLLED,
    sex: Sex = Sex.FEMALE,
    birth_date: date = date(2014, 5, 6),
    schooling_years: int | None = None,
) -> Student:
    """Make a student with an open enrolment; a ten-digit `number` is a Fujian vocational one.

    Raises IdentityNumberInvalid for an identity number that is not this person's.
    """
    assert school.stage is not None
    student = _record(name or f"学生{next(_serial)}", sex, birth_date, number, state)
    years = schooling_years or school.stage.schooling_years
    student.enrolments.append(_enrolment(school, grade, entered, years))
    if identity is not None:
        identify(session, student, _validated(session, student, identity))
    session.add(student)
    session.flush()
    return student


def an_overlay(session: Session, student: Student, kind: OverlayKind, note: str = "") -> StudentOverlay:
    """Lay something over a student's record from now on, such as an open problem."""
    overlay = StudentOverlay(student_id=student.id, kind=kind, note=note, started_at=clock.now())
    session.add(overlay)
    session.flush()
    return overlay


def a_sanction(
    session: Session,
    student: Student,
    kind: SanctionKind = SanctionKind.WARNING,
    *,
    decided_on: date | None = None,
    until: date | None = None,
    revoked_on: date | None = None,
) -> Sanction:
    """Enter a sanction into a student's record, by default decided today; it stands unless it was revoked."""
    sanction = Sanction(
        student_id=student.id,
        kind=kind,
        decided_on=decided_on or clock.today(),
        ground="违反校规",
        until=until,
        entered_at=clock.now(),
        revoked_on=revoked_on,
        revoked_ground="表现良好" if revoked_on else None,
        revoked_at=clock.now() if revoked_on else None,
    )
    session.add(sanction)
    session.flush()
    return sanction


def a_spell(
    session: Session,
    student: Student,
    reason: SuspensionReason,
    starts_on: date,
    ends_on: date,
    *,
    ended_on: date | None = None,
) -> Suspension:
    """Enter a spell of suspension into a student's record; it is open unless it ended."""
    spell = Suspension(
        student_id=student.id, reason=reason, starts_on=starts_on, ends_on=ends_on, ended_on=ended_on
    )
    session.add(spell)
    session.flush()
    return spell


def a_return_notice(session: Session, registrar: Person, spell: Suspension, told_on: date) -> ReturnNotice:
    """Record that the family of a suspended student was told, in person, that he has to return."""
    notice = ReturnNotice(
        suspension_id=spell.id,
        told_on=told_on,
        how=HowTold.SIGNED,
        recorded_by_id=registrar.account_id,
        recorded_at=clock.now(),
    )
    session.add(notice)
    session.flush()
    return notice


def a_proposal(session: Session, student: Student, school: Office, reason: str) -> Proposal:
    """Propose a student's withdrawal to the school, found today."""
    proposal = Proposal(
        student_id=student.id,
        school_id=school.id,
        kind=ChangeKind.WITHDRAWAL,
        reason=reason,
        found_on=clock.today(),
        state=ProposalState.OPEN,
    )
    session.add(proposal)
    session.flush()
    return proposal


def a_guardian(
    session: Session, *students: Student, name: str | None = None, account: Account | None = None
) -> Person:
    """Make a guardian of students."""
    holder = account or an_account(session, name or f"家长{next(_serial)}")
    for student in students:
        session.add(
            Guardianship(
                account_id=holder.id,
                student_id=student.id,
                relation=Relation.MOTHER,
                valid_from=LONG_AGO,
            )
        )
    session.flush()
    return person_of(session, holder)


def a_term(session: Session, opens_on: date, closes_on: date) -> Term:
    """Make a term of the whole country."""
    term = Term(division_code=None, opens_on=opens_on, closes_on=closes_on)
    session.add(term)
    session.flush()
    return term


def some_places(session: Session, school: Office, grade: int, capacity: int) -> None:
    """Publish how many pupils a school's grade may hold (学额)."""
    session.add(SchoolPlaces(school_id=school.id, grade=grade, capacity=capacity))
    session.flush()


def person_of(session: Session, account: Account) -> Person:
    """Return an account as the person acting, with the posts and children it has by now."""
    posts = session.execute(
        select(Membership, Office).join(Office).where(Membership.account_id == account.id)
    )
    children = session.scalars(select(Guardianship.student_id).where(Guardianship.account_id == account.id))
    return _person(account, (_post(office, held.role) for held, office in posts), children)


def _account(name: str, login: str | None = None, password_hash: str = NO_PASSWORD) -> Account:
    return Account(
        login=login or f"person-{secrets.token_hex(6)}",
        password_hash=password_hash,
        name=name,
        created_at=clock.now(),
    )


def _post(office: Office, role: Role) -> Post:
    return Post(office.id, office.name, office.kind, office.level, role, tuple(office.path))


def _person(account: Account, posts: Iterable[Post], children: Iterable[int] = ()) -> Person:
    return Person(
        account_id=account.id,
        name=account.name,
        login=account.login,
        locale=account.locale,
        sign_in_id=0,
        posts=tuple(posts),
        children=tuple(children),
    )


def _record(name: str, sex: Sex, birth_date: date, number: str | None, state: RegistryState) -> Student:
    return Student(
        name=name,
        sex=sex,
        birth_date=birth_date,
        identity_type=IdentityType.RESIDENT,
        number_kind=kind_of(number) if number else None,
        registry_number=number,
        state=state,
        version=1,
        created_at=clock.now(),
    )


def _enrolment(school: Office, grade: int, entered: date, years: int) -> Enrolment:
    return Enrolment(
        school_id=school.id,
        grade=grade,
        class_name="1班",
        schooling_years=years,
        study_form=StudyForm.FULL_TIME,
        entered_on=entered,
        started_on=entered,
    )


def _validated(session: Session, student: Student, identity: str) -> str:
    return validate_identity_number(
        identity,
        birth_date=student.birth_date,
        sex=student.sex,
        synthetic_allowed=settings_of(session).demo,
    )
