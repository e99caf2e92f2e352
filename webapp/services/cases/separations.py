"""Whoever takes a step is kept from those that are separate from it, also if they wait already. Source: domain 2.1."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.enums import ADVICE
from webapp.services.cases.locks import LockedCase
from webapp.services.processes.versions import definition_of

_KEEP = text("""
UPDATE task SET excluded_ids = ARRAY(SELECT DISTINCT unnest(excluded_ids || CAST(:accounts AS bigint[])) ORDER BY 1)
 WHERE change_request_id = :case AND state IN ('open', 'suspended') AND step = ANY(:steps)
   AND (ask IS NULL OR ask <> ALL (:advice))
RETURNING id
""")


def keep_apart(session: Session, case: LockedCase, *accounts: int | None) -> Sequence[int]:
    """Keep whoever took the step of a task from the tasks that wait and are separate from it; return those.

    The caller asks whether they are still with the right people.
    """
    definition = definition_of(session, case.process_version_id, case.process_sha256)
    steps = [step.id for step in definition.steps.values() if case.task_step in step.apart]
    if not steps:
        return ()
    kept = [account for account in accounts if account is not None]
    values = {"case": case.id, "steps": steps, "accounts": kept, "advice": [*ADVICE]}
    return session.scalars(_KEEP, values).all()
