"""The words for kinds of change, what an application for one says, and its papers."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext
from flask_babel.speaklater import LazyString

from models import enums

CHANGES: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    enums.ChangeKind: {
        enums.ChangeKind.TRANSFER: pgettext("kind of change", "Transfer"),
        enums.ChangeKind.SUSPENSION: pgettext("kind of change", "Suspension"),
        enums.ChangeKind.READMISSION: pgettext("kind of change", "Readmission"),
        enums.ChangeKind.WITHDRAWAL: pgettext("kind of change", "Withdrawal"),
        enums.ChangeKind.KEY_DATA: pgettext("kind of change", "Correction of key data"),
        enums.ChangeKind.MAJOR: pgettext("kind of change", "Change of major"),
        enums.ChangeKind.DEPARTURE: pgettext("kind of change", "Departure"),
        enums.ChangeKind.EXPULSION: pgettext("kind of change", "Expulsion"),
        enums.ChangeKind.CANCELLATION: pgettext("kind of change", "Cancellation of the record"),
        enums.ChangeKind.STUDY_FORM: pgettext("kind of change", "Change of the form of study"),
        enums.ChangeKind.SKIP_GRADE: pgettext("kind of change", "Skipping a grade"),
        enums.ChangeKind.REGISTRATION: pgettext("kind of change", "Registration of a new student"),
        enums.ChangeKind.RESERVATION: pgettext("kind of change", "Reserved admission"),
        enums.ChangeKind.ADMISSION_END: pgettext("kind of change", "End of an admission"),
        enums.ChangeKind.DUPLICATE_DIPLOMA: pgettext("kind of change", "Proof of graduation"),
        enums.ChangeKind.PLACEMENT: pgettext("kind of change", "Work placement"),
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
        enums.TransferReason.TRACK: pgettext(
            "transfer reason", "Between general senior high and vocational education"
        ),
        enums.TransferReason.OTHER: pgettext("transfer reason", "Other reason"),
    },
    enums.SuspensionReason: {
        enums.SuspensionReason.ILLNESS: pgettext("suspension reason", "Illness"),
        enums.SuspensionReason.CONTAGION: pgettext("suspension reason", "A contagious disease"),
        enums.SuspensionReason.LEAVE: pgettext("suspension reason", "More leave than is allowed"),
        enums.SuspensionReason.WORK_STUDY: pgettext("suspension reason", "Work and study in turn"),
        enums.SuspensionReason.MILITARY: pgettext("suspension reason", "Military service"),
        enums.SuspensionReason.ABROAD: pgettext("suspension reason", "Going abroad"),
        enums.SuspensionReason.SENTENCE: pgettext("suspension reason", "Serving a sentence"),
        enums.SuspensionReason.OTHER: pgettext("suspension reason", "Another difficulty"),
    },
    enums.WithdrawalReason: {
        enums.WithdrawalReason.VOLUNTARY: pgettext("withdrawal reason", "Own wish"),
        enums.WithdrawalReason.ILLNESS: pgettext("withdrawal reason", "Too ill to go on"),
        enums.WithdrawalReason.SUSPENSION_EXPIRED: pgettext(
            "withdrawal reason", "Did not return after the suspension"
        ),
        enums.WithdrawalReason.SUSPENDED_TOO_LONG: pgettext(
            "withdrawal reason", "Suspended for two years and still unable to return"
        ),
        enums.WithdrawalReason.STUDY_YEARS: pgettext(
            "withdrawal reason", "Longer at school than the longest time of study"
        ),
        enums.WithdrawalReason.TRUANCY: pgettext("withdrawal reason", "Truancy"),
        enums.WithdrawalReason.ABSENCE: pgettext("withdrawal reason", "Away from school without leave"),
    },
    enums.MajorReason: {
        enums.MajorReason.TALENT: pgettext("reason for another major", "Talent or interest"),
        enums.MajorReason.HEALTH: pgettext("reason for another major", "Illness or defect"),
        enums.MajorReason.MAJOR_CLOSED: pgettext(
            "reason for another major", "The major was closed meanwhile"
        ),
        enums.MajorReason.DIRECTION: pgettext(
            "reason for another major", "The direction within the broad category is fixed"
        ),
        enums.MajorReason.OTHER: pgettext("reason for another major", "Another legitimate reason"),
    },
    enums.DepartureReason: {
        enums.DepartureReason.ABROAD: pgettext("reason of a departure", "Goes abroad to study"),
        enums.DepartureReason.OTHER: pgettext("reason of a departure", "Leaves otherwise"),
        enums.DepartureReason.MISSING: pgettext("reason of a departure", "Is missing"),
        enums.DepartureReason.DECEASED: pgettext("reason of a departure", "Has died"),
    },
    enums.AdmissionEndReason: {
        enums.AdmissionEndReason.ABANDONED: pgettext("end of an admission", "Given up by the student"),
        enums.AdmissionEndReason.RECHECK_FAILED: pgettext("end of an admission", "Failed the second check"),
        enums.AdmissionEndReason.TOO_LATE: pgettext(
            "end of an admission", "Did not come before the reservation was over"
        ),
        enums.AdmissionEndReason.IRREGULAR: pgettext("end of an admission", "Admitted by false information"),
    },
    enums.OtherRoll: {
        enums.OtherRoll.NONE: pgettext("another roll", "None"),
        enums.OtherRoll.TECHNICIAN: pgettext("another roll", "That of a technician school"),
        enums.OtherRoll.SENIOR_HIGH: pgettext("another roll", "That of a general senior high school"),
    },
    enums.CancellationReason: {
        enums.CancellationReason.IRREGULAR_ENTRY: pgettext("reason of a cancellation", "Irregular entry"),
        enums.CancellationReason.IMPERSONATION: pgettext("reason of a cancellation", "Somebody else's name"),
        enums.CancellationReason.FALSE_PAPERS: pgettext("reason of a cancellation", "False papers"),
        enums.CancellationReason.DOUBLE_REGISTRY: pgettext(
            "reason of a cancellation", "Registered at another school already"
        ),
    },
    enums.HowHeard: {
        enums.HowHeard.MEETING: pgettext("how heard", "In person"),
        enums.HowHeard.HEARING: pgettext("how heard", "At a hearing"),
        enums.HowHeard.WRITTEN: pgettext("how heard", "In writing"),
        enums.HowHeard.WAIVED: pgettext("how heard", "Not at all: they were asked and did not come"),
    },
    enums.Appeal: {
        enums.Appeal.NONE: pgettext("appeal", "No appeal"),
        enums.Appeal.UNDECIDED: pgettext("appeal", "Appealed, not re-examined yet"),
        enums.Appeal.UPHELD: pgettext("appeal", "Re-examined: the decision stands"),
        enums.Appeal.OVERTURNED: pgettext("appeal", "Re-examined: the decision does not stand"),
    },
    enums.Newspaper: {
        enums.Newspaper.COUNTY: pgettext("newspaper", "A newspaper of a county or above"),
        enums.Newspaper.LOWER: pgettext("newspaper", "Elsewhere"),
        enums.Newspaper.NONE: pgettext("newspaper", "Not yet"),
    },
    enums.ProofOfHospital: {
        enums.ProofOfHospital.COUNTY: pgettext("hospital", "A hospital of county level or above"),
        enums.ProofOfHospital.LOWER: pgettext("hospital", "Another hospital or clinic"),
        enums.ProofOfHospital.NONE: pgettext("hospital", "None: it is not about health"),
    },
    enums.PaperKind: {
        enums.PaperKind.PROOF_OF_RESIDENCE: pgettext("paper", "Proof of residence"),
        enums.PaperKind.HOUSEHOLD_REGISTER: pgettext("paper", "Household register"),
        enums.PaperKind.BASIC_INFORMATION_SHEET: pgettext("paper", "Basic registry information sheet"),
        enums.PaperKind.JOB_MOVE_PROOF: pgettext("paper", "Proof of the job move"),
        enums.PaperKind.TRANSFER_FORM: pgettext("paper", "Transfer application form (form 3)"),
        enums.PaperKind.RELEASE_AGREEMENT: pgettext("paper", "Agreement of the present school"),
        enums.PaperKind.DIAGNOSIS: pgettext("paper", "Diagnosis"),
        enums.PaperKind.MEDICAL_RECORD: pgettext("paper", "Medical record"),
        enums.PaperKind.MEDICAL_BILL: pgettext("paper", "Medical bills or discharge note"),
        enums.PaperKind.WORK_STUDY_AGREEMENT: pgettext("paper", "Agreement on work and study"),
        enums.PaperKind.ENLISTMENT_NOTICE: pgettext("paper", "Enlistment notice"),
        enums.PaperKind.PASSPORT_AND_VISA: pgettext("paper", "Passport and visa"),
        enums.PaperKind.COURT_PAPER: pgettext("paper", "Court paper"),
        enums.PaperKind.SUSPENSION_CERTIFICATE: pgettext("paper", "Suspension certificate"),
        enums.PaperKind.HEALTH_CERTIFICATE: pgettext("paper", "Certificate of recovery"),
        enums.PaperKind.WITHDRAWAL_APPLICATION: pgettext("paper", "Application to withdraw"),
        enums.PaperKind.IDENTITY_CARD: pgettext("paper", "Identity card"),
        enums.PaperKind.REGISTRY_CARD: pgettext("paper", "Registry card"),
        enums.PaperKind.NOTIFICATION_EVIDENCE: pgettext("paper", "Evidence that the family was told"),
        enums.PaperKind.ATTENDANCE_RECORD: pgettext("paper", "Attendance record"),
        enums.PaperKind.MAJOR_APPLICATION: pgettext("paper", "Application for another major"),
        enums.PaperKind.STUDY_FORM_APPLICATION: pgettext("paper", "Application for another form of study"),
        enums.PaperKind.DEATH_CERTIFICATE: pgettext("paper", "Death certificate"),
        enums.PaperKind.POLICE_CERTIFICATE: pgettext("paper", "Certificate of the police"),
        enums.PaperKind.SCHOOL_STATEMENT: pgettext("paper", "Statement of the school"),
        enums.PaperKind.SKIP_GRADE_APPLICATION: pgettext("paper", "Application to skip a grade"),
        enums.PaperKind.STUDY_RESULTS: pgettext("paper", "Proof of results"),
        enums.PaperKind.ADMISSION_NOTICE: pgettext("paper", "Admission notice"),
        enums.PaperKind.SANCTION_DECISION: pgettext("paper", "Decision on the sanction"),
        enums.PaperKind.HEARING_RECORD: pgettext("paper", "Record of how they were heard"),
        enums.PaperKind.SERVICE_RECEIPT: pgettext("paper", "Receipt of the decision"),
        enums.PaperKind.GUARDIAN_PRESENCE: pgettext("paper", "Proof that a guardian was present"),
        enums.PaperKind.REEXAMINATION: pgettext("paper", "Decision on the appeal"),
        enums.PaperKind.INVESTIGATION_FINDINGS: pgettext("paper", "Findings of the investigation"),
        enums.PaperKind.CERTIFICATE_RECOVERY: pgettext("paper", "Proof that the certificate was taken back"),
        enums.PaperKind.LOSS_NOTICE: pgettext("paper", "Newspaper with the notice of the loss"),
        enums.PaperKind.PROOF_FORM: pgettext("paper", "Application for a proof of graduation (form 5)"),
        enums.PaperKind.BLUE_PHOTOS: pgettext("paper", "Two 2-inch photos on blue ground"),
        enums.PaperKind.PLACEMENT_APPLICATION: pgettext("paper", "Application for a work placement"),
        enums.PaperKind.PLACEMENT_AGREEMENT: pgettext("paper", "Agreement on the work placement"),
        enums.PaperKind.ENTRANCE_SCORES: pgettext("paper", "Scores of the senior-high entrance examination"),
        enums.PaperKind.OTHER_PROOF: pgettext("paper", "Other proof"),
    },
    enums.FormField: {
        enums.FormField.SCHOOL: pgettext("field of an application", "School"),
        enums.FormField.GRADE: pgettext("field of an application", "Grade"),
        enums.FormField.SCHOOLING_YEARS: pgettext("field of an application", "Years of schooling"),
        enums.FormField.REASON: pgettext("field of an application", "Reason"),
        enums.FormField.STARTS_ON: pgettext("field of an application", "First day"),
        enums.FormField.ENDS_ON: pgettext("field of an application", "Last day"),
        enums.FormField.HOSPITAL: pgettext("field of an application", "Who says so"),
        enums.FormField.HOSPITAL_NAME: pgettext("field of an application", "Hospital"),
        enums.FormField.REST_MONTHS: pgettext("field of an application", "Months of rest"),
        enums.FormField.HOURS_MISSED: pgettext("field of an application", "Class hours missed"),
        enums.FormField.RETURNS_ON: pgettext("field of an application", "Returns on"),
        enums.FormField.ABSENT_SINCE: pgettext("field of an application", "Away without leave since"),
        enums.FormField.DESTINATION: pgettext("field of an application", "Where to"),
        enums.FormField.GROUND: pgettext("field of an application", "Decided for"),
        enums.FormField.FOUND_ON: pgettext("field of an application", "Found on"),
        enums.FormField.HEARD_ON: pgettext("field of an application", "Heard on"),
        enums.FormField.HOW_HEARD: pgettext("field of an application", "How they were heard"),
        enums.FormField.GUARDIAN_PRESENT: pgettext("field of an application", "A guardian was present"),
        enums.FormField.DECIDED_ON: pgettext("field of an application", "Decided on"),
        enums.FormField.SERVED_ON: pgettext("field of an application", "Served on"),
        enums.FormField.HOW_SERVED: pgettext("field of an application", "How it was served"),
        enums.FormField.TOLD_OF_APPEAL: pgettext("field of an application", "Told of the right to appeal"),
        enums.FormField.APPEAL: pgettext("field of an application", "Appeal"),
        enums.FormField.REEXAMINED_ON: pgettext("field of an application", "Re-examined on"),
        enums.FormField.VOID_CERTIFICATE: pgettext("field of an application", "Void certificate"),
        enums.FormField.PROGRESS_PROVEN: pgettext("field of an application", "Has kept up by own study"),
        enums.FormField.MAJOR_CODE: pgettext("field of an application", "Code of the major"),
        enums.FormField.MAJOR_NAME: pgettext("field of an application", "Major"),
        enums.FormField.STUDY_FORM: pgettext("field of an application", "Form of study"),
        enums.FormField.NAME: pgettext("field of an application", "Name"),
        enums.FormField.SEX: pgettext("field of an application", "Sex"),
        enums.FormField.BIRTH_DATE: pgettext("field of an application", "Date of birth"),
        enums.FormField.ETHNICITY: pgettext("field of an application", "Ethnicity"),
        enums.FormField.NATIVE_PLACE: pgettext("field of an application", "Native place"),
        enums.FormField.POLITICAL_STATUS: pgettext("field of an application", "Political status"),
        enums.FormField.ENTERED_ON: pgettext("field of an application", "Day of entry"),
        enums.FormField.OTHER_ROLL: pgettext("field of an application", "On another roll"),
        enums.FormField.EXCEPTION: pgettext("field of an application", "Why an exception is asked for"),
        enums.FormField.NEWSPAPER: pgettext("field of an application", "Loss made known in"),
        enums.FormField.NEWSPAPER_NAME: pgettext("field of an application", "Newspaper and day"),
        enums.FormField.EMPLOYER: pgettext("field of an application", "Employer"),
        enums.FormField.PLACE: pgettext("field of an application", "Place"),
        enums.FormField.NOTE: pgettext("field of an application", "Note"),
    },
}

# What is offered to whoever may apply; who is suspended already applies to be suspended for longer.
BEGINNINGS: Mapping[enums.ChangeKind, LazyString] = {
    enums.ChangeKind.TRANSFER: _("Apply for a transfer"),
    enums.ChangeKind.SUSPENSION: _("Apply for a suspension"),
    enums.ChangeKind.READMISSION: _("Apply to return to school"),
    enums.ChangeKind.WITHDRAWAL: _("Apply to withdraw"),
    enums.ChangeKind.KEY_DATA: _("Apply for a correction"),
    enums.ChangeKind.MAJOR: _("Apply for another major"),
    enums.ChangeKind.DEPARTURE: _("Tell that the student leaves"),
    enums.ChangeKind.EXPULSION: _("Have the student expelled"),
    enums.ChangeKind.CANCELLATION: _("Have the record cancelled"),
    enums.ChangeKind.STUDY_FORM: _("Apply for another form of study"),
    enums.ChangeKind.SKIP_GRADE: _("Apply to skip a grade"),
    enums.ChangeKind.REGISTRATION: _("Register the new student"),
    enums.ChangeKind.RESERVATION: _("Reserve the admission"),
    enums.ChangeKind.ADMISSION_END: _("End the admission"),
    enums.ChangeKind.DUPLICATE_DIPLOMA: _("Apply for a proof of graduation"),
    enums.ChangeKind.PLACEMENT: _("Declare a work placement"),
}
RENEWAL = _("Apply to suspend for longer")
