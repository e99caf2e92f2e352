"""E-mail (电子邮件): letters are handed to a mail server by SMTP, all of a batch on one connection."""

import smtplib
import ssl
from contextlib import suppress
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime

from models.text import is_email
from webapp import clock
from webapp.services.notices.letters import AwayError, Letter, NotNowError, RefusedError
from webapp.setting_values import MailServer

PATIENCE = 10  # seconds for each answer
# Replies that no repetition changes, and the one that is about the server itself (RFC 5321 4.2.1, 3.8).
FOR_GOOD, CLOSING = range(500, 600), 421
UTF8 = "utf-8"
# The newer policies parse what we wrote ourselves, and take three times as long.
CRLF = compat32.clone(linesep="\r\n")


class EmailCourier:
    """Hands e-mails to a mail server; connects with the first, and again after the connection was lost."""

    def __init__(self, server: MailServer, sender: str, switches: str) -> None:
        self._server, self._sender, self._switches = server, sender, switches
        self._smtp: smtplib.SMTP | None = None

    def hand_over(self, letter: Letter) -> None:
        """Return when the server has taken the letter. Raises RefusedError, NotNowError or AwayError."""
        written = as_email(letter, self._sender, self._switches)
        smtp = self._smtp or self._connected()
        try:
            smtp.sendmail(self._sender, letter.address, written)
        except OSError as failure:  # smtplib's own errors too
            if smtp.sock is None:  # it is closed after a time-out, or when the server hung up or said so
                self.close()
            raise _told(failure, letter.address) from failure

    def close(self) -> None:
        """Say goodbye to the server, if it still listens."""
        if self._smtp:
            with suppress(OSError):
                self._smtp.quit()
            self._smtp.close()
            self._smtp = None

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        try:
            self._smtp = smtp = self._dialled()
            if not (server.encrypted or server.is_here):
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if server.login:
                smtp.login(*server.login)
        except OSError as away:
            self.close()
            raise AwayError(f"{type(away).__name__} {away}") from away
        return smtp

    def _dialled(self) -> smtplib.SMTP:
        server, name = self._server, _domain(self._sender)
        if server.encrypted:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, name, timeout=PATIENCE, context=context)
        return smtplib.SMTP(server.host, server.port, name, timeout=PATIENCE)


def as_email(letter: Letter, sender: str, switches: str) -> bytes:
    """Return the letter as a mail server takes it: text and HTML, under a Message-ID made from its id.

    `switches` is the address of the page on which its reader ends e-mails. RefusedError if its address is none.
    """
    if not is_email(letter.address):  # it becomes a header as it is
        raise RefusedError("the address is no e-mail address")
    text, html = MIMEText(letter.text, "plain", UTF8), MIMEText(letter.html, "html", UTF8)
    # Both parts are base64, in which no full stop stands, so that no boundary needs to be looked for.
    message = MIMEMultipart("alternative", boundary=f"{letter.id}.alternative", _subparts=[text, html])
    message["From"], message["To"] = sender, letter.address
    message["Subject"] = Header(letter.subject, UTF8).encode()
    message["Date"] = format_datetime(clock.machine_now())
    message["Message-ID"] = f"<{letter.id}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{switches}>"
    return message.as_bytes(policy=CRLF)


def _domain(address: str) -> str:
    return address.partition("@")[2]


def _told(failure: OSError, address: str) -> RefusedError | NotNowError | AwayError:
    """Say what a failure to hand over a letter means for it, or for all."""
    match failure:
        case smtplib.SMTPSenderRefused():
            return AwayError(_answer(failure.smtp_code, failure.smtp_error))
        case smtplib.SMTPRecipientsRefused():
            return _refusal(*failure.recipients[address])
        case smtplib.SMTPDataError():
            return _refusal(failure.smtp_code, failure.smtp_error)
    return NotNowError(f"{type(failure).__name__} {failure}")


def _refusal(code: int, said: bytes | str) -> RefusedError | NotNowError | AwayError:
    answer = _answer(code, said)
    if code == CLOSING:
        return AwayError(answer)
    return RefusedError(answer) if code in FOR_GOOD else NotNowError(answer)


def _answer(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
