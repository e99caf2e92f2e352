"""Runs scenarios, each in a transaction that is rolled back: nothing of one is left for the next."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from webapp.config import Settings
from webapp.errors import Refusal
from webapp.scenarios import checks, given, steps
from webapp.scenarios.reader import Scenario, read_scenario
from webapp.scenarios.refusals import words_of
from webapp.scenarios.strict import ScenarioError, UnexpectedError
from webapp.scenarios.world import World


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one scenario: `failure` says what was expected and what was found, None if all held."""

    id: str
    title: str
    failure: str | None

    @property
    def ok(self) -> bool:
        """Whether everything was as the scenario says."""
        return self.failure is None


def run_file(engine: Engine, settings: Settings, path: Path) -> Result:
    """Run the scenario in a file on a seeded database, and leave that as it was."""
    try:
        scenario = read_scenario(path)
    except ScenarioError as error:
        return Result(path.stem, "", str(error))
    served = settings.model_copy(update={"provinces": scenario.given.provinces})
    with _passing_session(engine, served) as session, World(session, scenario.clock) as world:
        return Result(scenario.id, scenario.title, _failure(world, scenario))


@contextmanager
def _passing_session(engine: Engine, settings: Settings) -> Iterator[Session]:
    """A session whose commits end its savepoints only: the services work as ever, and nothing lasts."""
    with engine.connect() as connection:
        session = Session(connection, join_transaction_mode="create_savepoint", info={"settings": settings})
        with connection.begin() as whole, session:
            yield session
            whole.rollback()


def _failure(world: World, scenario: Scenario) -> str | None:
    """The first thing that is not as the scenario says."""
    may_be_refused = any(expectation.refused is not None for expectation in scenario.then)
    where = "given"
    try:
        given.make(world, scenario.given)
        for number, step in enumerate(scenario.when, 1):
            where = f"when {number} ({step.chosen[0]})"
            steps.perform(world, step, may_be_refused=may_be_refused)
        for number, expectation in enumerate(scenario.then, 1):
            where = f"then {number} ({expectation.chosen[0]})"
            checks.check(world, expectation)
    except (ScenarioError, UnexpectedError) as error:
        return f"{where}: {error}"
    except Refusal as refusal:
        return f"{where}: refused: {words_of(refusal)}"
    except DBAPIError as broken:
        return f"{where}: {str(broken.orig).splitlines()[0]}"
    return None
