"""The words for what is in a student's record, and for the grades of a stage."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from flask_babel import lazy_pgettext as pgettext
from flask_babel.speaklater import LazyString

from models import enums

RECORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    enums.RegistryState: {
        enums.RegistryState.ADMITTED: pgettext("state of a record", "Admitted, not registered"),
        enums.RegistryState.RESERVED: pgettext("state of a record", "Admission reserved"),
        enums.RegistryState.ADMISSION_CANCELLED: pgettext("state of a record", "Admission cancelled"),
        enums.RegistryState.ADMISSION_ABANDONED: pgettext("state of a record", "Admission abandoned"),
        enums.RegistryState.ENROLLED: pgettext("state of a record", "Enrolled"),
        enums.RegistryState.DEFERRED: pgettext("state of a record", "Registration deferred"),
        enums.RegistryState.RETAINED: pgettext("state of a record", "Status retained"),
        enums.RegistryState.SUSPENDED: pgettext("state of a record", "Suspended"),
        enums.RegistryState.TRANSFERRED_OUT: pgettext("state of a record", "Transferred out"),
        enums.RegistryState.WITHDRAWN: pgettext("state of a record", "Withdrawn"),
        enums.RegistryState.EXPELLED: pgettext("state of a record", "Expelled"),
        enums.RegistryState.CANCELLED: pgettext("state of a record", "Cancelled"),
        enums.RegistryState.ABROAD: pgettext("state of a record", "Left to study abroad"),
        enums.RegistryState.OTHER_LEFT: pgettext("state of a record", "Left otherwise"),
        enums.RegistryState.MISSING: pgettext("state of a record", "Missing"),
        enums.RegistryState.DECEASED: pgettext("state of a record", "Deceased"),
        enums.RegistryState.GRADUATED: pgettext("state of a record", "Graduated"),
        enums.RegistryState.COMPLETED: pgettext("state of a record", "Completed without graduating"),
        enums.RegistryState.PARTIAL: pgettext("state of a record", "Left with partial study"),
    },
    enums.RecordField: {
        enums.RecordField.STATE: pgettext("part of a record", "State of the record"),
        enums.RecordField.GRADE: pgettext("part of a record", "Grade"),
        enums.RecordField.MAJOR_CODE: pgettext("part of a record", "Code of the major"),
        enums.RecordField.MAJOR_NAME: pgettext("part of a record", "Major"),
        enums.RecordField.STUDY_FORM: pgettext("part of a record", "Form of study"),
        enums.RecordField.NAME: pgettext("part of a record", "Name"),
        enums.RecordField.SEX: pgettext("part of a record", "Sex"),
        enums.RecordField.BIRTH_DATE: pgettext("part of a record", "Date of birth"),
        enums.RecordField.IDENTITY_NUMBER: pgettext("part of a record", "Identity number"),
        enums.RecordField.ETHNICITY: pgettext("part of a record", "Ethnicity"),
        enums.RecordField.NATIVE_PLACE: pgettext("part of a record", "Native place"),
        enums.RecordField.POLITICAL_STATUS: pgettext("part of a record", "Political status"),
        enums.RecordField.HOME_ADDRESS: pgettext("part of a record", "Home address"),
        enums.RecordField.PHONE: pgettext("part of a record", "Telephone"),
        enums.RecordField.HEALTH: pgettext("part of a record", "Health"),
    },
    enums.HowTold: {
        enums.HowTold.SIGNED: pgettext("how a family was told", "In person, signed for"),
        enums.HowTold.DELIVERED: pgettext("how a family was told", "By mail, with proof of delivery"),
        enums.HowTold.PUBLIC_NOTICE: pgettext("how a family was told", "By public notice"),
    },
    enums.AidKind: {
        enums.AidKind.GRANT: pgettext("aid", "National grant"),
        enums.AidKind.WAIVER: pgettext("aid", "Tuition waiver"),
    },
    enums.Season: {
        enums.Season.SPRING: pgettext("season", "spring"),
        enums.Season.AUTUMN: pgettext("season", "autumn"),
    },
    enums.Conduct: {
        enums.Conduct.EXCELLENT: pgettext("conduct", "Excellent"),
        enums.Conduct.GOOD: pgettext("conduct", "Good"),
        enums.Conduct.PASSED: pgettext("conduct", "Passed"),
        enums.Conduct.FAILED: pgettext("conduct", "Failed"),
    },
    enums.ProposalState: {
        enums.ProposalState.OPEN: pgettext("proposal", "Open"),
        enums.ProposalState.TAKEN: pgettext("proposal", "Begun"),
        enums.ProposalState.DISMISSED: pgettext("proposal", "Dismissed"),
        enums.ProposalState.LAPSED: pgettext("proposal", "No longer so"),
    },
    enums.OverlayKind: {
        enums.OverlayKind.ON_LEAVE: pgettext("overlay", "On leave"),
        enums.OverlayKind.PROBLEM: pgettext("overlay", "Problem record"),
        enums.OverlayKind.VERIFICATION_LOCK: pgettext("overlay", "Verification lock"),
    },
    enums.SanctionKind: {
        enums.SanctionKind.WARNING: pgettext("sanction", "Warning"),
        enums.SanctionKind.SERIOUS_WARNING: pgettext("sanction", "Serious warning"),
        enums.SanctionKind.DEMERIT: pgettext("sanction", "Demerit"),
        enums.SanctionKind.PROBATION: pgettext("sanction", "Probation at school"),
        enums.SanctionKind.EXPULSION: pgettext("sanction", "Expulsion"),
    },
    enums.ProblemType: {
        enums.ProblemType.IDENTITY_WRONG: pgettext("problem record", "Identity number and name do not fit"),
        enums.ProblemType.IDENTITY_MALFORMED: pgettext("problem record", "Identity number is malformed"),
        enums.ProblemType.IDENTITY_DUPLICATE: pgettext("problem record", "Identity number is another's too"),
        enums.ProblemType.NAMESAKE: pgettext(
            "problem record", "No identity number; name, sex and date of birth are another's too"
        ),
    },
    enums.NumberKind: {
        enums.NumberKind.FORMAL: pgettext("registry number", "Formal number (G)"),
        enums.NumberKind.TEMPORARY: pgettext("registry number", "Temporary number (L)"),
        enums.NumberKind.NO_IDENTITY: pgettext("registry number", "Number without identity document (J)"),
        enums.NumberKind.FUJIAN_VOCATIONAL: pgettext("registry number", "Fujian vocational number"),
    },
    enums.StudyForm: {
        enums.StudyForm.FULL_TIME: pgettext("study form", "Full-time"),
        enums.StudyForm.PART_TIME: pgettext("study form", "Part-time"),
        enums.StudyForm.FLEXIBLE: pgettext("study form", "Flexible"),
        enums.StudyForm.ADULT: pgettext("study form", "Adult education"),
    },
}

# What the grades of a stage are called, from its first one on (年级).
GRADES: Mapping[enums.Stage, Sequence[LazyString]] = {
    enums.Stage.COMPULSORY: (
        pgettext("grade", "Grade 1"),
        pgettext("grade", "Grade 2"),
        pgettext("grade", "Grade 3"),
        pgettext("grade", "Grade 4"),
        pgettext("grade", "Grade 5"),
        pgettext("grade", "Grade 6"),
        pgettext("grade", "Junior 1 (grade 7)"),
        pgettext("grade", "Junior 2 (grade 8)"),
        pgettext("grade", "Junior 3 (grade 9)"),
    ),
    enums.Stage.SENIOR_HIGH: (
        pgettext("grade", "Senior 1 (grade 10)"),
        pgettext("grade", "Senior 2 (grade 11)"),
        pgettext("grade", "Senior 3 (grade 12)"),
    ),
    enums.Stage.VOCATIONAL: (
        pgettext("grade", "Vocational year 1"),
        pgettext("grade", "Vocational year 2"),
        pgettext("grade", "Vocational year 3"),
        pgettext("grade", "Vocational year 4"),
        pgettext("grade", "Vocational year 5"),
        pgettext("grade", "Vocational year 6"),
    ),
}
