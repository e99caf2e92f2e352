"""A mail server for benches and tests: speaks as much SMTP as is needed, keeps what it takes, and may misbehave."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

HANG_UP = ""

# Told each command with its argument, and `END` with the mail when all of it was read; what it returns is answered
# instead of what is usual, or with HANG_UP nothing more.
Misbehave = Callable[[str, bytes], str | None]


def behave(_verb: str, _argument: bytes) -> None:
    """Answer as usual."""


@dataclass
class Mail:
    """One mail as it came: for whom, and every byte of it."""

    receiver: str
    written: bytes = field(repr=False)

    @property
    def message(self) -> EmailMessage:
        """The mail, read."""
        message = message_from_bytes(self.written, policy=default)
        assert isinstance(message, EmailMessage)
        return message


class MailServer(ThreadingTCPServer):
    """Listens on a free port of this machine."""

    daemon_threads = True

    def __init__(self, misbehave: Misbehave = behave, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), _Conversation)
        self.misbehave = misbehave
        self.mails: list[Mail] = []
        self.logins: list[str] = []
        self.conversations = 0

    @property
    def url(self) -> str:
        """How `XUEJI_SMTP_URL` names it."""
        return "smtp://{}:{}".format(*self.server_address)


@contextmanager
def mail_server(misbehave: Misbehave = behave, host: str = "127.0.0.1") -> Iterator[MailServer]:
    """Run a mail server within the block."""
    with MailServer(misbehave, host) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Conversation(StreamRequestHandler):
    server: MailServer
    wbufsize = -1  # flushed by `_say`
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.server.conversations += 1
        self._receiver = ""
        self._say("220 mail.example ESMTP")
        with suppress(ConnectionResetError):  # whoever is killed says no QUIT
            while line := self.rfile.readline():
                verb, _, argument = line.strip().partition(b" ")
                if not self._answer(verb.decode().upper(), argument):
                    return

    def _answer(self, verb: str, argument: bytes) -> bool:
        """Answer a command; whether the conversation goes on."""
        said = self.server.misbehave(verb, argument)
        if said is None:
            said = getattr(self, f"_on_{verb.lower()}", self._on_other)(argument)
        if said == HANG_UP:
            return False
        self._say(said)
        return verb != "QUIT"

    def _on_ehlo(self, _argument: bytes) -> str:
        return "250-mail.example\r\n250 AUTH PLAIN"

    def _on_auth(self, argument: bytes) -> str:
        self.server.logins.append(base64.b64decode(argument.split()[1]).decode())
        return "235 welcome"

    def _on_rcpt(self, argument: bytes) -> str:
        self._receiver = argument.decode().partition("<")[2].partition(">")[0]
        return "250 ok"

    def _on_data(self, _argument: bytes) -> str:
        self._say("354 go on")
        written = b"".join(line.removeprefix(b".") for line in iter(self.rfile.readline, b".\r\n"))
        said = self.server.misbehave("END", written)
        if said is not None:
            return said
        self.server.mails.append(Mail(self._receiver, written))
        return "250 taken"

    def _on_quit(self, _argument: bytes) -> str:
        return "221 bye"

    def _on_other(self, _argument: bytes) -> str:
        return "250 ok"

    def _say(self, said: str) -> None:
        self.wfile.write(said.encode() + b"\r\n")
        self.wfile.flush()
