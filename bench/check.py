"""The check of a diagram of 60 nodes over the whole country, beside the decisions of its states on the engine alone."""

from functools import partial
from pathlib import Path
from time import perf_counter

from sqlalchemy.orm import Session

from bench.rounds import Figures, figure, in_turn, merged, ratio
from bench.site import own_site
from models.enums import Seat
from webapp import clock
from webapp.services.process_check.checking import check_process, with_shipped
from workflows.check import Report
from workflows.definition import Definition, read_definition
from workflows.engine import Facts, complete, open_tasks, start

DIAGRAM = Path(__file__).with_name("check.bpmn")
PROCESS = "cross_province_transfer"
FACTS: Facts = {
    "stage": "senior_high",
    "receiving_authority": "county",
    "releasing_authority": "county",
    "seats": tuple(seat.value for seat in Seat if seat is not Seat.OUTSIDE),
}


def measure(*, rounds: int = 10) -> Figures:
    """Return seconds for the check and for as many decisions as it has states, and their ratio."""
    files = with_shipped({DIAGRAM.name: DIAGRAM.read_bytes()})
    definition = read_definition(files, PROCESS)
    with own_site() as site, site.session() as session:
        report = _checked(session, files)
        assert report.publishable, report.findings
        sides = {"check": partial(_check, session, files), "floor": partial(_play, definition, report.states)}
        spent = in_turn(sides, rounds=rounds, seconds=0)
    return merged(
        figure("check_s", spent["check"]),
        figure("floor_s", spent["floor"]),
        ratio("check_over_floor", spent["check"], spent["floor"]),
        {"states": report.states},
    )


def _checked(session: Session, files: dict[str, bytes]) -> Report:
    return check_process(session, files, clock.today())


def _check(session: Session, files: dict[str, bytes], _: float) -> float:
    begin = perf_counter()
    _checked(session, files)
    return perf_counter() - begin


def _play(definition: Definition, decisions: int, _: float) -> float:
    """Let everybody approve, in one case after the other, until there were so many decisions."""
    begin = perf_counter()
    state = start(definition, FACTS).state
    for _made in range(decisions):
        key = open_tasks(definition, state)[0]
        outcome = definition.steps[key.rpartition(":")[0]].outcomes[0]
        advance = complete(definition, state, key, outcome, FACTS)
        state = advance.state if open_tasks(definition, advance.state) else start(definition, FACTS).state
    return perf_counter() - begin
