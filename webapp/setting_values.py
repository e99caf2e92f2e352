"""How the text of a variable becomes the value of a setting; what cannot is refused in words that show no secret."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from models.text import is_email
from webapp import clock

KEY_BYTES = 32
PROVINCE = re.compile(r"[1-6][0-9]")
SMTP_PORT, SMTPS_PORT = 587, 465  # submission (RFC 6409, RFC 8314)
SMTP_URL = re.compile(
    r"smtp(?P<encrypted>s?)://((?P<user>[^:@/?#\s]+):(?P<password>[^:@/?#\s]+)@)?"
    r"(?P<host>[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:(?P<port>[0-9]{1,5}))?/?"
)
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
PARTNERS_LOOK_LIKE = '{"51": {"url": "https://…/exchange", "key": "64 hexadecimal digits"}}'


@dataclass(frozen=True, slots=True)
class Partner:
    """Another province's deployment: where it takes our messages, and the key that signs them both ways."""

    url: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in: encrypted from the beginning (smtps) or not, and the user with the password."""

    host: str
    port: int
    encrypted: bool
    login: tuple[str, str] | None = field(repr=False)

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, so that nobody listens in between."""
        return self.host in THIS_MACHINE


def key(given: object) -> object:
    """Return the 32 bytes of a key written as hexadecimal digits."""
    return _key_of(given) if isinstance(given, str) else given


def postgresql_url(given: str) -> str:
    """Return the address as it is, if PostgreSQL's clients take it."""
    if not given.startswith("postgresql://"):
        raise ValueError("must begin with postgresql://")
    try:
        conninfo_to_dict(given)
    except ProgrammingError:
        raise ValueError("is no address that PostgreSQL's own clients would understand") from None
    return given


def moment(given: datetime) -> datetime:
    """Return the moment as it is, if time limits can be computed on its day."""
    if not clock.spans(given):
        raise ValueError(f"must lie on a day from {clock.FIRST_DAY} to {clock.LAST_DAY}")
    return given


def provinces(given: object) -> object:
    """Return the codes in a list such as `41,35`."""
    if not isinstance(given, str):
        return given
    codes = tuple(code.strip() for code in given.split(","))
    if wrong := [code for code in codes if not PROVINCE.fullmatch(code)]:
        raise ValueError(f"must be codes of two digits such as 41,35; “{wrong[0]}” is none")
    return codes


def smtp_url(given: str) -> str:
    """Return the address of a mail server as it is, if it names one."""
    mail_server(given)
    return given


def mail_server(url: str) -> MailServer:
    """Return the mail server that an address names."""
    if not (found := SMTP_URL.fullmatch(url)):
        raise ValueError(
            "must look like smtp://user:password@host:587 or smtps://user:password@host, "
            "with %40 for @, %2F for / and %3A for : in the user and the password"
        )
    encrypted, user, password, host, port = found.group("encrypted", "user", "password", "host", "port")
    return MailServer(
        host=host.strip("[]"),
        port=int(port or (SMTPS_PORT if encrypted else SMTP_PORT)),
        encrypted=bool(encrypted),
        login=(unquote(user), unquote(password)) if user else None,
    )


def email(given: str) -> str:
    """Return the e-mail address as it is, if it is one."""
    if not is_email(given):
        raise ValueError("must be an e-mail address alone, as xueji@example.cn")
    return given


def web_url(given: str) -> str:
    """Return the address of a web server without a slash at its end: encrypted, or on this machine."""
    url = urlsplit(given)
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in THIS_MACHINE):
        raise ValueError("must begin with https://")
    return given.rstrip("/")


def together(given: str | None, known: Mapping[str, object], *others: str) -> str | None:
    """Return a setting as it is, if the settings that it needs are there too; those that are wrong count as there."""
    for name in others:
        if given is not None and known.get(name, ...) is None:
            raise ValueError(f"needs XUEJI_{name.upper()} too")
    return given


def partners(given: object) -> object:
    """Return the partners in a JSON object, by the codes of their provinces."""
    if not isinstance(given, str):
        return given
    try:
        entries = json.loads(given)
    except ValueError:
        raise ValueError("is not JSON") from None
    if not isinstance(entries, dict):
        raise ValueError(f"must be an object, as {PARTNERS_LOOK_LIKE}")
    return {code: _partner(code, entry) for code, entry in entries.items()}


def elsewhere(given: Mapping[str, Partner], served: Collection[str] | None) -> Mapping[str, Partner]:
    """Return the partners, if no school of theirs is served here; `served` is unknown if it is wrong itself."""
    if given and served == ():
        raise ValueError(
            "needs XUEJI_PROVINCES too: without it the whole country is served here, and nobody is a partner"
        )
    if both := sorted(set(given).intersection(served or ())):
        raise ValueError(f"“{both[0]}” is served here by XUEJI_PROVINCES; take it out of one of the two")
    return given


def partners_text(given: Mapping[str, Partner]) -> str:
    """Return the JSON that `partners` reads."""
    return json.dumps({code: {"url": each.url, "key": each.key.hex()} for code, each in given.items()})


def _partner(code: str, entry: object) -> Partner:
    if not PROVINCE.fullmatch(code):
        raise ValueError(f"“{code}” is no province's code of two digits")
    if not isinstance(entry, dict) or set(entry) != {"url", "key"}:
        raise ValueError(f"“{code}” needs url and key and nothing else, as {PARTNERS_LOOK_LIKE}")
    try:
        return Partner(_partner_url(str(entry["url"])), _key_of(str(entry["key"])))
    except ValueError as wrong:
        raise ValueError(f"“{code}” {wrong}") from None


def _partner_url(given: str) -> str:
    try:
        return web_url(given)
    except ValueError:
        raise ValueError("needs a url that begins with https://, for records travel there") from None


def _key_of(given: str) -> bytes:
    try:
        found = bytes.fromhex(given.strip())
    except ValueError:
        found = b""
    if len(found) != KEY_BYTES:
        raise ValueError(
            f"must be {2 * KEY_BYTES} hexadecimal digits, as from: openssl rand -hex {KEY_BYTES}"
        )
    return found
