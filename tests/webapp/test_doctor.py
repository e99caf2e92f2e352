"""Whatever befalls the rows of a case the doctor calls by its name, and mends it where the history says how."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models import ChangeRequest
from tests.webapp.case_histories import tamper
from tests.webapp.corruptions import (
    DERIVABLE_COMPLETED,
    DERIVABLE_FILED,
    DERIVABLE_IN_REVIEW,
    DERIVABLE_LOOKED_AT,
    DERIVABLE_RESUMED,
    DERIVABLE_RETURNED,
    DERIVABLE_WITHDRAWN,
    LASTING_COMPLETED,
    LASTING_IN_REVIEW,
    LASTING_RETURNED,
    Corruption,
)
from tests.webapp.corruptions_beside import (
    DERIVABLE_ANSWERED,
    DERIVABLE_ASKED,
    DERIVABLE_CLAIMED,
    DERIVABLE_HANDED_IN_AGAIN,
    DERIVABLE_RECALLED,
    DERIVABLE_STOOD_IN,
    DERIVABLE_TO_BE_APPROVED,
    DERIVABLE_TOGETHER,
    LASTING_COPIED,
    LASTING_RECALLED,
    LASTING_RESUMED,
    LASTING_TO_BE_APPROVED,
    LASTING_TOGETHER,
    LASTING_TOLD,
)
from tests.webapp.doctor_scenes import (
    ANSWERED,
    CLAIMED,
    COMPLETED,
    COPIED,
    FILED,
    IN_REVIEW,
    LOOKED_AT,
    RECALLED,
    RESUMED,
    RETURNED,
    STOOD_IN,
    TO_BE_APPROVED,
    TOGETHER,
    WITHDRAWN,
    Scene,
)
from tests.webapp.doctoring import complaints, complaints_about, examination, mended
from tests.webapp.road import TERM_BEGINS, Road, work_off
from webapp import clock
from webapp.services.doctor.derivations import DERIVATIONS
from webapp.services.doctor.findings import ADVICE, REPAIR, Code

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[2] / "docs/doctor.md"
PLANTED_BESIDE = (
    "test_altered_processes.py",
    "test_doctor_strays.py",
    "test_firings.py",
    "test_handed_back.py",
    "exchange/test_doctor_of_two.py",
)

DERIVABLE = (
    (IN_REVIEW, DERIVABLE_IN_REVIEW),
    (IN_REVIEW, DERIVABLE_ASKED),
    (CLAIMED, DERIVABLE_CLAIMED),
    (STOOD_IN, DERIVABLE_STOOD_IN),
    (RETURNED, DERIVABLE_RETURNED),
    (TOGETHER, DERIVABLE_TOGETHER),
    (TO_BE_APPROVED, DERIVABLE_TO_BE_APPROVED),
    (LOOKED_AT, DERIVABLE_LOOKED_AT),
    (ANSWERED, DERIVABLE_ANSWERED),
    (RECALLED, DERIVABLE_RECALLED),
    (RESUMED, DERIVABLE_HANDED_IN_AGAIN),
    (RESUMED, DERIVABLE_RESUMED),
    (WITHDRAWN, DERIVABLE_WITHDRAWN),
    (COMPLETED, DERIVABLE_COMPLETED),
    (FILED, DERIVABLE_FILED),
)
LASTING = (
    (IN_REVIEW, LASTING_IN_REVIEW),
    (IN_REVIEW, LASTING_TOLD),
    (RECALLED, LASTING_RECALLED),
    (TOGETHER, LASTING_TOGETHER),
    (TO_BE_APPROVED, LASTING_TO_BE_APPROVED),
    (RETURNED, LASTING_RETURNED),
    (RESUMED, LASTING_RESUMED),
    (COPIED, LASTING_COPIED),
    (COMPLETED, LASTING_COMPLETED),
)


def planted(scenes: Iterable[tuple[Scene, Mapping[str, Corruption]]]) -> list[object]:
    """Every corruption with its scene, named for the test's report."""
    return [
        pytest.param(scene, corruption, id=f"{scene[1].__name__}: {name}")
        for scene, corruptions in scenes
        for name, corruption in corruptions.items()
    ]


@pytest.fixture(scope="module")
def road_url(new_database: Callable[..., str]) -> str:
    """A database of these tests' own, as much of what they spoil stays so."""
    return new_database("seeded")


@pytest.fixture(autouse=True)
def ticking(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a second pass whenever somebody looks at the clock."""
    ticks = count()
    monkeypatch.setattr(clock, "now", lambda: TERM_BEGINS + timedelta(seconds=next(ticks)))


def told(scene: Scene, session: Session) -> tuple[Road, ChangeRequest]:
    """A case on its way, everybody told."""
    road = scene[0](session)
    case = road.applied()
    scene[1](road, case)
    work_off(session)
    return road, case


def spoil(url: str, case_id: int, corruption: Corruption) -> None:
    tamper(url, *(statement.format(case=case_id) for statement in corruption.statements))


@pytest.mark.parametrize(("scene", "corruption"), planted(DERIVABLE))
def test_what_follows_from_the_history_is_found_and_mended_and_the_case_goes_on(
    session: Session, road_url: str, scene: Scene, corruption: Corruption
) -> None:
    road, case = told(scene, session)
    spoil(road_url, case.id, corruption)
    found = complaints(session, case)
    assert {finding.code for finding in found} == corruption.codes
    mended(session, found)
    assert complaints(session, case) == []
    scene[2](road, case)
    work_off(session)
    assert complaints(session, case) == []


@pytest.mark.parametrize(("scene", "corruption"), planted(LASTING))
def test_what_nothing_says_is_found_and_left_alone(
    session: Session, road_url: str, scene: Scene, corruption: Corruption
) -> None:
    _, case = told(scene, session)
    case_id = case.id
    session.commit()
    spoil(road_url, case_id, corruption)
    found = [finding for finding in examination(session).findings if finding.case_id == case_id]
    assert {finding.code for finding in found} == corruption.codes
    mended(session, found)
    left = {finding.code for finding in complaints_about(session, case_id)}
    assert left == corruption.codes - {Code.TIMER_LEFT}


def test_the_docs_name_every_code_and_what_is_repaired_of_it() -> None:
    rows = re.findall(r"^\| (`.+?`) \| .+ \| (.*)\|$", DOCS.read_text(), re.MULTILINE)
    told = {code: bool(repaired.strip()) for codes, repaired in rows for code in re.findall("`(.+?)`", codes)}
    mends = {Code.TIMER_OF_NO_TASK, *DERIVATIONS}
    assert told == {code.value: code in mends for code in Code}


def test_every_code_has_its_advice_and_only_what_is_derivable_is_said_to_be() -> None:
    assert set(ADVICE) == {*Code}
    assert {code for code, advice in ADVICE.items() if advice == REPAIR} == {
        Code.TIMER_OF_NO_TASK,
        *DERIVATIONS,
    }


def test_every_code_is_planted_somewhere() -> None:
    corruptions = (each for _, named in (*DERIVABLE, *LASTING) for each in named.values())
    planted_here = {code for corruption in corruptions for code in corruption.codes}
    beside = "".join((Path(__file__).parent / name).read_text() for name in PLANTED_BESIDE)
    assert [code for code in Code if code not in planted_here and f"Code.{code.name}" not in beside] == []
