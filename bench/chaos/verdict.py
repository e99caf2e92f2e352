"""What became of it all: acts against histories, notices against mails, and what the doctor and the audit say."""

import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic, sleep

from psycopg import Connection
from psycopg.rows import class_row

from bench.chaos.acts import (
    Event,
    Together,
    number_found,
    wrong_acts,
    wrong_answers,
    wrong_counts,
    wrong_together,
)
from bench.chaos.ledger import entries_in, troubles_in
from bench.chaos.production import Production
from webapp.commands.run import XUEJI, environment

LONGEST_DRAIN = 300.0  # seconds

EVENTS = """
SELECT e.kind, a.login, t.id AS task, e.change_request_id AS case,
       coalesce(e.payload->>'opinion', e.payload->>'comment') AS words, (e.payload->>'bulk')::bigint AS bulk
  FROM case_event e JOIN account a ON a.id = e.actor_id
  LEFT JOIN task t ON t.change_request_id = e.change_request_id AND t.key = e.task_key
"""
BULKS = """
SELECT b.id, a.login, b.opinion AS words, b.undone_at IS NOT NULL AS undone, b.done_at IS NOT NULL AS done,
       count(*) FILTER (WHERE i.result = 'done') AS carried_out,
       count(*) FILTER (WHERE i.result = 'waiting') AS waiting
  FROM bulk b JOIN account a ON a.id = b.account_id JOIN bulk_item i ON i.bulk_id = b.id
 GROUP BY b.id, a.login
"""
# Everybody wants e-mails, so every notice leaves to each who holds the post, or to its one reader.
UNDELIVERED = """
SELECT n.id, n.kind FROM notice n
  JOIN contact c ON c.account_id = n.account_id
                 OR (n.account_id IS NULL AND c.account_id IN (SELECT m.account_id FROM membership m
                      WHERE m.office_id = n.office_id AND m.role = n.role))
  LEFT JOIN delivery d ON d.notice_id = n.id AND d.account_id = c.account_id
 GROUP BY n.id, n.kind, c.account_id HAVING count(d.id) <> 1
"""
LEFT_TO_DO = """
SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM delivery WHERE state = 'waiting')
     + (SELECT count(*) FROM bulk WHERE done_at IS NULL AND undone_at IS NULL)
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much was sent, acknowledged and found, and all that is not as it should be."""

    sent: int
    acknowledged: Mapping[str, int]  # by verb
    found: int
    retried: int
    mails: int
    mails_again: int
    findings: Sequence[str]


def wait_until_drained(production: Production) -> None:
    """Wait until the worker has nothing left to do; AssertionError if that takes too long."""
    give_up_at = monotonic() + LONGEST_DRAIN
    with production.site.connection() as connection:
        while left := connection.execute(LEFT_TO_DO).fetchall()[0][0]:
            assert monotonic() < give_up_at, f"{left} things are left to do"
            production.tend()
            sleep(0.1)


def verdict_on(production: Production) -> Verdict:
    """Hold everything against everything."""
    entries = entries_in(production.ledgers)
    with production.site.connection() as connection:
        events = connection.cursor(row_factory=class_row(Event)).execute(EVENTS).fetchall()
        bulks = connection.cursor(row_factory=class_row(Together)).execute(BULKS).fetchall()
        findings = [
            *troubles_in(production.ledgers),
            *wrong_answers(entries),
            *wrong_acts(entries, events),
            *wrong_counts(entries, events),
            *wrong_together(entries, events, bulks),
            *_mails(connection, production),
            *_logs(production),
            *_commands(production),
        ]
    mails = Counter(_ids_of_mails(production))
    return Verdict(
        sent=len(entries),
        acknowledged=Counter(entry.act.verb for entry in entries if entry.is_acknowledged),
        found=number_found(entries, events, bulks),
        retried=sum(entry.answer.tries > 1 for entry in entries if entry.answer),
        mails=len(mails),
        mails_again=mails.total() - len(mails),
        findings=findings,
    )


def _mails(connection: Connection, production: Production) -> Iterator[str]:
    """Yield which notices have not gone to each of their readers, and which mails are of none."""
    for notice in connection.execute(UNDELIVERED):
        yield f"not one delivery for each reader: {notice}"
    taken = set(_ids_of_mails(production))
    rows = connection.execute("SELECT message_id::text, state FROM delivery")
    states: dict[str, str] = dict(rows.fetchall())
    for message_id, state in states.items():
        if state == "given_up" or (state == "sent") != (message_id in taken):
            yield f"delivery {message_id} is {state}, and the mail server took {message_id in taken}"
    yield from (f"a mail of no delivery: {message_id}" for message_id in taken - states.keys())


def _ids_of_mails(production: Production) -> list[str]:
    ids = [mail.message["Message-ID"] for mail in production.mail.mails]
    return [str(each).strip("<>").partition("@")[0] for each in ids]


def _logs(production: Production) -> Iterator[str]:
    """Yield whether the worker ended other than by our hand, and what nobody thought of in the logs."""
    worker = production.worker
    if worker.ends != worker.ends_expected:
        yield f"the worker ended {worker.ends} times and was killed {worker.ends_expected} times"
    for unit in (production.web, worker):
        said = unit.log.read_text(errors="replace")
        if "Traceback" in said:
            yield f"{unit.name} says: …{said[said.index('Traceback') :][:3000]}"


def _commands(production: Production) -> Iterator[str]:
    """Yield what the doctor and the audit find."""
    env = environment(production.web.settings, production.site.url)
    for command in (["doctor", "--files", "--json"], ["audit", "verify", "--json"]):
        done = subprocess.run([*XUEJI, *command], env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            yield f"{' '.join(command)}: {done.stdout}{done.stderr}"
