"""The first page: children for a family, the inbox for an officer, the tasks of an administrator."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.database import db
from webapp.errors import NotAllowed
from webapp.policy import is_administrator, is_guardian, is_officer
from webapp.services.cases.families import children_of
from webapp.views.addresses import redirected
from webapp.views.pages import page
from webapp.views.visitor import current_person

bp = Blueprint("home", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    """Lead everybody to what they come for."""
    person = current_person()
    if is_officer(person):
        return redirected("/inbox")
    if is_guardian(person):
        return _children()
    if is_administrator(person):
        return redirected("/admin")
    return page("nobody.html")


@bp.get("/children")
def children() -> ResponseReturnValue:
    """Show a guardian his children, also one who is an officer too."""
    if not is_guardian(current_person()):
        raise NotAllowed
    return _children()


def _children() -> str:
    return page("children.html", children=children_of(db.session(), current_person()))
