"""Who an account is on a day: its posts, those that it acts in for others, and its children; in one statement."""

from collections.abc import Sequence
from typing import Any

from models.enums import OfficeKind, OfficeLevel, Role
from webapp.policy import Absent, Person, Post
from webapp.services.offices.absences import acts_sql

# Asked at every request, so it goes to psycopg directly: a third of the time.
_PERSON = f"""
    SELECT account.id, account.name, account.login, account.locale, {{sign_in}} AS sign_in_id,
           (SELECT json_agg(json_build_array(office.id, office.name, office.kind, office.level,
                                             membership.role, office.path, away.id, away.name, away.children)
                            ORDER BY away.id IS NOT NULL, office.id, membership.role, away.id)
              FROM (SELECT account.id AS holder_id, NULL::bigint AS id, NULL AS name, NULL::bigint[] AS children,
                           NULL::bigint AS office_id, NULL AS role
                     UNION ALL
                    SELECT absent.id, absent.id, absent.name,
                           ARRAY(SELECT student_id FROM guardianship g
                                  WHERE g.account_id = absent.id AND g.valid_from <= %(today)s
                                    AND (g.valid_to IS NULL OR g.valid_to > %(today)s)),
                           s.office_id, s.role
                      FROM substitution s JOIN account absent ON absent.id = s.absent_id
                     WHERE s.substitute_id = account.id AND {acts_sql("%(today)s")}) AS away
              JOIN membership ON membership.account_id = away.holder_id
               AND (away.id IS NULL OR (membership.office_id, membership.role) = (away.office_id, away.role))
              JOIN office ON office.id = membership.office_id
             WHERE membership.valid_from <= %(today)s
               AND (membership.valid_to IS NULL OR membership.valid_to > %(today)s)
               AND office.valid_from <= %(today)s
               AND (office.valid_to IS NULL OR office.valid_to > %(today)s)),
           (SELECT array_agg(DISTINCT student_id)
              FROM guardianship
             WHERE guardianship.account_id = account.id
               AND valid_from <= %(today)s
               AND (valid_to IS NULL OR valid_to > %(today)s))
      FROM {{whose}}
       AND account.disabled_at IS NULL
"""  # noqa: S608 - built from our own text
_OF_BROWSER = """sign_in JOIN account ON account.id = sign_in.account_id
     WHERE sign_in.token_hash = %(token_hash)s
       AND sign_in.revoked_at IS NULL
       AND sign_in.expires_at > %(now)s"""
SIGNED_IN = _PERSON.format(sign_in="sign_in.id", whose=_OF_BROWSER)
BY_ID = _PERSON.format(sign_in="0", whose="account WHERE account.id = %(account)s")


def person_of(row: Sequence[Any] | None) -> Person | None:
    """Return who a row of these statements is; None if there is none."""
    if row is None:
        return None
    account_id, name, login, locale, sign_in_id, held, children = row
    posts = tuple(map(_post, held or ()))
    return Person(account_id, name, login, locale, sign_in_id, posts, tuple(children or ()))


def _post(held: list[Any]) -> Post:
    office_id, office, kind, level, role, path, away_id, away, children = held
    absent = Absent(away_id, away, tuple(children)) if away_id else None
    return Post(office_id, office, OfficeKind(kind), OfficeLevel(level), Role(role), tuple(path), absent)
