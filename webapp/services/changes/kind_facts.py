"""The facts of every kind of change, by its tables and diagrams; a kind is added as one entry of `APPLICATIONS`.

`xueji rules facts` prints those of one kind, and all of them are `workflows/rules/FACTS.md`.
"""

from collections.abc import Mapping

from models.enums import (
    AdmissionEndReason,
    CancellationReason,
    ChangeKind,
    DepartureReason,
    MajorReason,
    SuspensionReason,
    WithdrawalReason,
)
from webapp.services.changes.fact_catalogue import (
    CASE_AT_ONE_SCHOOL,
    CASE_OF_A_TRANSFER,
    ONE_SIDED,
    RECORD,
    REJECTION,
    SCHOOL,
    SIDE,
    VALIDATION,
)
from webapp.services.changes.fact_types import (
    MAYBE_NUMBER,
    ApplicationFacts,
    Described,
    Group,
    one_of,
    words,
)
from webapp.services.changes.kinds import (
    admission_end_facts,
    cancellation_facts,
    departure_facts,
    duplicate_diploma_facts,
    expulsion_facts,
    key_data_facts,
    major_facts,
    placement_facts,
    readmission_facts,
    registration_facts,
    reservation_facts,
    skip_grade_facts,
    study_form_facts,
    suspension_facts,
    transfer_facts,
    withdrawal_facts,
)

APPLICATIONS: Mapping[ChangeKind, ApplicationFacts] = {
    ChangeKind.TRANSFER: transfer_facts.FACTS,
    ChangeKind.SUSPENSION: suspension_facts.FACTS,
    ChangeKind.READMISSION: readmission_facts.FACTS,
    ChangeKind.WITHDRAWAL: withdrawal_facts.FACTS,
    ChangeKind.KEY_DATA: key_data_facts.FACTS,
    ChangeKind.MAJOR: major_facts.FACTS,
    ChangeKind.STUDY_FORM: study_form_facts.FACTS,
    ChangeKind.DEPARTURE: departure_facts.FACTS,
    ChangeKind.REGISTRATION: registration_facts.FACTS,
    ChangeKind.RESERVATION: reservation_facts.FACTS,
    ChangeKind.ADMISSION_END: admission_end_facts.FACTS,
    ChangeKind.EXPULSION: expulsion_facts.FACTS,
    ChangeKind.CANCELLATION: cancellation_facts.FACTS,
    ChangeKind.SKIP_GRADE: skip_grade_facts.FACTS,
    ChangeKind.DUPLICATE_DIPLOMA: duplicate_diploma_facts.FACTS,
    ChangeKind.PLACEMENT: placement_facts.FACTS,
}

REASONS = (
    SuspensionReason,
    WithdrawalReason,
    MajorReason,
    DepartureReason,
    AdmissionEndReason,
    CancellationReason,
)

INITIATION = Group(
    "Who begins a change at one school",
    "`change_initiators`",
    {
        "kind": CASE_AT_ONE_SCHOOL.facts["kind"],
        "reason": Described(
            one_of(dict.fromkeys(word for kind in REASONS for word in words(kind)), unknown=True),
            "ground; none where a kind has none",
            "form",
        ),
    },
)

CERTIFICATE = Group(
    "The certificate of who withdraws",
    "`withdrawal_certificate`",
    {
        "packs": SIDE.facts["packs"],
        "semesters_passed": Described(
            MAYBE_NUMBER,
            "semesters with all results passed; none if the school has entered no results",
            "semester record; domain 3.4 WD-05",
            "semesters",
        ),
    },
)


NEW_NUMBER = Group(
    "The number of a new student",
    "`new_student_number`",
    {"packs": SIDE.facts["packs"]},
)

REPORT = Group(
    "The report on a work placement",
    "`placement_report`",
    {"packs": SIDE.facts["packs"]},
)


def conditions_of(kind: ChangeKind) -> Group:
    """Return what the conditions of a kind read of its application."""
    return Group(f"The application for a {kind}", f"`{kind}_eligibility`", APPLICATIONS[kind].conditions)


def papers_of(kind: ChangeKind) -> Group:
    """Return what the list of papers of a kind reads of its application."""
    return Group(f"The papers for a {kind}", f"`{kind}_papers`", APPLICATIONS[kind].papers)


def groups_of(kind: ChangeKind) -> tuple[Group, ...]:
    """Return all that the tables and diagrams of a kind read, what it has of its own first."""
    case = CASE_AT_ONE_SCHOOL if kind in ONE_SIDED else CASE_OF_A_TRANSFER
    return (conditions_of(kind), papers_of(kind), RECORD, SIDE, case, SCHOOL)


def every_group() -> tuple[Group, ...]:
    """Return all facts that there are, what is common to all kinds first."""
    own = [group for kind in APPLICATIONS for group in (conditions_of(kind), papers_of(kind))]
    cases = (SCHOOL, CASE_OF_A_TRANSFER, CASE_AT_ONE_SCHOOL, INITIATION, CERTIFICATE, NEW_NUMBER, REPORT)
    return (*cases, SIDE, RECORD, *own, REJECTION, VALIDATION)
