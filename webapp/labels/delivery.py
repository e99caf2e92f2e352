"""The words for how notices reach people outside of the pages."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_pgettext as pgettext
from flask_babel.speaklater import LazyString

from models import enums

DELIVERY: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    enums.Channel: {
        enums.Channel.EMAIL: pgettext("channel", "E-mail"),
        enums.Channel.SMS: pgettext("channel", "Text message"),
    },
    enums.DeliveryState: {
        enums.DeliveryState.WAITING: pgettext("delivery", "On its way"),
        enums.DeliveryState.SENT: pgettext("delivery", "Sent"),
        enums.DeliveryState.GIVEN_UP: pgettext("delivery", "Could not be sent"),
        enums.DeliveryState.DROPPED: pgettext("delivery", "Not wanted any more"),
    },
}
