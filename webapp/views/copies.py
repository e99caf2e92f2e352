"""What the pages of a case and of a task show of copies (抄送): the reader's own, and to whom it may be sent."""

from itertools import groupby

from forms.base import PostedForm
from forms.decision import CopyForm
from webapp.database import db
from webapp.policy import Person, deciding_post_on
from webapp.services.cases import copies
from webapp.services.cases.views import CaseView


def copying_facts(person: Person, view: CaseView, tried: PostedForm | None = None) -> dict[str, object]:
    """Return what the macros of copies show, readers by office; a form that was `tried` as it was filled in."""
    session, case = db.session(), view.case
    sees = deciding_post_on(person, case) is not None
    found = copies.readers(session, person, case) if copies.may_copy(person, case) else ()
    return {
        "my_copy": copies.unread_copy(session, person, case.id) if sees else None,
        "readers": [(office, [*those]) for office, those in groupby(found, lambda reader: reader.office)],
        "copying": tried or CopyForm(formdata=None),
    }
