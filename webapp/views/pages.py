"""What the pages behind the sign-in share: who may open them, how they are rendered, what their addresses hold."""

from collections.abc import Callable
from functools import partial

from flask import Flask, render_template, request
from markupsafe import Markup
from werkzeug.routing import BaseConverter, IntegerConverter

from models.enums import ADVICE, Ask, ChangeKind, FormField, Outcome, PaperKind, RegistryState, Role
from webapp import clock, policy
from webapp.config import Settings
from webapp.database import db
from webapp.errors import NotAllowed
from webapp.formatting import refusal_text
from webapp.notice_texts import notice_text
from webapp.policy import Person
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases.views import CaseView, diagrams_of
from webapp.services.notices.news import unread_count
from webapp.services.registry.identity import masked
from webapp.views.addresses import details_address
from webapp.views.beginnings import beginnings
from webapp.views.visitor import current_person
from workflows.marks import draw_mark


class KeyConverter(IntegerConverter):
    """The key of a row as it stands in an address; a number that no row can have is no address."""

    def __init__(self, url_map: object) -> None:
        super().__init__(url_map, min=1, max=2**63 - 1)  # type: ignore[arg-type]


class KindConverter(BaseConverter):
    """A kind of change as it stands in an address."""

    regex = "|".join(ChangeKind)

    def to_python(self, value: str) -> ChangeKind:
        """Return the kind."""
        return ChangeKind(value)


def init_pages(app: Flask, settings: Settings) -> None:
    """Let addresses hold `<key:…>` and `<kind:…>`, and the frame ask what the person may open."""
    app.url_map.converters["key"] = KeyConverter
    app.url_map.converters["kind"] = KindConverter
    app.add_template_filter(masked)
    app.add_template_filter(notice_text)
    app.add_template_filter(refusal_text)
    app.jinja_env.globals.update(
        policy=policy,
        unread=lambda: unread_count(db.session(), current_person()),
        diagram_mark=lambda state: Markup(draw_mark(state)),  # noqa: S704
        most_bytes=settings.paper_max_bytes,
        serves_all=not settings.provinces,
        **{kind.__name__: kind for kind in (Ask, FormField, Outcome, PaperKind, RegistryState, Role)},
        ADVICE=ADVICE,
        beginnings=beginnings,
        details_address=details_address,
    )


def only(allowed: Callable[[Person], bool]) -> Callable[[], None]:
    """Return what refuses every request of a blueprint by whoever is not allowed; NotAllowed."""

    def check() -> None:
        if not allowed(current_person()):
            raise NotAllowed

    return check


def takes_part(person: Person) -> bool:
    """Families and officers have a part in cases; administrators and auditors as such have none."""
    return policy.is_officer(person) or policy.is_guardian(person)


def page(template: str, **facts: object) -> str:
    """Render a page, then commit what it wrote to the access log: a look counts once it was given."""
    frame = "part.html" if "HX-Request" in request.headers else "site.html"
    days_left = partial(calendar_of(db.session()).days_left, clock.today())
    rendered = render_template(template, frame=frame, days_left=days_left, **facts)
    db.session.commit()
    return rendered


def drawings_of(view: CaseView) -> list[Markup]:
    """Return the diagrams of a case to stand in a page; they were drawn by us, with every name in them escaped."""
    return [Markup(drawn) for drawn in diagrams_of(db.session(), view)]  # noqa: S704


def status_of(form: object) -> int:
    """Return the status of a page whose form was, or was not, filled in rightly."""
    return 422 if getattr(form, "errors", None) else 200
