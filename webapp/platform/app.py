"""The made-up province on the web: where messages are left, and where it is told how to behave."""

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from models.enums import MessageKind
from webapp import clock
from webapp.platform.behaviour import BEHAVIOUR
from webapp.platform.province import Province
from webapp.services.exchange import signing
from webapp.services.exchange.messages import BODIES, MalformedError, complaint, read_envelope


def create_app(province: Province) -> Flask:
    """Return the application of a made-up province.

    POST /exchange/<partner> takes a message; GET /control shows how it behaves and what came, POST changes it;
    POST /control/request/<partner> lets it ask the partner for a pupil.
    """
    app = Flask("webapp.platform", static_folder=None)
    app.register_error_handler(signing.SignatureError, lambda wrong: _answer(401, str(wrong)))
    app.register_error_handler(MalformedError, lambda wrong: _answer(400, str(wrong)))
    app.register_error_handler(ValidationError, lambda wrong: _answer(400, complaint(wrong)))

    @app.post("/exchange/<partner>")
    def receive(partner: str) -> ResponseReturnValue:
        return _taken(province, partner)

    @app.get("/control")
    def show() -> ResponseReturnValue:
        return _shown(province)

    @app.post("/control")
    def behave() -> ResponseReturnValue:
        province.behaviour = BEHAVIOUR.validate_json(request.get_data())
        return _shown(province)

    @app.post("/control/request/<partner>")
    def begin(partner: str) -> ResponseReturnValue:
        body = BODIES[MessageKind.REQUEST].validate_json(request.get_data())
        return jsonify(reference=province.begin(partner, body))

    return app


def _taken(province: Province, partner: str) -> ResponseReturnValue:
    if province.behaviour.outage:
        return _answer(503, "out of order, as it was told")
    headers = {name.lower(): value for name, value in request.headers.items()}
    signing.verify(province.key, headers, request.get_data(), now=clock.machine_now())
    message = read_envelope(request.get_data())
    if (message.sender, message.receiver) != (partner, province.code):
        return _answer(400, "sender or receiver is another province")
    province.take(message)
    return _answer(202, "taken")


def _shown(province: Province) -> ResponseReturnValue:
    came = [
        {"kind": message.kind, "reference": message.reference, "body": message.body}
        for message in list(province.taken.values())
    ]
    return jsonify(behaviour=BEHAVIOUR.dump_python(province.behaviour, mode="json"), came=came)


def _answer(status: int, reason: str) -> tuple[Response, int]:
    return jsonify(reason=reason), status
