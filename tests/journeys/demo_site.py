"""The demo's site, and beside it what no browser shows: whose turn it is, and what the record says."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from models import Account, CaseEvent, ChangeRequest, Division, Enrolment, Office, Student
from models.enums import OfficeKind, RegistryState, Role, Stage, SuspensionReason
from tests.served import served
from webapp import clock
from webapp.app import create_app
from webapp.config import DEMO_BEGINS, Settings
from webapp.database import db, sqlalchemy_url
from webapp.policy import Person
from webapp.services.cases.inbox import open_tasks
from webapp.services.changes.suspensions import spells_of
from webapp.services.demo import makers
from webapp.services.demo.loading import demo_accounts, load
from webapp.services.registry.numbers import next_fujian_number
from webapp.services.rounds import work_off

NAMES = (Account.name, Student.name, Office.name, Division.name, Enrolment.class_name)


@dataclass(frozen=True)
class DemoSite:
    """The demo behind a web server at `address`, its database, and the pictures of its pages seen so far."""

    address: str
    engine: Engine
    settings: Settings
    looked_at: set[str] = field(default_factory=set)

    def session(self) -> Session:
        """Return a session beside those of the site."""
        return Session(self.engine, info={"settings": self.settings})

    def work(self) -> None:
        """Do what the worker would have done by now: notices, above all."""
        with self.session() as session:
            work_off(session)

    def asked(self, child: str) -> set[str]:
        """Return the logins of all people in whose inbox a case of the child's stands."""
        with self.session() as session:
            return {login for login in self.logins(session) if child in _students_in_inbox(session, login)}

    def logins(self, session: Session) -> Sequence[str]:
        """Return the logins of the people whose inboxes count."""
        return [account.login for account in demo_accounts(session) if account.office]

    def schools(self, child: str) -> list[str]:
        """Return the schools of a child's record in order, the present one last."""
        with self.session() as session:
            return [enrolment.school.name for enrolment in student_of(session, child).enrolments]

    def student_id(self, child: str) -> int:
        """Return the key of a child's record."""
        with self.session() as session:
            return student_of(session, child).id

    def state(self, child: str) -> str:
        """Return the state of a child's record."""
        with self.session() as session:
            return student_of(session, child).state.value

    def spells(self, child: str) -> list[tuple[date, date, date | None]]:
        """Return a child's spells of suspension: first day, last day, and when it ended if it did."""
        with self.session() as session:
            mine = spells_of(session, student_of(session, child).id)
            return [(spell.starts_on, spell.ends_on, spell.ended_on) for spell in mine]

    def number(self, child: str) -> str | None:
        """Return a child's registry number."""
        with self.session() as session:
            return student_of(session, child).registry_number

    def case_path(self, child: str) -> str:
        """Return the address of the page of a child's case, of several the last one."""
        with self.session() as session:
            cases = select(ChangeRequest.id).join(Student).where(Student.name == child)
            return f"/cases/{max(session.scalars(cases))}"

    def a_family(self, child: str, school: str, grade: int = 3) -> str:
        """Let a school have another child, whose guardian signs in by the login that is returned."""
        with self.session() as session:
            present = session.scalars(select(Office).where(Office.name == school)).one()
            guardian = makers.a_guardian(session, makers.a_student(session, present, name=child, grade=grade))
            session.commit()
        self.lets_in(guardian)
        return guardian.login

    def a_graduate_to_be(self, child: str, division: str, pack: str, entered: date) -> str:
        """Let a senior high school under a pack have a child in its last grade; return its guardian's login."""
        with self.session() as session:
            school = makers.a_school(session, division, Stage.SENIOR_HIGH, rule_pack=pack)
            student = makers.a_student(session, school, name=child, grade=3, entered=entered)
            guardian = makers.a_guardian(session, student)
            for role in (Role.REGISTRAR, Role.LEAD):
                makers.an_officer(session, school, role)
            session.commit()
        self.lets_in(guardian)
        return guardian.login

    def a_graduate(self, child: str, school: str, left_on: date) -> str:
        """Let a school have had another child, who has graduated; return its guardian's login."""
        login = self.a_family(child, school)
        with self.session() as session:
            student = student_of(session, child)
            student.state = RegistryState.GRADUATED
            last = student.enrolments[-1]
            last.ended_on, last.ended_as = left_on, RegistryState.GRADUATED
            session.commit()
        return login

    def a_trainee(self, child: str, division: str, pack: str) -> Person:
        """Let a vocational school under a pack have a child; return its registrar."""
        with self.session() as session:
            school = makers.a_school(session, division, Stage.VOCATIONAL, rule_pack=pack)
            makers.a_student(session, school, name=child, grade=2)
            registrar = makers.an_officer(session, school, Role.REGISTRAR)
            session.commit()
            return registrar

    def a_handler(self, division: str) -> Person:
        """Let the bureau of a division have somebody who decides."""
        with self.session() as session:
            bureau = select(Office).where(Office.division_code == division, Office.kind == OfficeKind.BUREAU)
            handler = makers.an_officer(session, session.scalars(bureau).one(), Role.HANDLER)
            session.commit()
            return handler

    def a_suspended(self, child: str, school: str, starts_on: date, ends_on: date) -> str:
        """Let a school have another child who is suspended; return its registry number."""
        with self.session() as session:
            present = session.scalars(select(Office).where(Office.name == school)).one()
            number = next_fujian_number(session, starts_on.year, "01", "99")
            student = makers.a_student(
                session, present, name=child, grade=1, number=number, state=RegistryState.SUSPENDED
            )
            makers.a_spell(session, student, SuspensionReason.ILLNESS, starts_on, ends_on)
            makers.a_guardian(session, student)
            session.commit()
        return number

    def colleague_of(self, login: str, role: Role | None = None) -> str:
        """Give somebody a colleague with the same office, password and role, or another; return his login."""
        with self.session() as session:
            account = session.scalars(select(Account).where(Account.login == login)).one()
            [post] = makers.person_of(session, account).posts
            colleague = makers.an_account(session, "同事", password_hash=account.password_hash)
            office = session.get_one(Office, post.office_id)
            makers.an_officer(session, office, role or post.role, account=colleague)
            session.commit()
            return colleague.login

    def lets_in(self, person: Person) -> None:
        """Give somebody who was made for a journey everybody's password."""
        with self.session() as session:
            demo = session.scalars(select(Account).where(Account.login == "song-county")).one()
            session.get_one(Account, person.account_id).password_hash = demo.password_hash
            session.commit()

    def untranslatable(self) -> set[str]:
        """Return the names of people and places, and what people wrote."""
        with self.session() as session:
            names = {name for named in NAMES for name in session.scalars(select(named))}
            forms = session.scalars(select(ChangeRequest.form)).all()
            notes = {said for form in forms for said in form.values() if isinstance(said, str)}
            payloads = session.scalars(select(CaseEvent.payload)).all()
            opinions = {said.get(what) for said in payloads for what in ("opinion", "comment")}
            told = {word for said in payloads for word in said.get("evidence", {}).values()}
            return (names | notes | opinions | told) - {None, ""}


@contextmanager
def demo_at(url: str, settings: Settings) -> Iterator[DemoSite]:
    """Load the demo into the database at `url`, and serve it within the block."""
    engine = create_engine(sqlalchemy_url(url))
    with clock.freeze(DEMO_BEGINS), Session(engine, info={"settings": settings}) as session:
        load(session)
    app = create_app(settings.model_copy(update={"database_url": url}))
    with served(app) as address:
        yield DemoSite(address, engine, settings)
    with app.app_context():
        db.engine.dispose()
    engine.dispose()


def _students_in_inbox(session: Session, login: str) -> set[str]:
    account = session.scalars(select(Account).where(Account.login == login)).one()
    return {row.student for row in open_tasks(session, makers.person_of(session, account)).rows}


def student_of(session: Session, name: str) -> Student:
    """Return the one student of a name."""
    return session.scalars(select(Student).where(Student.name == name)).one()
