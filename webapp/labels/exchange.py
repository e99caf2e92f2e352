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
}
