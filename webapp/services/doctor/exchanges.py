"""Did what another province said take effect in its case, and is it about that case? Domain 3.1.4 V5, V7, V8. Pure."""

from collections.abc import Iterator, Mapping

from models.enums import Seat
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet


def check_messages(sheet: Sheet) -> Iterator[Finding]:
    """Yield which messages left no entry, or are of another business than the case is linked to; and stray links."""
    heeded = {_reference(event.payload.get("evidence")) for event in sheet.rows.events}
    links = {(link.partner, link.reference) for link in sheet.found["links"]}
    for message in sheet.found["messages"]:
        if message.took_effect and message.message_id not in heeded:
            what = f"message {message.message_id} ({message.kind}) is done, and no entry says so"
            yield sheet.finding(Code.MESSAGE_WITHOUT_EFFECT, what)
        if (message.partner, message.reference) not in links:
            what = f"message {message.message_id} ({message.kind}) is of another business"
            yield sheet.finding(Code.MESSAGE_ASTRAY, what)
    if links and Seat.OUTSIDE not in sheet.case.seats:
        yield sheet.finding(
            Code.LINK_OF_INNER_CASE, "it is linked to another province, which has no part in it"
        )


def _reference(evidence: object) -> object:
    return evidence.get("reference") if isinstance(evidence, Mapping) else None
