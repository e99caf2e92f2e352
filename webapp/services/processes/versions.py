"""Published processes: the shipped files become versions, and a version is compiled once in each process.

It is compiled only if it is still what was published.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from models import ProcessVersion
from webapp import clock
from webapp.errors import Refusal
from webapp.services.processes import files as process_files
from webapp.services.processes.files import digest_of, digest_of_kept
from workflows.decisions import DecisionTable
from workflows.definition import Definition, DefinitionError, read_definition
from workflows.shipped import shipped_processes

BPMN = ".bpmn"


class StepWithoutLimit(Refusal):
    """Every step needs a time limit in working days (due); in the process {process} these have none: {steps}."""

    status = 422


class ProcessAltered(Refusal):
    """Version {number} of the process {process} is not as it was published, so nothing is done by it. Tell those who
    run this site.
    """

    status = 500


@dataclass(frozen=True, slots=True)
class _Compiled:
    definition: Definition
    diagrams: Mapping[str, bytes]


# By the files' digest: a version never changes, so what was compiled from it never grows old.
_compiled: dict[str, _Compiled] = {}


def publish_shipped(session: Session) -> list[ProcessVersion]:
    """Publish each shipped process whose files differ from the version in force; the caller commits."""
    published = []
    for process, files in shipped_processes().items():
        current = session.scalar(_in_force(process))
        if current is None or current.sha256 != digest_of(_texts(files)):
            published.append(publish(session, process, files))
    return published


def publish(session: Session, process: str, files: Mapping[str, bytes]) -> ProcessVersion:
    """Publish a version of a process, on which new cases start from now on; the caller has checked it, and commits.

    Raises DefinitionError or StepWithoutLimit.
    """
    definition = read_definition(files, process)
    _require_limits(definition)
    now = clock.now()
    mine = ProcessVersion.process == process
    session.execute(
        update(ProcessVersion).where(mine, ProcessVersion.retired_at.is_(None)).values(retired_at=now)
    )
    number = 1 + (session.scalar(select(func.max(ProcessVersion.number)).where(mine)) or 0)
    version = ProcessVersion(
        process=process,
        number=number,
        title=definition.name,
        files=process_files.keep(session, _texts(files)),
        sha256=digest_of(_texts(files)),
        published_at=now,
    )
    session.add(version)
    session.flush()
    return version


def version_in_force(session: Session, process: str) -> ProcessVersion:
    """Return the version that new cases of a process start on; NoResultFound if none was ever published."""
    return session.scalars(_in_force(process)).one()


def versions(session: Session, process: str | None = None) -> list[ProcessVersion]:
    """Return the published versions, of one process or of all, newest first."""
    statement = select(ProcessVersion).order_by(ProcessVersion.process, ProcessVersion.number.desc())
    if process is not None:
        statement = statement.where(ProcessVersion.process == process)
    return list(session.scalars(statement))


def altered_versions(session: Session) -> list[ProcessVersion]:
    """Return the published versions that have other files than when they were published."""
    unaltered = process_files.unaltered(session)
    return [
        version
        for version in versions(session)
        if digest_of_kept(version.files) != version.sha256 or not unaltered.issuperset(version.files.values())
    ]


def definition_of(session: Session, version_id: int, sha256: str) -> Definition:
    """Return the compiled process of a version whose files have the digest `sha256`; ProcessAltered."""
    return _version(session, version_id, sha256).definition


def diagrams_of(session: Session, version_id: int, sha256: str) -> Mapping[str, bytes]:
    """Return the BPMN files of that version by the process drawn in each: its own, and those it calls."""
    return _version(session, version_id, sha256).diagrams


def definition_in_force(session: Session, process: str) -> tuple[ProcessVersion, Definition]:
    """Return the version in force of a process, and what it compiles to."""
    version = version_in_force(session, process)
    return version, definition_of(session, version.id, version.sha256)


@contextmanager
def answering_by(*tables: DecisionTable) -> Iterator[None]:
    """Let the versions compiled so far answer by these tables instead of their own of that name, in this process.

    What was remembered of their answers counts for nothing meanwhile. For trying tables out: nothing is stored.
    """
    own, instead = dict(_compiled), {table.id: table for table in tables}
    for digest, each in own.items():
        decisions = MappingProxyType({**each.definition.decisions, **instead})
        _compiled[digest] = replace(each, definition=replace(each.definition, decisions=decisions))
    try:
        yield
    finally:
        _compiled.update(own)


def _version(session: Session, version_id: int, sha256: str) -> _Compiled:
    if sha256 not in _compiled:
        version = session.get_one(ProcessVersion, version_id)
        _compiled[sha256] = _compile(version, process_files.texts_of(session, version.files), sha256)
    return _compiled[sha256]


def _compile(version: ProcessVersion, texts: Mapping[str, str], sha256: str) -> _Compiled:
    its_name = {"process": version.process, "number": version.number}
    if digest_of(texts) != sha256:
        raise ProcessAltered(**its_name, why="its files have another digest")
    files = {name: text.encode() for name, text in texts.items()}
    drawn = {name.removesuffix(BPMN): data for name, data in files.items() if name.endswith(BPMN)}
    try:
        return _Compiled(read_definition(files, version.process), drawn)
    except DefinitionError as error:
        raise ProcessAltered(**its_name, why=str(error)) from error


def _in_force(process: str) -> Select[ProcessVersion]:
    return select(ProcessVersion).where(
        ProcessVersion.process == process, ProcessVersion.retired_at.is_(None)
    )


def _require_limits(definition: Definition) -> None:
    unlimited = [step.id for step in definition.steps.values() if step.due is None]
    if unlimited:
        raise StepWithoutLimit(process=definition.key, steps=tuple(unlimited))


def _texts(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: data.decode() for name, data in files.items()}
