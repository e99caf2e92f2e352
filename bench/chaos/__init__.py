"""Kills web server, worker and PostgreSQL at random under load, and holds what clients were told against what is so.

Clients work over HTTP and write into ledgers outside of the database what they sent and what they were answered. Who
gets no answer sends the same form again, with the same token. After the last kill they stop, the worker works off what
is left, and `verdict` compares.
"""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from random import Random
from threading import Event

from bench.cases import Road, make_roads, more_cases
from bench.chaos.killer import Kill, Killer, Victim
from bench.chaos.ledger import Ledger
from bench.chaos.people import Client, Town
from bench.chaos.production import Production, production
from bench.chaos.verdict import Verdict, verdict_on, wait_until_drained
from bench.rounds import Figures
from models.enums import Channel
from webapp.policy import Person
from webapp.services.notices.contacts import set_contact

CLIENTS = 4
CASES_PER_KILL = 2.5
INSIDE = 0.6  # of the kills are to be inside a transaction
PAUSES = (0.2, 1.0)  # seconds between recovery and the next kill
LATER = timedelta(hours=2)  # than the longest pause after which a delivery is tried again


def measure(*, kills: int = 60, seed: int = 1, clients: int = CLIENTS) -> Figures:
    """Return what was killed, what became of the acts, and how many findings there are; these are printed too."""
    done, verdict = run(kills=kills, seed=seed, clients=clients)
    for finding in verdict.findings:
        print(finding, file=sys.stderr)
    return {
        **_of_kills(done),
        "inside_a_transaction": sum(kill.inside for kill in done) / len(done),
        "sent": verdict.sent,
        "acknowledged": sum(verdict.acknowledged.values()),
        **{f"acknowledged_{verb}": number for verb, number in sorted(verdict.acknowledged.items())},
        "found": verdict.found,
        "retried": verdict.retried,
        "mails": verdict.mails,
        "mails_again": verdict.mails_again,
        "findings": len(verdict.findings),
    }


def _of_kills(done: Sequence[Kill]) -> Figures:
    """Return how often each was killed, and the longest time until the site served again."""
    recoveries = {
        victim: [kill.recovered_after for kill in done if kill.victim == victim] for victim in Victim
    }
    return {
        **{f"kills_{victim}": len(seconds) for victim, seconds in recoveries.items()},
        **{f"longest_recovery_{victim}_s": max(seconds, default=0) for victim, seconds in recoveries.items()},
    }


def run(*, kills: int, seed: int, clients: int) -> tuple[Sequence[Kill], Verdict]:
    """Kill so often under the load of so many clients; return the kills and what became of everything."""
    random = Random(seed)
    with production() as site:
        towns = _towns(site, clients, round(kills * CASES_PER_KILL / clients) + 4)
        site.wait_until_it_serves()
        with _working(site, towns, random):
            done: list[Kill] = []
            while len(done) < kills:
                too_few = sum(kill.inside for kill in done) < INSIDE * (len(done) + 1)
                done.append(_kill(Killer(site, random), random, inside=too_few))
        site.move_clock(LATER)
        site.wait_until_it_serves()
        wait_until_drained(site)
        return done, verdict_on(site)


def _kill(killer: Killer, random: Random, *, inside: bool) -> Kill:
    killer.production.run_for(random.uniform(*PAUSES))
    return killer.kill(random.choice([*Victim]), inside=inside)


@contextmanager
def _working(site: Production, towns: Sequence[Town], random: Random) -> Iterator[None]:
    """Let a client work for each town within the block, and end what it is doing after it."""
    enough = Event()
    with ThreadPoolExecutor(len(towns)) as threads:
        at_work = []
        for number, town in enumerate(towns, 1):
            ledger = Ledger(site.ledgers / f"{number}.ledger")
            client = Client(f"c{number}", town, site.port, ledger, Random(random.random()))
            at_work.append(threads.submit(_work, client, enough))
        try:
            yield
        finally:
            enough.set()
        while not all(one.done() for one in at_work):
            site.run_for(0.1)
    for one in at_work:
        one.result()


def _work(client: Client, enough: Event) -> None:
    with closing(client):
        client.work(enough)


def _towns(site: Production, number: int, cases: int) -> list[Town]:
    """Make roads with cases on them, and let everybody get e-mails."""
    with site.site.session() as session:
        towns = []
        for road in make_roads(session, number):
            guardian, _ = more_cases(session, road, cases)
            for person in (guardian, *road.officers.values()):
                address = f"{person.login}@example.cn"
                set_contact(session, person.account_id, Channel.EMAIL, address, wanted=True)
            towns.append(_town(road, guardian))
        session.commit()
        return towns


def _town(road: Road, guardian: Person) -> Town:
    return Town(sorted(officer.login for officer in road.officers.values()), guardian.login)
