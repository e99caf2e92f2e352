"""One's own account: where one is signed in, and a way out of all of it at once."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.database import db
from webapp.policy import is_officer
from webapp.services.people import accounts
from webapp.views.addresses import redirected
from webapp.views.pages import page
from webapp.views.visitor import current_person

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
def account() -> ResponseReturnValue:
    """Show where the person is signed in."""
    person = current_person()
    return page(
        "account.html",
        this=person.sign_in_id,
        sign_ins=accounts.sign_ins_of(db.session(), person.account_id),
        is_officer=is_officer(person),
    )


@bp.post("/sign-out-everywhere")
def sign_out_everywhere() -> ResponseReturnValue:
    """End every sign-in of the account, this one too, as after a lost phone."""
    accounts.revoke_all(db.session(), current_person().account_id)
    db.session.commit()
    flash(gettext("You are signed out everywhere."), "success")
    return redirected("/sign-in")
