"""Cases that wait for one officer, so that he can approve them together."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Bulk, BulkItem, ChangeRequest, Task
from models.enums import BulkResult, Role
from tests.webapp.road import Road, work_off
from webapp import clock
from webapp.policy import Person
from webapp.services.cases.bulks import UNDO_WITHIN, approve_together
from webapp.services.processes.files import digest_of_kept, keep, texts_of
from webapp.services.processes.versions import version_in_force

IN_COUNTY = "receiving_authorities/in_county"
A_SECOND = timedelta(seconds=1)


@dataclass
class Together:
    """Families whose cases wait for the handler of the receiving county."""

    roads: Sequence[Road]
    cases: Sequence[ChangeRequest]
    officer: Person

    @property
    def session(self) -> Session:
        return self.roads[0].session

    def tasks(self) -> list[Task]:
        return [road.open_task(case) for road, case in zip(self.roads, self.cases, strict=True)]

    def ticked(self) -> dict[int, int]:
        return {task.id: task.change_request.version for task in self.tasks()}

    def send(self, opinion: str = "材料齐全") -> Bulk:
        return approve_together(self.session, self.officer, self.ticked(), opinion=opinion)

    def results(self, bulk: Bulk) -> list[BulkResult]:
        """What became of each case's task."""
        self.session.expire_all()
        by_case = select(BulkItem.result).join(Task).where(BulkItem.bulk_id == bulk.id)
        return list(self.session.scalars(by_case.order_by(Task.change_request_id)))

    def told(self, bulk: Bulk) -> list[str]:
        """The names of the refusals that kept some from being approved."""
        items = select(BulkItem.told).where(BulkItem.bulk_id == bulk.id, BulkItem.told.is_not(None))
        return [told["name"] for told in self.session.scalars(items.order_by(BulkItem.task_id))]


def waiting_together(road: Road, count: int = 3, step: str = IN_COUNTY) -> Together:
    """Let cases of that many families come to a step, by default the receiving county's."""
    roads = [road, *(road.rival() for _ in range(count - 1))]
    cases = [one.applied() for one in roads]
    for one, case in zip(roads, cases, strict=True):
        task = one.approve_until(case, step)
    return Together(roads, cases, road.officers[task.office_id, Role(task.role)])


@contextmanager
def half_a_minute_later() -> Iterator[None]:
    """Nobody can undo it any more."""
    with clock.freeze(clock.now() + UNDO_WITHIN):
        yield


def carried_out(session: Session) -> None:
    """Let the worker do what is due when nobody can undo it any more."""
    with half_a_minute_later():
        work_off(session)


def mark_as_bulk(session: Session, step: str) -> None:
    """Let a step of the shipped transfer be approved together, before anybody has read it."""
    version = version_in_force(session, "transfer")
    drawn = texts_of(session, version.files)["transfer.bpmn"]
    begins = drawn.index("<xj:step ", drawn.index(f'<bpmn:userTask id="{step}"'))
    marked = drawn[:begins] + drawn[begins:].replace("<xj:step ", '<xj:step bulk="true" ', 1)
    version.files = version.files | keep(session, {"transfer.bpmn": marked})
    version.sha256 = digest_of_kept(version.files)
    session.commit()
