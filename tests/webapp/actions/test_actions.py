"""Every action by everybody in every state: done as the table says, or refused by name with nothing changed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models.enums import EventKind, NoticeKind
from tests.webapp.actions.action import Action, Somebody, done, refused
from tests.webapp.actions.beside import ACTIONS
from tests.webapp.actions.cast import a_cast
from tests.webapp.actions.doing import DOES, Snapshot, Try, hearers, last_notice, snapshot, who_hears
from tests.webapp.actions.effects import DAYS_LATER, differences
from tests.webapp.actions.page import entries, expected_tables, notices, tables
from tests.webapp.actions.scenes import Scene, scene
from tests.webapp.actions.vocabulary import HEARS, Hearer, State
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

LATER = TERM_BEGINS + timedelta(days=DAYS_LATER)  # a Friday
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
        with clock.freeze(LATER):
            yield made


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_an_action_is_done_or_refused_as_the_table_says(
    scenes: Mapping[State, Scene], action: Action
) -> None:
    wrong = [f"{state}, {said}" for state, scene in scenes.items() for said in wrong_in(action, state, scene)]
    assert wrong == []


def wrong_in(action: Action, state: State, scene: Scene) -> Iterator[str]:
    """Let everybody try it in one state: those who are refused, which changes nothing, then each of the others.

    What one of these has done the doctor examines: in every state another's.
    """
    with passing(scene.session) as session:
        before = snapshot(session, scene)
        for name, somebody in scene.people.items():
            if expected := refused(action, state, somebody):
                told = tried(action, Try(session, scene, somebody.person))
                session.rollback()
                if told is None or not issubclass(told, expected):
                    yield f"{name}: {said(told)} instead of {said(expected)}"
        if snapshot(session, scene) != before:
            yield "who was refused has changed something"
    may = [name for name, somebody in scene.people.items() if refused(action, state, somebody) is None]
    for number, name in enumerate(may):
        with passing(scene.session) as session:
            wrong = wrong_with(session, action, scene, scene.people[name], before)
            if number == [*State].index(state) % len(may):
                wrong += complaints(session, scene)
            yield from (f"{name}: {each}" for each in wrong)


def wrong_with(
    session: Session, action: Action, scene: Scene, somebody: Somebody, before: Snapshot
) -> list[str]:
    """What comes otherwise of it than the table says; nothing does, of what was done already."""
    if told := tried(action, Try(session, scene, somebody.person)):
        return [f"{said(told)} instead of done"]
    after = snapshot(session, scene)
    if done(action, scene.state, somebody):
        return [] if after == before else ["something is changed"]
    return differences(action.effect_at(scene.state), before, after, scene.task_id)


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


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_those_are_told_of_it_whom_the_table_names(scenes: Mapping[State, Scene], action: Action) -> None:
    """In each state in which it is done."""
    wrong = {state: told for state in action.at if (told := told_otherwise(action, scenes[state]))}
    assert wrong == {}


def told_otherwise(action: Action, scene: Scene) -> Mapping[NoticeKind, set[Hearer | None]] | type[Refusal]:
    """Who was told of it beside or instead of those whom the table names; or why it was not done."""
    may = [each for each in scene.people.values() if not refused(action, scene.state, each)]
    somebody = next((each for each in may if not done(action, scene.state, each)), may[0])
    kinds = () if done(action, scene.state, somebody) else action.effect_at(scene.state).told
    with passing(scene.session) as session:
        before = last_notice(session)
        if refusal := tried(action, Try(session, scene, somebody.person)):
            return refusal
        drain(session)
        told = hearers(session, scene, before)
        expected = {kind: who_hears(session, scene, kind) for kind in kinds}
    return told if told != expected else {}


def test_the_page_for_readers_says_the_same() -> None:
    assert tables() == expected_tables()


def test_every_entry_and_every_notice_of_an_action_is_in_the_table() -> None:
    not_by_hand = {EventKind.SETTLED, EventKind.RECORD_CONFLICT, EventKind.FIRED}
    assert entries() == {*EventKind} - not_by_hand
    assert notices() == {*HEARS}
