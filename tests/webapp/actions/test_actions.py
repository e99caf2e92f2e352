"""Every action by everybody in every state: done as the table says, or refused by name with nothing changed."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from sqlalchemy.orm import Session

from models.enums import EventKind
from tests.webapp.actions.action import Action, Somebody, done, refused
from tests.webapp.actions.beside import ACTIONS
from tests.webapp.actions.cast import a_cast
from tests.webapp.actions.doing import DOES, Snapshot, Try, hearers, last_notice, snapshot
from tests.webapp.actions.effects import differences
from tests.webapp.actions.page import entries, expected_tables, notices, tables
from tests.webapp.actions.scenes import Scene, scene
from tests.webapp.actions.vocabulary import HEARS, State
from tests.webapp.changed_processes import with_step
from tests.webapp.passing import passing
from tests.webapp.road import TERM_BEGINS, work_off
from webapp import clock
from webapp.config import Settings
from webapp.database import session_at
from webapp.errors import Refusal
from webapp.services.doctor.examination import Doctor
from webapp.services.notices.outbox import drain
from webapp.services.processes.versions import publish

pytestmark = pytest.mark.slow

ON_SITE = '<xj:outcome id="on_site" name="需要现场核查"/>'


@pytest.fixture(scope="module")
def scenes(
    new_database: Callable[..., str],
    settings_for: Callable[[str], Settings],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Mapping[State, Scene]]:
    """A case in each state, on a process whose county may also decide that it looks on site."""
    url, papers = new_database("seeded"), tmp_path_factory.mktemp("papers").as_uri()
    settings = settings_for(url).model_copy(update={"object_store": papers})
    with clock.freeze(TERM_BEGINS), session_at(url, settings) as session:
        publish(session, "transfer", with_step("transfer", "in_county", ON_SITE, outcomes="approve on_site"))
        cast = a_cast(session)
        made = {state: scene(cast, state) for state in State}
        work_off(session)
        session.commit()
        yield made


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_an_action_is_done_or_refused_as_the_table_says(
    scenes: Mapping[State, Scene], action: Action
) -> None:
    wrong = [f"{state}, {said}" for state, scene in scenes.items() for said in wrong_in(action, state, scene)]
    assert wrong == []


def wrong_in(action: Action, state: State, scene: Scene) -> Iterator[str]:
    """Let everybody try it in one state: those who are refused, which changes nothing, then each of the others."""
    with passing(scene.session) as session:
        before = snapshot(session, scene.case_id)
        for name, somebody in scene.people.items():
            if expected := refused(action, state, somebody):
                told = tried(action, Try(session, scene, somebody.person))
                session.rollback()
                if told is not expected:
                    yield f"{name}: {said(told)} instead of {said(expected)}"
        if snapshot(session, scene.case_id) != before:
            yield "who was refused has changed something"
    for name, somebody in scene.people.items():
        if refused(action, state, somebody) is None:
            with passing(scene.session) as session:
                yield from (
                    f"{name}: {each}" for each in wrong_with(session, action, scene, somebody, before)
                )


def wrong_with(
    session: Session, action: Action, scene: Scene, somebody: Somebody, before: Snapshot
) -> list[str]:
    """What comes otherwise of it than the table says; nothing does, of what was done already."""
    if told := tried(action, Try(session, scene, somebody.person)):
        return [f"{said(told)} instead of done"]
    after = snapshot(session, scene.case_id)
    if done(action, scene.state, somebody):
        return [] if after == before else ["something is changed"]
    return differences(action.effect_at(scene.state), before, after, scene.task_id) + complaints(
        session, scene
    )


def tried(action: Action, attempt: Try) -> type[Refusal] | None:
    try:
        DOES[action.name](attempt)
    except Refusal as refusal:
        return type(refusal)
    return None


def said(refusal: type[Refusal] | None) -> str:
    return refusal.__name__ if refusal else "done"


def complaints(session: Session, scene: Scene) -> list[str]:
    findings = Doctor.at_work(session).examine(scene.case_id).findings
    return [f"{finding.code}: {finding.what}" for finding in findings]


@pytest.mark.parametrize(
    "state", [State.OPEN, State.LAST, State.OPINION, State.RETURNED, State.DECIDED, State.DRAFT]
)
def test_those_are_told_of_it_whom_the_table_names(scenes: Mapping[State, Scene], state: State) -> None:
    for action in ACTIONS:
        scene = scenes[state]
        may = (each for each in scene.people.values() if refused(action, state, each) is None)
        with passing(scene.session) as session:
            before = last_notice(session)
            if state in action.at and tried(action, Try(session, scene, next(may).person)) is None:
                drain(session)
                told = hearers(session, scene, before)
                assert told == {kind: {*HEARS[kind]} for kind in action.effect_at(state).told}, action.name


def test_the_page_for_readers_says_the_same() -> None:
    assert tables() == expected_tables()


def test_every_entry_and_every_notice_of_an_action_is_in_the_table() -> None:
    not_by_hand = {EventKind.SETTLED, EventKind.RECORD_CONFLICT, EventKind.FIRED}
    assert entries() == {*EventKind} - not_by_hand
    assert notices() == {*HEARS}
