"""Was each task that is approved together with others carried out, and has the case an entry of that? Pure."""

from collections.abc import Iterator

from models.enums import BulkResult
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet
from webapp.services.doctor.timers import PATIENCE


def check_bulks(sheet: Sheet) -> Iterator[Finding]:
    """Yield what waits too long, or in a bulk that has ended, and what is said to be approved and is not."""
    named = {(event.payload.get("bulk"), event.task_key) for event in sheet.rows.events}
    for item in sheet.found["bulks"]:
        if item.result == BulkResult.WAITING:
            if item.ended:
                what = f"waits in bulk {item.bulk_id}, which has ended"
                yield sheet.finding(Code.BULK_ITEM_LEFT, what, item.key)
            elif item.runs_at is None or item.runs_at < sheet.now - PATIENCE:
                what = f"was to be approved with others at {item.runs_at or 'no time at all'}"
                yield sheet.finding(Code.BULK_STUCK, what, item.key)
        elif item.result == BulkResult.DONE and (item.bulk_id, item.key) not in named:
            what = f"is said to be approved in bulk {item.bulk_id}, and no entry says so"
            yield sheet.finding(Code.BULK_WITHOUT_EFFECT, what, item.key)
