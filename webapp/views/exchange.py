"""Where other provinces' deployments leave their messages; for machines, so without session, form token and page."""

from flask import Blueprint, Response, jsonify, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import RequestEntityTooLarge

from webapp.database import db
from webapp.services.exchange.mailbox import AnotherMessageError
from webapp.services.exchange.messages import MalformedError
from webapp.services.exchange.receiving import MOST_BYTES, UnknownPartnerError, take
from webapp.services.exchange.signing import SignatureError
from webapp.views.visitor import public

bp = Blueprint("exchange", __name__, url_prefix="/exchange")


@bp.post("/<province>")
@public
def receive(province: str) -> tuple[Response, int]:
    """Take a message of a province: 202, also if it was taken before."""
    request.max_content_length = MOST_BYTES
    try:
        headers = {name.lower(): value for name, value in request.headers.items()}
        take(db.session(), province, headers, request.get_data(cache=False))
    except UnknownPartnerError:
        return _answer(404, "no connection with this province is set up")
    except RequestEntityTooLarge:
        return _answer(413, f"a message has at most {MOST_BYTES} bytes")
    except SignatureError as wrong:
        return _answer(401, str(wrong))
    except MalformedError as wrong:
        return _answer(400, str(wrong))
    except AnotherMessageError:
        return _answer(409, "another message was taken under this id before")
    return _answer(202, "taken")


def _answer(status: int, reason: str) -> tuple[Response, int]:
    return jsonify(reason=reason), status


@bp.record_once
def _exempt_from_form_tokens(state: BlueprintSetupState) -> None:
    """The signature proves where a message comes from; it has no form."""
    state.app.extensions["csrf"].exempt(receive)
