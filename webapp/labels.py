"""What every member of every closed vocabulary is called, in both languages.

Members of two vocabularies may be equal as strings (a record and a case are both "withdrawn"), so each
vocabulary is a table and a translation context of its own.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from flask_babel import lazy_pgettext as pgettext
from flask_babel.speaklater import LazyString

from models import enums

LABELS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    enums.DivisionLevel: {
        enums.DivisionLevel.PROVINCE: pgettext("level of a division", "Province"),
        enums.DivisionLevel.CITY: pgettext("level of a division", "City"),
        enums.DivisionLevel.COUNTY: pgettext("level of a division", "County"),
    },
    enums.OfficeKind: {
        enums.OfficeKind.BUREAU: pgettext("kind of office", "Education bureau"),
        enums.OfficeKind.SCHOOL: pgettext("kind of office", "School"),
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
    },
    enums.MessageKind: {
        enums.MessageKind.REQUEST: pgettext("message between provinces", "Request"),
        enums.MessageKind.VALIDATED: pgettext("message between provinces", "Validation passed"),
        enums.MessageKind.REFUSED: pgettext("message between provinces", "Validation failed"),
        enums.MessageKind.DECIDED: pgettext("message between provinces", "Decision"),
        enums.MessageKind.PULLED: pgettext("message between provinces", "File pulled"),
        enums.MessageKind.ENDED: pgettext("message between provinces", "Ended by the other side"),
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
    enums.OverlayKind: {
        enums.OverlayKind.ON_LEAVE: pgettext("overlay", "On leave"),
        enums.OverlayKind.PROBLEM: pgettext("overlay", "Problem record"),
        enums.OverlayKind.VERIFICATION_LOCK: pgettext("overlay", "Verification lock"),
        enums.OverlayKind.SANCTION: pgettext("overlay", "Under sanction"),
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
    enums.ChangeKind: {
        enums.ChangeKind.TRANSFER: pgettext("kind of change", "Transfer"),
    },
    enums.CaseState: {
        enums.CaseState.DRAFT: pgettext("state of a case", "Draft"),
        enums.CaseState.IN_REVIEW: pgettext("state of a case", "In review"),
        enums.CaseState.RETURNED: pgettext("state of a case", "Returned for correction"),
        enums.CaseState.REJECTED: pgettext("state of a case", "Rejected"),
        enums.CaseState.WITHDRAWN: pgettext("state of a case", "Withdrawn by the applicant"),
        enums.CaseState.REVOKED: pgettext("state of a case", "Revoked"),
        enums.CaseState.TERMINATED: pgettext("state of a case", "Cleared by the authority"),
        enums.CaseState.COMPLETED: pgettext("state of a case", "Completed"),
    },
    enums.TaskState: {
        enums.TaskState.OPEN: pgettext("state of a task", "To do"),
        enums.TaskState.SUSPENDED: pgettext("state of a task", "Waiting for correction"),
        enums.TaskState.DONE: pgettext("state of a task", "Done"),
        enums.TaskState.CANCELLED: pgettext("state of a task", "No longer needed"),
    },
    enums.Outcome: {
        enums.Outcome.APPROVE: pgettext("decision", "Approve"),
        enums.Outcome.REJECT: pgettext("decision", "Reject"),
        enums.Outcome.RETURN: pgettext("decision", "Return for correction"),
        enums.Outcome.ACKNOWLEDGE: pgettext("decision", "File"),
    },
    enums.EventKind: {
        enums.EventKind.OPENED: pgettext("event", "Application submitted"),
        enums.EventKind.DECIDED: pgettext("event", "Decided"),
        enums.EventKind.RETURNED: pgettext("event", "Returned for correction"),
        enums.EventKind.RESUBMITTED: pgettext("event", "Corrected and submitted again"),
        enums.EventKind.REJECTED: pgettext("event", "Rejected"),
        enums.EventKind.WITHDRAWN: pgettext("event", "Withdrawn by the applicant"),
        enums.EventKind.REVOKED: pgettext("event", "Revoked"),
        enums.EventKind.ACKNOWLEDGED: pgettext("event", "Filed"),
        enums.EventKind.RECORD_CONFLICT: pgettext("event", "Back to the applicant: the record had changed"),
        enums.EventKind.COMPLETED: pgettext("event", "Completed"),
    },
    enums.NoticeKind: {
        enums.NoticeKind.SUBMITTED: pgettext("notice", "Application submitted"),
        enums.NoticeKind.ARRIVED: pgettext("notice", "Arrived at your step"),
        enums.NoticeKind.READDRESSED: pgettext("notice", "With another post now"),
        enums.NoticeKind.RETURNED: pgettext("notice", "Returned for correction"),
        enums.NoticeKind.RECORD_CONFLICT: pgettext("notice", "The record changed"),
        enums.NoticeKind.RESUBMITTED: pgettext("notice", "Submitted again"),
        enums.NoticeKind.REJECTED: pgettext("notice", "Rejected"),
        enums.NoticeKind.WITHDRAWN: pgettext("notice", "Withdrawn"),
        enums.NoticeKind.REMINDER: pgettext("notice", "Due soon"),
        enums.NoticeKind.OVERDUE: pgettext("notice", "Overdue"),
        enums.NoticeKind.COMPLETED: pgettext("notice", "Completed"),
    },
    enums.MessageDirection: {
        enums.MessageDirection.OUT: pgettext("message between provinces", "To the other province"),
        enums.MessageDirection.IN: pgettext("message between provinces", "From the other province"),
    },
    enums.MessageKind: {
        enums.MessageKind.REQUEST: pgettext("message between provinces", "Request for the transfer"),
        enums.MessageKind.VALIDATED: pgettext("message between provinces", "Validation passed"),
        enums.MessageKind.REFUSED: pgettext("message between provinces", "Validation failed"),
        enums.MessageKind.DECIDED: pgettext("message between provinces", "Decision"),
        enums.MessageKind.PULLED: pgettext("message between provinces", "File pulled"),
        enums.MessageKind.ENDED: pgettext("message between provinces", "Ended without success"),
    },
    enums.TimerKind: {
        enums.TimerKind.REMINDER: pgettext("timer", "Reminder"),
        enums.TimerKind.OVERDUE: pgettext("timer", "Overdue"),
    },
    enums.Relation: {
        enums.Relation.FATHER: pgettext("relation", "Father"),
        enums.Relation.MOTHER: pgettext("relation", "Mother"),
        enums.Relation.GRANDPARENT: pgettext("relation", "Grandparent"),
        enums.Relation.OTHER: pgettext("relation", "Other guardian"),
    },
    enums.TransferReason: {
        enums.TransferReason.HOUSEHOLD_MOVE: pgettext("transfer reason", "Household or address moved"),
        enums.TransferReason.PARENT_JOB_MOVE: pgettext("transfer reason", "A parent's job moved"),
        enums.TransferReason.MIGRANT_RESIDENCE: pgettext(
            "transfer reason", "A migrant child's residence moved"
        ),
        enums.TransferReason.PARENT_ABROAD_OR_MILITARY: pgettext(
            "transfer reason", "A parent abroad, at the border or in the military"
        ),
        enums.TransferReason.SPECIAL_SCHOOL: pgettext("transfer reason", "To or from a special school"),
        enums.TransferReason.OTHER: pgettext("transfer reason", "Other reason"),
    },
    enums.PaperKind: {
        enums.PaperKind.PROOF_OF_RESIDENCE: pgettext("paper", "Proof of residence"),
        enums.PaperKind.HOUSEHOLD_REGISTER: pgettext("paper", "Household register"),
        enums.PaperKind.BASIC_INFORMATION_SHEET: pgettext("paper", "Basic registry information sheet"),
        enums.PaperKind.JOB_MOVE_PROOF: pgettext("paper", "Proof of the job move"),
        enums.PaperKind.TRANSFER_FORM: pgettext("paper", "Transfer application form (form 3)"),
        enums.PaperKind.OTHER_PROOF: pgettext("paper", "Other proof"),
    },
}

# What was decided, as told afterwards.
DECIDED: Mapping[enums.Outcome, LazyString] = {
    enums.Outcome.APPROVE: pgettext("decided", "Approved"),
    enums.Outcome.REJECT: pgettext("decided", "Rejected"),
    enums.Outcome.RETURN: pgettext("decided", "Returned for correction"),
    enums.Outcome.ACKNOWLEDGE: pgettext("decided", "Filed"),
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


def label(member: StrEnum) -> LazyString:
    """Return what people call the member, in the language of whoever reads it."""
    return LABELS[type(member)][member]


def decided(outcome: enums.Outcome | str) -> LazyString:
    """Return what was decided: 通过, or Approved where `label` says Approve."""
    return DECIDED[enums.Outcome(outcome)]
