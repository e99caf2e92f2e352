"""The words for levels of divisions, offices, stages and seats."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_pgettext as pgettext
from flask_babel.speaklater import LazyString

from models import enums

PLACES: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    enums.DivisionLevel: {
        enums.DivisionLevel.PROVINCE: pgettext("level of a division", "Province"),
        enums.DivisionLevel.CITY: pgettext("level of a division", "City"),
        enums.DivisionLevel.COUNTY: pgettext("level of a division", "County"),
    },
    enums.OfficeKind: {
        enums.OfficeKind.BUREAU: pgettext("kind of office", "Education bureau"),
        enums.OfficeKind.SCHOOL: pgettext("kind of office", "School"),
        enums.OfficeKind.EXAM_OFFICE: pgettext("kind of office", "Exam office"),
    },
    enums.OfficeLevel: {
        enums.OfficeLevel.COUNTY: pgettext("level of an office", "County level"),
        enums.OfficeLevel.CITY: pgettext("level of an office", "City level"),
        enums.OfficeLevel.PROVINCE: pgettext("level of an office", "Province level"),
    },
    enums.Stage: {
        enums.Stage.COMPULSORY: pgettext("stage", "Compulsory education"),
        enums.Stage.SENIOR_HIGH: pgettext("stage", "General senior high school"),
        enums.Stage.VOCATIONAL: pgettext("stage", "Secondary vocational school"),
    },
    enums.Seat: {
        enums.Seat.APPLICANT: pgettext("seat", "Applicant"),
        enums.Seat.RECEIVING_SCHOOL: pgettext("seat", "Receiving school"),
        enums.Seat.RECEIVING_COUNTY: pgettext("seat", "Receiving county"),
        enums.Seat.RECEIVING_CITY: pgettext("seat", "Receiving city"),
        enums.Seat.RECEIVING_PROVINCE: pgettext("seat", "Receiving province"),
        enums.Seat.RELEASING_SCHOOL: pgettext("seat", "Releasing school"),
        enums.Seat.RELEASING_COUNTY: pgettext("seat", "Releasing county"),
        enums.Seat.RELEASING_CITY: pgettext("seat", "Releasing city"),
        enums.Seat.RELEASING_PROVINCE: pgettext("seat", "Releasing province"),
        enums.Seat.OUTSIDE: pgettext("seat", "Another province"),
        enums.Seat.SCHOOL: pgettext("seat", "School"),
        enums.Seat.COUNTY: pgettext("seat", "County"),
        enums.Seat.CITY: pgettext("seat", "City"),
        enums.Seat.PROVINCE: pgettext("seat", "Province"),
        enums.Seat.EXAM_OFFICE: pgettext("seat", "Exam office"),
    },
}
