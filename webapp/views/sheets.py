"""The approval sheet of a case (学籍异动审批表), to be printed and signed."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.database import db
from webapp.services.cases.sheets import sheet_for
from webapp.views.pages import only, page, takes_part
from webapp.views.visitor import current_person

bp = Blueprint("sheets", __name__, url_prefix="/cases/<key:case_id>/sheet")
bp.before_request(only(takes_part))


@bp.get("")
def sheet(case_id: int) -> ResponseReturnValue:
    """Show the sheet of a case to whoever may see the case."""
    return page("sheet.html", sheet=sheet_for(db.session(), current_person(), case_id))
