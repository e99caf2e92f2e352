"""The people of one road, all played by one client: officers who work off their inboxes, and a family that mends.

Nobody else works on their cases but the worker, so whatever is refused or missing is not another client's doing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from threading import Event

from bench.chaos.browsers import Browser, Fields, Page
from bench.chaos.ledger import Act, Answer, Ledger

TASK = re.compile(r'href="/tasks/(\d+)"')
CASE = re.compile(r'href="/cases/(\d+)"')
TICK = re.compile(r'value="(\d+-\d+)"')
OFFERED = re.compile(r'action="/tasks/\d+/([a-z-]+)"')
WANTED = re.compile(r'name="kind" value="(\w+)"')
CHOICES = {
    name: re.compile(rf'type="{kind}" name="{name}" value="([^"]+)"')
    for name, kind in {"items": "checkbox", "of": "checkbox", "to": "radio"}.items()
}
A_PNG = b"\x89PNG\r\n\x1a\n"

# How often an officer does what, of what the page offers.
WEIGHTS = {
    "decide": 60,
    "return": 8,
    "send-back": 6,
    "ask": 8,
    "answer": 1,
    "recall": 1,
    "take-question-back": 1,
}
REJECTS, COMMENTS, TOGETHER, UNDOES, LOOKS_BACK, SIGNS_OUT = 0.04, 0.06, 0.2, 0.5, 0.12, 0.01
LEAST_TOGETHER = 2
THINKS = (0.02, 0.15)  # seconds


@dataclass(frozen=True, slots=True)
class Town:
    """Who can sign in on a road."""

    officers: Sequence[str]
    family: str


@dataclass
class Client:
    """Plays the people of a town, one act after the other."""

    name: str
    town: Town
    port: int
    ledger: Ledger
    random: Random
    returned: list[str] = field(default_factory=list)
    together: set[str] = field(default_factory=set)  # tasks that the worker has now

    def __post_init__(self) -> None:
        """Give everybody a browser."""
        people = [*self.town.officers, self.town.family]
        self._browsers = {login: Browser(self.port, login, self.ledger) for login in people}
        self._numbers = count(1)

    def work(self, enough: Event) -> None:
        """Act until told that it is enough; what was begun is ended."""
        while not enough.wait(self.random.uniform(*THINKS)):
            if self.returned and self.random.random() < len(self.returned) / 10:
                self._mend(self.returned.pop(0))
            else:
                self._work_off(self._browsers[self.random.choice(self.town.officers)])

    def close(self) -> None:
        """Everybody goes home."""
        for browser in self._browsers.values():
            browser.close()
        self.ledger.close()

    def _work_off(self, officer: Browser) -> None:
        if self.random.random() < SIGNS_OUT:
            officer.sign_out()
        looks_back = self.random.random() < LOOKS_BACK
        inbox = officer.read("/inbox/done" if looks_back else "/inbox")
        ticks = [tick for tick in TICK.findall(inbox.text) if tick.partition("-")[0] not in self.together]
        if len(ticks) >= LEAST_TOGETHER and self.random.random() < TOGETHER:
            return self._approve_together(officer, ticks)
        tasks = [task for task in TASK.findall(inbox.text) if task not in self.together]
        if tasks:
            self._act_on(officer, self.random.choice(tasks))
        return None

    def _act_on(self, officer: Browser, task: str) -> None:
        page = officer.read(f"/tasks/{task}")
        case = CASE.search(page.text)
        if case and self.random.random() < COMMENTS:
            return self._comment(officer, case[1])
        if (verb := self._choose(page)) and (fields := FILLED[verb](self, page)) is not None:
            answer = self._does(officer, f"/tasks/{task}/{verb}", page, fields)
            if verb == "return" and answer.is_good and case:
                self.returned.append(case[1])
        return None

    def _choose(self, page: Page) -> str | None:
        """Return something that the page offers; whoever is asked answers."""
        offered = [verb for verb in WEIGHTS if verb in OFFERED.findall(page.text)]
        if "answer" in offered or not offered:
            return "answer" if offered else None
        return self.random.choices(offered, [WEIGHTS[verb] for verb in offered])[0]

    def _comment(self, officer: Browser, case: str) -> None:
        page = officer.read(f"/cases/{case}")
        if f'action="/cases/{case}/comments"' in page.text:
            self._does(officer, f"/cases/{case}/comments", page, [], words="text")

    def _mend(self, case: str) -> None:
        family = self._browsers[self.town.family]
        page = family.read(f"/cases/{case}")
        if page.status != 200:  # another family's, of whoever applied on this road first
            return
        for kind in WANTED.findall(page.text):
            photo = A_PNG + self.random.randbytes(64)
            family.upload(f"/cases/{case}/papers", [*page.tokens, ("kind", kind)], photo)
        self._does(family, f"/cases/{case}/resubmit", page, [])

    def _approve_together(self, officer: Browser, ticks: Sequence[str]) -> None:
        asked = "&".join(f"task={tick}" for tick in ticks)
        page = officer.read(f"/bulks/new?{asked}")
        fitting = sorted(set(TICK.findall(page.text)))
        if not fitting:
            return
        answer = self._does(officer, "/bulks", page, [("task", tick) for tick in fitting])
        if not answer.is_good:
            return
        if self.random.random() < UNDOES:
            self._does(officer, f"{answer.location}/undo", officer.read(answer.location), [])
        else:
            self.together |= {tick.partition("-")[0] for tick in fitting}

    def _does(self, who: Browser, path: str, page: Page, fields: Fields, words: str = "opinion") -> Answer:
        act = Act(f"{self.name}-{next(self._numbers)}", path.rpartition("/")[2], who.login, path)
        return who.act(act, [*page.tokens, *fields, (words, f"材料齐全〔{act.mark}〕")])


def _decision(client: Client, page: Page) -> Fields | None:
    if 'value="approve"' not in page.text:
        return None
    if client.random.random() < REJECTS:
        return [("outcome", "reject"), ("code", "DATA_WRONG")]
    return [("outcome", "approve")]


def _one_of(name: str, *more: tuple[str, object]) -> Callable[[Client, Page], Fields | None]:
    def fill(client: Client, page: Page) -> Fields | None:
        offered = CHOICES[name].findall(page.text)
        return [(name, client.random.choice(offered)), *more] if offered else None

    return fill


def _nothing(_client: Client, _page: Page) -> Fields:
    return []


FILLED: Mapping[str, Callable[[Client, Page], Fields | None]] = {
    "decide": _decision,
    "return": _one_of("items"),
    "send-back": _one_of("to"),
    "ask": _one_of("of", ("kind", "opinion")),
    "answer": _nothing,
    "recall": _nothing,
    "take-question-back": _nothing,
}
