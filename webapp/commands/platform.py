"""`xueji platform`: a made-up other province, to try transfers across provinces with."""

import logging
import secrets
import signal
import socket
import threading
from urllib.parse import urlsplit

import click
from werkzeug.serving import make_server

from webapp import config
from webapp.config import ConfigurationError, Settings
from webapp.host.children import call_when_told
from webapp.platform.app import create_app
from webapp.platform.behaviour import Behaviour
from webapp.platform.province import Province
from webapp.services.demo.plan import SERVED
from webapp.setting_values import KEY_BYTES, Partner

DEMO_PROVINCE = "51"
DELAY = 5.0  # seconds that people at the other end would take


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), required=True, help="The port to listen on, at 127.0.0.1."
)
@click.option(
    "--province", "code", required=True, help="The two digits it answers as; one of XUEJI_PARTNERS."
)
@click.option("--partner-url", required=True, help="Where it sends its messages: our own …/exchange.")
@click.option("--delay", default=DELAY, show_default=True, help="Seconds before each answer.")
def platform(*, port: int, code: str, partner_url: str, delay: float) -> None:
    """Answer as another province would, until told to stop; for the demo and for tests only."""
    partner = config.start().partners.get(code)
    if partner is None:
        raise ConfigurationError(f"XUEJI_PARTNERS has no province {code}, so there is no key to sign with.")
    province = Province(code, partner_url, partner.key)
    province.behaviour = Behaviour(delay=delay)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", port, create_app(province), threaded=True)
    told_to_stop = threading.Event()
    call_when_told(server.shutdown, signal.SIGINT, signal.SIGTERM)
    delivering = threading.Thread(target=province.deliver, args=(told_to_stop.is_set,))
    delivering.start()
    try:
        server.serve_forever()
    finally:
        told_to_stop.set()
        delivering.join()


def with_made_up_province(settings: Settings) -> Settings:
    """Return the demo's settings with a made-up province as its partner, unless it was given other ones."""
    if not settings.demo or settings.partners or settings.provinces:
        return settings
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/exchange"
    partner = Partner(url, secrets.token_bytes(KEY_BYTES))
    return settings.model_copy(update={"provinces": SERVED, "partners": {DEMO_PROVINCE: partner}})


def has_made_up_province(settings: Settings) -> bool:
    """Whether the demo's partner is one that has to be run beside it."""
    partner = settings.partners.get(DEMO_PROVINCE)
    return settings.demo and partner is not None and partner.url.startswith("http://127.0.0.1:")


def platform_command(settings: Settings) -> list[str]:
    """Return the command by which the demo's made-up province answers where its settings say."""
    port = urlsplit(settings.partners[DEMO_PROVINCE].url).port
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    ours = f"http://{host}:{settings.port}/exchange"
    return ["platform", "--port", str(port), "--province", DEMO_PROVINCE, "--partner-url", ours]
