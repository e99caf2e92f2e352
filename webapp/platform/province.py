"""The made-up province at work: takes messages once, and sends what it answers until it is taken."""

import logging
import threading
import time
from collections.abc import Callable
from uuid import UUID, uuid4

import httpx

from models.enums import MessageKind
from webapp import clock
from webapp.platform.answers import answers
from webapp.platform.behaviour import Behaviour, Business
from webapp.services.exchange import messages, signing
from webapp.services.exchange.messages import VERSION, Body, Envelope, Request

PATIENCE = 10.0  # seconds
PAUSE = 1.0  # seconds before what was not taken is sent again
TICK = 0.02

log = logging.getLogger(__name__)


class Province:
    """One made-up province with one partner, at `partner_url`; both sign with `key`. Threads may share it."""

    def __init__(self, code: str, partner_url: str, key: bytes) -> None:
        self.code, self.key = code, key
        self.behaviour = Behaviour()
        self.taken: dict[UUID, Envelope] = {}
        self._partner_url = partner_url
        self._businesses: dict[UUID, Business] = {}
        self._waiting: list[tuple[float, Envelope]] = []
        self._lock = threading.Lock()

    def take(self, message: Envelope) -> None:
        """Take a message, once, and put its answers on the way."""
        with self._lock:
            if message.id in self.taken:
                return
            self.taken[message.id] = message
            business = self._businesses.setdefault(
                message.reference, Business(message.reference, message.sender, began_there=False)
            )
            body: Body = messages.read_body(message.kind, message.body)
            for kind, said in answers(business, body, self.behaviour):
                self._say(business, kind, said)

    def begin(self, partner: str, request: Request) -> UUID:
        """Ask the partner for a pupil; return the reference of the business."""
        with self._lock:
            reference = uuid4()
            business = self._businesses[reference] = Business(reference, partner, began_there=True)
            self._say(business, MessageKind.REQUEST, request)
            return reference

    def deliver(self, stops: Callable[[], bool]) -> None:
        """Send what is due, one after the other, until it `stops`."""
        with httpx.Client(timeout=PATIENCE) as client:
            while not stops():
                if not self.deliver_next(client):
                    time.sleep(TICK)

    def deliver_next(self, client: httpx.Client) -> bool:
        """Send the first message if it is due; say whether there was one."""
        with self._lock:
            if self.behaviour.outage or not self._waiting or self._waiting[0][0] > time.monotonic():
                return False
            message, behaviour = self._waiting[0][1], self.behaviour
        taken = [self._post(client, message, behaviour) for _ in range(behaviour.copies)]
        with self._lock:
            del self._waiting[0]
            if not any(taken):
                self._waiting.insert(0, (time.monotonic() + PAUSE, message))
        return True

    def _say(self, business: Business, kind: MessageKind, body: Body) -> None:
        message = Envelope(
            id=uuid4(),
            reference=business.reference,
            kind=kind,
            version=VERSION,
            sender=self.code,
            receiver=business.partner,
            sent_at=clock.now(),
            body=messages.plain(kind, body),
        )
        last = self._waiting[-1][0] if self._waiting else time.monotonic()
        self._waiting.append((max(last, time.monotonic()) + self.behaviour.delay, message))

    def _post(self, client: httpx.Client, message: Envelope, behaviour: Behaviour) -> bool:
        body = b"\xff{garbage" if behaviour.garbage else messages.written(message)
        key = bytes(reversed(self.key)) if behaviour.wrong_signature else self.key
        headers = signing.signed(key, str(message.id), clock.machine_now(), body)
        try:
            answer = client.post(f"{self._partner_url}/{self.code}", content=body, headers=headers)
        except httpx.HTTPError as lost:
            log.warning("The partner does not answer: %s", lost)
            return False
        if not answer.is_success:
            log.warning("The partner answers %s: %s", answer.status_code, answer.text)
        return answer.is_success
