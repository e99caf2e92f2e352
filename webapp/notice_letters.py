"""What a notice (通知) says outside of the pages: in an e-mail, and in a text message of one part.

Others may read along there, on the way and on a locked phone, so that a child is named by the first character of its
name alone (林**); who needs more signs in. The case's number tells brothers and sisters apart.
"""

from dataclasses import dataclass

from flask import current_app
from flask_babel import get_locale, gettext

from models import Notice
from models.enums import ASKING_NOTICES, SIGNALS, NoticeKind
from webapp.labels import label
from webapp.notice_texts import notice_text

ONE_SMS = 70  # characters of UTF-16 in a text message that holds Chinese (3GPP TS 23.038)
MOST_STARS = 2

# Whoever is told of these has something to do: the family to correct, an officer to decide.
CALLS_TO_CORRECT = frozenset({NoticeKind.RETURNED, NoticeKind.RECORD_CONFLICT})
CALLS_TO_DECIDE = frozenset({*ASKING_NOTICES, *SIGNALS, NoticeKind.URGED})


@dataclass(frozen=True, slots=True)
class Said:
    """A notice in words: the subject and both forms of an e-mail."""

    subject: str
    text: str
    html: str


def named_in_public(name: str) -> str:
    """Return a person's name as it may be read by others: 林**, 欧**."""
    return name[:1] + "*" * max(1, min(len(name) - 1, MOST_STARS))


def email_said(notice: Notice, public_url: str) -> Said:
    """Return the notice as an e-mail, in the language being spoken; `public_url` is where the pages are."""
    subject = _subject(notice)
    facts = {
        "subject": subject,
        "sentence": _sentence(notice),
        "number": notice.change_request.number or "",
        "link": f"{public_url}/cases/{notice.change_request_id}",
        "switches": switches_page(public_url),
    }
    text, html = (_rendered(f"mail/notice.{form}", facts) for form in ("txt", "html"))
    return Said(subject, text, html)


def sms_said(notice: Notice) -> str:
    """Return the notice as a text message of one part: the sentence, or that there is news where it is too long.

    It holds no link: nobody should learn to follow those in text messages about a child.
    """
    sentence = str(gettext("[Student registry] %(sentence)s.", sentence=_sentence(notice)))
    if units(sentence) <= ONE_SMS:
        return sentence
    name, kind = _public_name(notice), str(label(notice.change_request.kind)).lower()
    return str(
        gettext("[Student registry] There is news of %(name)s's %(kind)s application.", name=name, kind=kind)
    )


def units(text: str) -> int:
    """Return how long a text is in a text message: rare characters (𠮷) count twice."""
    return len(text.encode("utf-16-le")) // 2


def switches_page(public_url: str) -> str:
    """Return the address of the page on which one chooses where notices go."""
    return f"{public_url}/account"


def _subject(notice: Notice) -> str:
    kind = str(label(notice.change_request.kind)).lower()
    is_to_officer = notice.office_id is not None
    if notice.kind in CALLS_TO_CORRECT or (is_to_officer and notice.kind in CALLS_TO_DECIDE):
        return str(gettext("Please look at a %(kind)s application", kind=kind))
    return str(gettext("News of a %(kind)s application", kind=kind))


def _sentence(notice: Notice) -> str:
    return notice_text(notice, name=_public_name(notice))


def _public_name(notice: Notice) -> str:
    return named_in_public(notice.change_request.student.name)


def _rendered(template: str, facts: dict[str, str]) -> str:
    return current_app.jinja_env.get_template(template).render(facts, get_locale=get_locale)
