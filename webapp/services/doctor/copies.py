"""Does each officer have the copies (抄送) that the history says were sent to him, read as it says? Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping

from models.enums import EventKind
from webapp.services.cases.chain import Event
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet


def check_copies(sheet: Sheet) -> Iterator[Finding]:
    """Yield that copies are gone, were sent by nobody or at another time, or are not read as and when it says."""
    copies = sheet.found["copies"]
    sent = Counter(each for event in sheet.rows.events for each in _sent(event))
    if sent != Counter((copy.account_id, copy.word, copy.sent_by_id, copy.created_at) for copy in copies):
        yield sheet.finding(Code.COPY_DIFFERS, "its copies are not those that its history saw sent")
    noted = Counter(
        (event.actor_id, event.at) for event in sheet.rows.events if event.kind == EventKind.NOTED
    )
    if noted != Counter((copy.account_id, copy.read_at) for copy in copies if copy.was_read):
        yield sheet.finding(
            Code.COPY_DIFFERS, "its copies were not read by whom, or not when, its history says"
        )


def _sent(event: Event) -> Iterator[tuple[object, ...]]:
    """Yield to whom an entry says that the case was copied, with which word, by whom and when."""
    readers = event.payload.get("copied_to")
    if event.kind == EventKind.COPIED and isinstance(readers, list):
        for reader in readers:
            assert isinstance(reader, Mapping), "it was written so"
            yield reader["id"], event.payload.get("comment"), event.actor_id, event.at
