"""One's own account: where one wants notices, where one is signed in, and a way out of all of it at once."""

from collections.abc import Iterator, Mapping

from flask import Blueprint, current_app, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.contacts import ContactsForm
from models.enums import Channel
from webapp.database import db
from webapp.errors import Refusal
from webapp.formatting import refusal_text
from webapp.policy import is_officer
from webapp.services.notices.contacts import Reach, contacts_of, set_contact
from webapp.services.notices.deliveries import channels_of
from webapp.services.people import accounts
from webapp.views.addresses import redirected
from webapp.views.pages import page
from webapp.views.visitor import current_person

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
def account() -> ResponseReturnValue:
    """Show where the person gets notices and is signed in."""
    contacts = contacts_of(db.session(), current_person().account_id)
    return _account(ContactsForm(data=dict(_filled_in(contacts))), contacts)


@bp.post("/notices")
def notices() -> ResponseReturnValue:
    """Let notices go where the person says, on each channel that is served here."""
    form = ContactsForm()
    if not form.validate() or not _stored(form):
        db.session.rollback()
        return _account(form, contacts_of(db.session(), current_person().account_id)), 422
    db.session.commit()
    flash(gettext("Your notices go where you said."), "success")
    return redirected("/account")


@bp.post("/sign-out-everywhere")
def sign_out_everywhere() -> ResponseReturnValue:
    """End every sign-in of the account, this one too, as after a lost phone."""
    accounts.revoke_all(db.session(), current_person().account_id)
    db.session.commit()
    flash(gettext("You are signed out everywhere."), "success")
    return redirected("/sign-in")


def _account(form: ContactsForm, contacts: Mapping[Channel, Reach]) -> str:
    person = current_person()
    return page(
        "account.html",
        form=form,
        channels=_channels(),
        contacts=contacts,
        this=person.sign_in_id,
        sign_ins=accounts.sign_ins_of(db.session(), person.account_id),
        is_officer=is_officer(person),
    )


def _channels() -> tuple[Channel, ...]:
    return channels_of(current_app.config["SETTINGS"])


def _filled_in(contacts: Mapping[Channel, Reach]) -> Iterator[tuple[str, object]]:
    for channel, reach in contacts.items():
        yield channel, reach.address
        yield f"{channel}_wanted", reach.wanted


def _stored(form: ContactsForm) -> bool:
    """Store what was typed, as far as it is fit; whether all of it is."""
    for channel in _channels():
        address, wanted = form[channel].data or "", form[f"{channel}_wanted"].data
        try:
            set_contact(db.session(), current_person().account_id, channel, address, wanted=wanted)
        except Refusal as refusal:
            form[channel].errors = [refusal_text(refusal)]
    return not form.errors
