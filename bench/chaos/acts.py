"""The clients' ledgers held against the histories: what was acknowledged is there exactly once, and nothing else is.

Pure: takes what was read and returns what is wrong.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.chaos.ledger import Entry

MARK = re.compile(r"〔([\w-]+)〕")

# What stands in the history of each act that has words of its own.
ENTRIES: Mapping[str, Collection[str]] = {
    "decide": ("decided", "completed", "rejected"),
    "return": ("returned",),
    "recall": ("recalled",),
    "send-back": ("sent_back",),
    "ask": ("asked",),
    "answer": ("answered",),
    "comments": ("commented",),
}
# Of these the history keeps no words: they are counted by who did them and where.
WORDLESS: Mapping[str, str] = {"resubmitted": "resubmit", "unasked": "take-question-back"}


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of a history: what, by whom, on which task and case, in which words; carried out for which bulk."""

    kind: str
    login: str
    task: int | None
    case: int
    words: str | None
    bulk: int | None

    @property
    def mark(self) -> str | None:
        """The mark of the act, if its words carry one."""
        return mark_in(self.words)

    @property
    def place(self) -> str:
        """Where it was done: the beginning of the address."""
        return f"/cases/{self.case}" if self.kind in ("commented", "resubmitted") else f"/tasks/{self.task}"


@dataclass(frozen=True, slots=True)
class Together:
    """What was approved together: by whom, in which words, what became of it, and of how many tasks."""

    id: int
    login: str
    words: str
    undone: bool
    done: bool
    carried_out: int
    waiting: int

    @property
    def mark(self) -> str | None:
        """The mark of the act."""
        return mark_in(self.words)


def mark_in(words: str | None) -> str | None:
    """Return the mark of an act that words carry."""
    found = MARK.search(words or "")
    return found[1] if found else None


def wrong_answers(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield what was answered neither with good news nor with a refusal."""
    for entry in entries:
        answer = entry.answer
        if answer is None:
            yield f"never answered: {entry.act}"
        elif answer.status == 303 and not answer.is_good and entry.act.verb != "undo":
            yield f"led on without good news: {entry}"


def number_found(entries: Sequence[Entry], events: Sequence[Event], bulks: Sequence[Together]) -> int:
    """Return how many of the acts that were sent are there."""
    sent = {entry.act.mark for entry in entries}
    marked = ({event.mark for event in events} | {one.mark for one in bulks}) & sent
    return len(marked) + sum(event.kind in WORDLESS for event in events) + sum(one.undone for one in bulks)


def wrong_acts(entries: Sequence[Entry], events: Sequence[Event]) -> Iterator[str]:
    """Yield what was lost, doubled, done though refused, done otherwise, or never sent."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.mark and event.bulk is None:
            found[event.mark].append(event)
    sent = {entry.act.mark: entry for entry in entries if entry.act.verb in ENTRIES}
    yield from (f"never sent: {found[mark]}" for mark in found.keys() - sent.keys())
    for mark, entry in sent.items():
        yield from _wrong_act(entry, found[mark])


def _wrong_act(entry: Entry, found: Sequence[Event]) -> Iterator[str]:
    if len(found) > 1:
        yield f"done {len(found)} times: {entry}"
    if entry.is_acknowledged and not found:
        yield f"acknowledged and lost: {entry}"
    if entry.answer and not entry.is_acknowledged and found:
        yield f"refused and done: {entry}"
    act = entry.act
    for event in found:
        here = act.path == f"{event.place}/{act.verb}"
        if event.login != act.login or event.kind not in ENTRIES[act.verb] or not here:
            yield f"done otherwise: {entry}: {event}"


def wrong_counts(entries: Sequence[Entry], events: Sequence[Event]) -> Iterator[str]:
    """Yield what has no words and is there less often than acknowledged, or more often than sent."""
    wordless = [entry for entry in entries if entry.act.verb in WORDLESS.values()]
    sent = Counter((entry.act.login, entry.act.path) for entry in wordless)
    known = Counter((entry.act.login, entry.act.path) for entry in wordless if entry.is_acknowledged)
    found = Counter(
        (event.login, f"{event.place}/{WORDLESS[event.kind]}") for event in events if event.kind in WORDLESS
    )
    for which in sent.keys() | found.keys():
        if not known[which] <= found[which] <= sent[which]:
            yield f"{which}: sent {sent[which]}, acknowledged {known[which]}, found {found[which]}"


def wrong_together(
    entries: Sequence[Entry], events: Sequence[Event], bulks: Sequence[Together]
) -> Iterator[str]:
    """Yield what was approved together and is not there once, or not carried out once for each task unless undone."""
    sent = {entry.act.mark: entry for entry in entries if entry.act.verb == "bulks"}
    times = Counter(one.mark for one in bulks)
    for mark, entry in sent.items():
        if times[mark] > 1 or (entry.is_acknowledged and not times[mark]):
            yield f"found {times[mark]} times: {entry}"
    undone = {entry.act.path for entry in entries if entry.act.verb == "undo" and entry.is_acknowledged}
    written = Counter((event.bulk, event.login) for event in events if event.bulk)
    for one in bulks:
        if one.mark not in sent or sent[one.mark].act.login != one.login:
            yield f"never sent: {one}"
        left = one.done == one.undone or (one.done and one.waiting)
        if left or (f"/bulks/{one.id}/undo" in undone and not one.undone):
            yield f"not as it was left: {one}"
        if written[one.id, one.login] != one.carried_out or (one.undone and one.carried_out):
            yield f"{written[one.id, one.login]} decisions of {one}"
