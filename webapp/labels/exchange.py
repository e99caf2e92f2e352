"""The words for what is exchanged with other provinces."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_pgettext as pgettext
from flask_babel.speaklater import LazyString

from models import enums

EXCHANGE: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    enums.MessageDirection: {
        enums.MessageDirection.OUT: pgettext("message between provinces", "To the other province"),
        enums.MessageDirection.IN: pgettext("message between provinces", "From the other province"),
    },
    enums.MessageKind: {
        enums.MessageKind.REQUEST: pgettext("message between provinces", "Request for the transfer"),
        enums.MessageKind.VALIDATED: pgettext("message between provinces", "Validation passed"),
        enums.MessageKind.REFUSED: pgettext("message between provinces", "Validation failed"),
        enums.MessageKind.AGREED: pgettext("message between provinces", "The school agrees"),
        enums.MessageKind.DECIDED: pgettext("message between provinces", "Decision"),
        enums.MessageKind.PULLED: pgettext("message between provinces", "File pulled"),
        enums.MessageKind.ENDED: pgettext("message between provinces", "Ended without success"),
    },
    enums.Trouble: {
        enums.Trouble.NOT_CONNECTED: pgettext(
            "message in trouble", "This province is not connected any more"
        ),
        enums.Trouble.AWAY: pgettext("message in trouble", "Its system does not answer"),
        enums.Trouble.NOT_TAKEN: pgettext("message in trouble", "Its system did not take the message"),
        enums.Trouble.CALLED_WRONG: pgettext("message in trouble", "It takes the message for wrong"),
        enums.Trouble.UNSAYABLE: pgettext(
            "message in trouble", "No message can say it: tell it by telephone"
        ),
        enums.Trouble.UNREADABLE: pgettext("message in trouble", "The message cannot be read"),
        enums.Trouble.TOO_EARLY: pgettext(
            "message in trouble", "It answers a step that is still to come here"
        ),
        enums.Trouble.UNBELIEVABLE: pgettext("message in trouble", "What it says cannot be true"),
        enums.Trouble.AGAINST_APPROVAL: pgettext(
            "message in trouble", "It says the opposite of what was approved here"
        ),
        enums.Trouble.AGAINST_COMPLETION: pgettext(
            "message in trouble", "The case is completed here: the pupil is at the other school"
        ),
        enums.Trouble.AGAINST_ENDING: pgettext(
            "message in trouble", "The case has ended here without success"
        ),
        enums.Trouble.ASKS_OTHERWISE: pgettext(
            "message in trouble", "It asks for something else than the case that it opened"
        ),
        enums.Trouble.FAILED: pgettext("message in trouble", "It could not be carried out here"),
        enums.Trouble.INTERRUPTED: pgettext("message in trouble", "Begun, and not heard of since"),
    },
}
