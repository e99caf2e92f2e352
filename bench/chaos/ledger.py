"""What clients sent and what they were answered, written down outside of the database and safe on the disk.

Before an act is sent, and after it was answered: so what was sent and never answered is known too.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a client does: the verb at the end of the address, by whom, and the mark that its words carry."""

    mark: str
    verb: str
    login: str
    path: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client read in the end: the status, where it led, the kinds of news there; after how many tries."""

    status: int
    location: str
    news: list[str]
    tries: int

    @property
    def is_good(self) -> bool:
        """Whether it says that the act is done."""
        led_on = self.status == 303 and not self.location.startswith("/sign-in")
        return led_on and not {"warning", "error"} & {*self.news}


@dataclass(frozen=True, slots=True)
class Entry:
    """An act, and its answer if there was one."""

    act: Act
    answer: Answer | None

    @property
    def is_acknowledged(self) -> bool:
        """Whether the client was told that it is done."""
        return self.answer is not None and self.answer.is_good


class Ledger:
    """One client's file."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a")

    def sent(self, act: Act) -> None:
        """Write down what is about to be sent."""
        self._write({"sent": asdict(act)})

    def answered(self, act: Act, answer: Answer) -> None:
        """Write down what it was answered."""
        self._write({"answered": act.mark, "answer": asdict(answer)})

    def trouble(self, what: str) -> None:
        """Write down what no client should ever meet."""
        self._write({"trouble": what})

    def close(self) -> None:
        """Nothing more is written."""
        self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def entries_in(folder: Path) -> list[Entry]:
    """Return what all clients sent, with the answers."""
    answers = {line["answered"]: Answer(**line["answer"]) for line in _lines(folder) if "answered" in line}
    acts = [Act(**line["sent"]) for line in _lines(folder) if "sent" in line]
    return [Entry(act, answers.get(act.mark)) for act in acts]


def troubles_in(folder: Path) -> list[str]:
    """Return what clients met that nobody should."""
    return [line["trouble"] for line in _lines(folder) if "trouble" in line]


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("*.ledger")):
        yield from map(json.loads, file.read_text().splitlines())
