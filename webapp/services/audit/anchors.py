"""Anchors: the ends of all histories, put down once a day in files outside the database.

An anchor is a text file: a line about itself, a line `case count mac` for each case, and a line that seals them.
It knows the seal of the anchor before, and is written only if the database still holds all that that one knew: so
the newest one vouches for all before it, and those may be archived.
"""

import hmac
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice, pairwise
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.services.audit.findings import Fault, Finding
from webapp.services.cases.chain import canonical

ROWS_AT_ONCE = 5000

_ENDS = text("SELECT id, event_count, last_mac FROM change_request WHERE event_count > 0 ORDER BY id")
_UNKEPT = text("""
    SELECT known.id, known.count
      FROM unnest(CAST(:ids AS bigint[]), CAST(:counts AS int[]), CAST(:macs AS bytea[])) AS known(id, count, mac)
      LEFT JOIN case_event ON change_request_id = known.id AND seq = known.count
     WHERE case_event.mac IS DISTINCT FROM known.mac
""")
_WRITTEN = text("SELECT coalesce(max(last_serial), 0) FROM number_counter WHERE series = 'anchor'")
_LOCK = text("""
    INSERT INTO number_counter (series, last_serial) VALUES ('anchor', 0)
    ON CONFLICT (series) DO UPDATE SET last_serial = number_counter.last_serial
""")
_COUNT = text("UPDATE number_counter SET last_serial = :number WHERE series = 'anchor'")


class AnchorRefused(Exception):  # noqa: N818 - a refusal is no error
    """A new anchor would hide that what was anchored before is gone."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        super().__init__("; ".join(f"{finding.where}: {finding.what}" for finding in findings[:10]))


@dataclass(frozen=True, slots=True)
class Anchor:
    """An anchor whose seal is whole."""

    path: Path
    number: int
    day: date
    previous: str
    seal: str


def write_anchor(session: Session, key: bytes, folder: Path, day: date) -> Path:
    """Write the anchor of `day` and return its file; an anchor that exists stays. The caller commits.

    Raises AnchorRefused if the anchors are not whole, or the database no longer holds what the newest one knows.
    """
    path = folder / f"{day}.anchor"
    session.execute(_LOCK)  # another process may be at it
    if path.exists():
        return path
    sound, findings = _read_all(key, folder)
    findings += _unkept(session, sound)
    if sound and sound[-1].day > day:
        findings.append(
            Finding(Fault.ANCHOR_DIFFERS, sound[-1].path.name, f"it is of a later day than {day}")
        )
    if findings:
        raise AnchorRefused(findings)
    number, previous = (sound[-1].number + 1, sound[-1].seal) if sound else (1, "")
    session.execute(_COUNT, {"number": number})
    head = canonical({"anchor": number, "day": str(day), "previous": previous})
    with session.execute(_ENDS, execution_options={"yield_per": ROWS_AT_ONCE}) as ends:
        _write(key, path, chain([head], (f"{case} {count} {mac.hex()}" for case, count, mac in ends)))
    return path


def check_anchors(session: Session, key: bytes, folder: Path) -> list[Finding]:
    """Return the anchors that are altered or missing, and the cases that no longer hold what the newest knows."""
    sound, findings = _read_all(key, folder)
    return [*findings, *_unkept(session, sound)]


def _read_all(key: bytes, folder: Path) -> tuple[list[Anchor], list[Finding]]:
    sound, findings = [], []
    for path in sorted(folder.glob("*.anchor")):
        anchor = _read(key, path)
        if anchor is None:
            findings.append(Finding(Fault.ANCHOR_ALTERED, path.name, "its seal is broken"))
        else:
            sound.append(anchor)
    for earlier, later in pairwise(sound):
        if later.number > earlier.number + 1:
            findings.append(_missing(earlier.number + 1, later.number - 1))
        elif later.previous != earlier.seal:
            what = f"it does not follow {earlier.path.name}"
            findings.append(Finding(Fault.ANCHOR_ALTERED, later.path.name, what))
    return sound, findings


def _missing(first: int, last: int) -> Finding:
    numbers = f"number {first}" if first == last else f"numbers {first} to {last}"
    return Finding(Fault.ANCHOR_MISSING, "anchors", f"there is no sound anchor with the {numbers}")


def _read(key: bytes, path: Path) -> Anchor | None:
    seal, last = _seal(key), b""
    with path.open("rb") as file:
        head = file.readline()
        seal.update(head)
        for line in file:
            seal.update(last)
            last = line
    if not hmac.compare_digest(last.strip(), seal.hexdigest().encode()):
        return None
    about = json.loads(head)
    if about["day"] != path.stem:
        return None
    return Anchor(
        path, about["anchor"], date.fromisoformat(about["day"]), about["previous"], seal.hexdigest()
    )


def _unkept(session: Session, sound: Sequence[Anchor]) -> Iterator[Finding]:
    written = session.scalars(_WRITTEN).one()
    newest = sound[-1].number if sound else 0
    if written > newest:
        yield _missing(newest + 1, written)
    if not sound:
        return
    entries = _entries(sound[-1].path)
    while batch := list(islice(entries, ROWS_AT_ONCE)):
        ids, counts, macs = zip(*batch, strict=True)
        known = {"ids": list(ids), "counts": list(counts), "macs": list(macs)}
        for case_id, count in session.execute(_UNKEPT, known):
            what = f"its first {count} entries are not those that {sound[-1].path.name} knows"
            yield Finding(Fault.ANCHOR_DIFFERS, f"case {case_id}", what)


def _entries(path: Path) -> Iterator[tuple[int, int, bytes]]:
    with path.open() as file:
        next(file)
        for line in file:
            match line.split():
                case [case_id, count, mac]:
                    yield int(case_id), int(count), bytes.fromhex(mac)


def _write(key: bytes, path: Path, lines: Iterable[str]) -> None:
    seal = _seal(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("wb", dir=path.parent) as draft:
        for line in lines:
            data = f"{line}\n".encode()
            seal.update(data)
            draft.write(data)
        draft.write(f"{seal.hexdigest()}\n".encode())
        draft.flush()
        os.fsync(draft.fileno())
        path.hardlink_to(draft.name)  # whole or not at all, and never over another
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _seal(key: bytes) -> hmac.HMAC:
    return hmac.new(hmac.digest(key, b"anchor", "sha256"), digestmod="sha256")
