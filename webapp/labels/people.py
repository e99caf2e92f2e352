"""The words for people's roles, bonds and documents."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_pgettext as pgettext
from flask_babel.speaklater import LazyString

from models import enums

PEOPLE: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    enums.Role: {
        enums.Role.REGISTRAR: pgettext("role", "Registrar"),
        enums.Role.LEAD: pgettext("role", "Registry lead"),
        enums.Role.PRINCIPAL: pgettext("role", "Principal"),
        enums.Role.HANDLER: pgettext("role", "Handler"),
        enums.Role.CHIEF: pgettext("role", "Section chief"),
        enums.Role.DEPUTY: pgettext("role", "Deputy director"),
        enums.Role.APPROVER: pgettext("role", "Approver"),
        enums.Role.COUNTERPART: pgettext("role", "Counterpart in the other province"),
        enums.Role.ADMINISTRATOR: pgettext("role", "Administrator"),
        enums.Role.AUDITOR: pgettext("role", "Auditor"),
    },
    enums.Relation: {
        enums.Relation.FATHER: pgettext("relation", "Father"),
        enums.Relation.MOTHER: pgettext("relation", "Mother"),
        enums.Relation.GRANDPARENT: pgettext("relation", "Grandparent"),
        enums.Relation.OTHER: pgettext("relation", "Other guardian"),
    },
    enums.Sex: {
        enums.Sex.MALE: pgettext("sex", "Male"),
        enums.Sex.FEMALE: pgettext("sex", "Female"),
    },
    enums.IdentityType: {
        enums.IdentityType.RESIDENT: pgettext("identity document", "Resident identity card"),
        enums.IdentityType.HONG_KONG: pgettext(
            "identity document", "Hong Kong passport or proof of identity"
        ),
        enums.IdentityType.MACAU: pgettext("identity document", "Macau passport or proof of identity"),
        enums.IdentityType.TAIWAN: pgettext("identity document", "Taiwan residents' travel permit"),
        enums.IdentityType.PERMANENT_RESIDENCE: pgettext("identity document", "Permanent residence permit"),
        enums.IdentityType.PASSPORT: pgettext("identity document", "Passport"),
        enums.IdentityType.OTHER: pgettext("identity document", "Other document"),
    },
}
