"""A backlog of 10,000 notices goes out by e-mail, beside the same bytes through smtplib alone.

First the outbox is turned into notices and deliveries, then each letter is written in its reader's language and handed
to a mail server, which is another process on this machine.
"""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from time import perf_counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.cases import copy_case, make_roads
from bench.mail_server import mail_server
from bench.rounds import Figures, figure, in_turn, merged, ratio
from bench.site import Site, own_site
from models import Delivery, Task
from models.enums import Channel, DeliveryState
from webapp import clock
from webapp.services.notices.contacts import set_contact
from webapp.services.notices.outbox import drain
from webapp.services.notices.posting import post_due
from webapp.setting_values import mail_server as named

BACKLOG = 10_000
SENDER, READER = "xueji@example.cn", "reader@example.cn"
_TELL = """
    INSERT INTO outbox (kind, change_request_id, task_id, created_at)
    SELECT 'urged', change_request_id, id, %s FROM task WHERE change_request_id = ANY(%s)
"""


def measure(*, rounds: int = 10) -> Figures:
    """Return notices per second on both halves of the way and on the whole, and the second half beside the floor's."""
    turn = BACKLOG // rounds
    with own_site() as site, _server_elsewhere() as url:
        written = _backlog(site)
        with _session(site, url) as session:
            told = _pace(partial(drain, session))
            sides = {
                "ours": lambda _: _pace(partial(post_due, session), turn),
                "floor": lambda _: _pace(partial(_send, url, written, turn), turn),
            }
            paces = in_turn(sides, rounds=rounds, seconds=0)
            sent = select(func.count()).where(Delivery.state == DeliveryState.SENT)
            assert session.scalar(sent) >= turn * rounds, "the mail server did not take them all"
    return merged(
        {"told_per_s": told},
        *(figure(f"{name}_per_s", values) for name, values in paces.items()),
        ratio("ours_over_floor", paces["ours"], paces["floor"]),
        figure("whole_per_s", [1 / (1 / told + 1 / pace) for pace in paces["ours"]]),
    )


def _backlog(site: Site) -> bytes:
    """Let each of so many cases be told to an officer who reads e-mails; return one e-mail of theirs as it is sent."""
    with site.session() as session:
        road = make_roads(session, 1)[0]
        task = session.scalars(select(Task).where(Task.change_request_id == road.case_id)).one()
        officer = road.officers[task.office_id, task.role]
        set_contact(session, officer.account_id, Channel.EMAIL, READER, wanted=True)
        session.commit()
    with site.connection() as connection:
        connection.execute("DELETE FROM outbox")
        connection.execute(_TELL, [clock.now(), [road.case_id]])
        with mail_server() as server, _session(site, server.url) as session:
            drain(session)
            post_due(session)
        connection.execute(_TELL, [clock.now(), copy_case(connection, road, BACKLOG)])
        connection.execute("VACUUM ANALYZE")
    return server.mails[0].written


@contextmanager
def _session(site: Site, url: str) -> Iterator[Session]:
    """A worker's session, whose notices go to the mail server at `url`."""
    mail = {"smtp_url": url, "mail_from": SENDER, "public_url": "https://xueji.example.cn"}
    with Session(site.engine, info={"settings": site.settings.model_copy(update=mail)}) as session:
        yield session


def _pace(work: Callable[[], int], most: int = BACKLOG) -> float:
    """Return how much was done in a second until so much was done; `work` says how much it did each time."""
    done, begin = 0, perf_counter()
    while done < most and (more := work()):
        done += more
    return done / (perf_counter() - begin)


def _send(url: str, written: bytes, number: int) -> int:
    server = named(url)
    with smtplib.SMTP(server.host, server.port, "example.cn") as smtp:
        for _ in range(number):
            smtp.sendmail(SENDER, READER, written)
    return number


@contextmanager
def _server_elsewhere() -> Iterator[str]:
    """Run a mail server in another process, which ends with the block."""
    spawned = get_context("spawn")
    ours, theirs = spawned.Pipe()
    process = spawned.Process(target=_serve, args=(theirs,))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("enough")
        process.join()


def _serve(pipe: Pipe) -> None:
    with mail_server() as server:
        pipe.send(server.url)
        pipe.recv()
