"""Text messages (短信): posted to a gateway, or in the demo written to the log."""

import json
import logging
from http import HTTPStatus

import httpx

from webapp import clock
from webapp.services.exchange import signing
from webapp.services.exchange.sending import client_of_another_machine
from webapp.services.notices.letters import AwayError, Letter, NotNowError, RefusedError
from webapp.services.registry.identity import masked

COUNTRY = "+86"
MOST_OF_AN_ANSWER = 300  # characters
# With these the gateway says that the message or its number is wrong, and with the last that it is one too many.
REFUSING = (HTTPStatus.BAD_REQUEST, HTTPStatus.GONE, HTTPStatus.UNPROCESSABLE_ENTITY)
NOT_NOW = (HTTPStatus.TOO_MANY_REQUESTS,)

log = logging.getLogger(__name__)


class GatewayCourier:
    """Posts each message as JSON, `{"to": "+8613…", "text": "…"}`, signed like what goes to other provinces."""

    def __init__(self, url: str, key: bytes) -> None:
        self._url, self._key = url, key
        self._client = client_of_another_machine()

    def hand_over(self, letter: Letter) -> None:
        """Return when the gateway has taken the message. Raises RefusedError, NotNowError or AwayError."""
        body = json.dumps({"to": COUNTRY + letter.address, "text": letter.text}).encode()
        headers = signing.signed(self._key, str(letter.id), clock.machine_now(), body)
        try:
            answer = self._client.post(
                self._url, content=body, headers={**headers, "Content-Type": "application/json"}
            )
        except httpx.HTTPError as lost:
            raise AwayError(f"{type(lost).__name__} {lost}") from lost
        if not answer.is_success:
            raise _failure(answer)

    def close(self) -> None:
        """End the connection."""
        self._client.close()


class LogCourier:
    """Writes messages to the log, for the demo: its people's numbers may be somebody's."""

    def hand_over(self, letter: Letter) -> None:
        """Write the message to the log, with its number masked."""
        log.info("Text message to %s: %s", masked(letter.address), letter.text)

    def close(self) -> None:
        """Nothing is open."""


def _failure(answer: httpx.Response) -> RefusedError | NotNowError | AwayError:
    said = f"{answer.status_code} {answer.text[:MOST_OF_AN_ANSWER]}"
    if answer.status_code in REFUSING:
        return RefusedError(said)
    return NotNowError(said) if answer.status_code in NOT_NOW else AwayError(said)
