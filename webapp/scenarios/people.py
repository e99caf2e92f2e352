"""The people of a scenario, made on demand: one holder per office and role, one guardian per student."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from models import Account, Office, Student
from models.enums import Role
from webapp.policy import Person
from webapp.scenarios.strict import ScenarioError
from webapp.services.changes.change import Change
from webapp.services.demo import makers
from webapp.services.people.accounts import person_now
from workflows import engine


class People:
    """Who holds which role and who is whose guardian; those with a name were given by the scenario.

    Whoever is made is committed at once, to outlast a step that is refused.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._named: dict[str, Account] = {}
        self._holders: dict[tuple[int, Role], Account] = {}
        self._guardians: dict[int, Account] = {}

    def name(self, name: str, posts: Iterable[tuple[Office, Role]], children: Iterable[Student]) -> None:
        """Make somebody with a name; of several guardians of a student the first one is meant by default."""
        account = makers.an_account(self._session, name)
        for office, role in posts:
            makers.an_officer(self._session, office, role, account=account)
            self._holders.setdefault((office.id, role), account)
        for child in children:
            makers.a_guardian(self._session, child, account=account)
            self._guardians.setdefault(child.id, account)
        self._session.commit()
        self._named[name] = account

    def named(self, name: str) -> Person:
        """Return the person with that name; ScenarioError if the scenario gives none."""
        if name not in self._named:
            raise ScenarioError(f"nobody in given.people is called {name}")
        return self.of(self._named[name])

    def of(self, account: Account) -> Person:
        """Return an account as the person acting, in his own posts and in those of whom he stands in for."""
        person = person_now(self._session, account.id)
        assert person is not None, "nobody's account is closed in a scenario"
        return person

    def holder(self, office_id: int, role: Role) -> Person:
        """Return who holds a role in an office, and let somebody hold it if nobody does."""
        if (office_id, role) not in self._holders:
            office = self._session.get_one(Office, office_id)
            account = makers.an_account(self._session, f"{office.name} {role}")
            makers.an_officer(self._session, office, role, account=account)
            self._session.commit()
            self._holders[office_id, role] = account
        return self.of(self._holders[office_id, role])

    def guardian(self, student: Student) -> Person:
        """Return a student's guardian, and make one if there is none."""
        if student.id not in self._guardians:
            account = makers.an_account(self._session, f"{student.name}的家长")
            makers.a_guardian(self._session, student, account=account)
            self._session.commit()
            self._guardians[student.id] = account
        return self.of(self._guardians[student.id])

    def serving(self, office_id: int, role: Role | None) -> list[Person]:
        """Return whoever holds that role, or any role, in an office; nobody is made for it."""
        accounts = {
            account.id: account
            for (office, held), account in self._holders.items()
            if office == office_id and role in (None, held)
        }
        return [self.of(account) for account in accounts.values()]

    def take_posts(self, change: Change) -> None:
        """Let somebody hold every role that the change will ask for, before it is routed."""
        for planned in engine.preview(change.definition, change.facts()):
            if planned.skipped is None:
                for role in planned.step.roles:
                    self.holder(change.seats[planned.step.seat], Role(role))
