"""When a substitute (代理) acts: as SQL, for whoever asks who holds a post on a day, and who acts in it."""

from webapp.policy import DECIDING_ROLES

_DECIDING = ", ".join(f"'{role}'" for role in sorted(DECIDING_ROLES))


def acts_sql(day: str) -> str:
    """Return SQL that says whether the row `s` of `substitution` lets its substitute act on a day; `day` is SQL too.

    He does on its days while whoever is away holds the post, while he still works in the office himself, and while
    neither has left for good.
    """
    valid = f"held.valid_from <= {day} AND (held.valid_to IS NULL OR held.valid_to > {day})"
    return f"""
    (s.valid_from <= {day} AND s.valid_to > {day}
     AND EXISTS (SELECT FROM membership held
                  WHERE (held.account_id, held.office_id, held.role) = (s.absent_id, s.office_id, s.role) AND {valid})
     AND EXISTS (SELECT FROM membership held
                  WHERE (held.account_id, held.office_id) = (s.substitute_id, s.office_id)
                    AND held.role IN ({_DECIDING}) AND {valid})
     AND NOT EXISTS (SELECT FROM account closed
                      WHERE closed.id IN (s.absent_id, s.substitute_id) AND closed.disabled_at IS NOT NULL))
    """  # noqa: S608 - the roles are our own
