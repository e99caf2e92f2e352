"""A case's open task in a bulk that nobody sent, in SQL."""

A_BULK = """
    WITH made AS (
        INSERT INTO bulk (account_id, office_id, role, step, outcome, opinion, created_at, runs_at, {ended})
        SELECT applicant_id, to_school_id, 'lead', '转入学校审核', 'approve', '', '2025-09-09 08:00+08',
               '2025-09-09 08:00:30+08', {at}
          FROM change_request WHERE id = {case} RETURNING id
    )
    INSERT INTO bulk_item (bulk_id, task_id, version, record_version, result)
    SELECT made.id, task.id, 1, 1, {result} FROM made, task WHERE change_request_id = {case} AND state = 'open'
"""


def a_bulk(result: str, ended: str = "done_at", at: str = "'2025-09-09 08:02+08'") -> str:
    """The case's task is one of a bulk, with this result."""
    return A_BULK.replace("{ended}", ended).replace("{at}", at).replace("{result}", f"'{result}'")
