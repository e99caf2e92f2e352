"""Which notices are new: counted cheaply for every page, and marked as read all at once."""

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from models import Notice
from webapp import clock
from webapp.policy import Person
from webapp.services.notices import notices_for

COUNT_CAP = 100

# The newest of each receiver by its own index; what is older is no news, read or not.
_UNREAD = text("""
    SELECT count(*)
      FROM (SELECT DISTINCT newest.id
              FROM (SELECT CAST(:account AS bigint) AS account_id, NULL::bigint AS office_id, NULL::varchar AS role
                     UNION ALL
                    SELECT NULL, office_id, role
                      FROM unnest(CAST(:offices AS bigint[]), CAST(:roles AS varchar[])) AS post(office_id, role)
                   ) AS receiver
             CROSS JOIN LATERAL (
                   (SELECT n.id, n.read_at FROM notice n JOIN change_request c ON c.id = n.change_request_id
                     WHERE n.account_id = receiver.account_id AND c.student_id = ANY(CAST(:children AS bigint[]))
                     ORDER BY n.id DESC LIMIT :cap)
                    UNION ALL
                   (SELECT id, read_at FROM notice
                     WHERE office_id = receiver.office_id AND role = receiver.role ORDER BY id DESC LIMIT :cap)
                   ) AS newest
             WHERE newest.read_at IS NULL LIMIT :cap) AS unread
""")


def unread_count(session: Session, person: Person) -> int:
    """Return how many of the newest notices to the person or his posts nobody has read, up to `COUNT_CAP`."""
    values = {
        "account": person.account_id,
        "children": [*person.children],
        "offices": [post.office_id for post in person.posts],
        "roles": [post.role.value for post in person.posts],
        "cap": COUNT_CAP,
    }
    return int(session.execute(_UNREAD, values).scalar_one())


def mark_read(session: Session, person: Person) -> None:
    """Note that the notices on the person's page were read; those to a post are read for all who hold it."""
    shown = [notice.id for notice in notices_for(session, person) if notice.read_at is None]
    session.execute(update(Notice).where(Notice.id.in_(shown)).values(read_at=clock.now()))
    session.commit()
