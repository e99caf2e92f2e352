"""What a family, or a school for it, fills in to apply for a change at one school: one form for each kind."""

from collections.abc import Mapping

from forms.changes.admission_end import AdmissionEndForm
from forms.changes.cancellation import CancellationForm
from forms.changes.departure import DepartureForm
from forms.changes.duplicate_diploma import DuplicateDiplomaForm
from forms.changes.expulsion import ExpulsionForm
from forms.changes.fields import DetailsForm
from forms.changes.key_data import KeyDataForm
from forms.changes.major import MajorForm
from forms.changes.placement import PlacementForm
from forms.changes.readmission import ReadmissionForm
from forms.changes.registration import RegistrationForm
from forms.changes.reservation import ReservationForm
from forms.changes.skip_grade import SkipGradeForm
from forms.changes.study_form import StudyFormForm
from forms.changes.suspension import SuspensionForm
from forms.changes.withdrawal import WithdrawalForm
from models.enums import ChangeKind

DETAILS: Mapping[ChangeKind, type[DetailsForm]] = {
    ChangeKind.SUSPENSION: SuspensionForm,
    ChangeKind.READMISSION: ReadmissionForm,
    ChangeKind.WITHDRAWAL: WithdrawalForm,
    ChangeKind.KEY_DATA: KeyDataForm,
    ChangeKind.MAJOR: MajorForm,
    ChangeKind.STUDY_FORM: StudyFormForm,
    ChangeKind.DEPARTURE: DepartureForm,
    ChangeKind.REGISTRATION: RegistrationForm,
    ChangeKind.RESERVATION: ReservationForm,
    ChangeKind.ADMISSION_END: AdmissionEndForm,
    ChangeKind.SKIP_GRADE: SkipGradeForm,
    ChangeKind.EXPULSION: ExpulsionForm,
    ChangeKind.CANCELLATION: CancellationForm,
    ChangeKind.DUPLICATE_DIPLOMA: DuplicateDiplomaForm,
    ChangeKind.PLACEMENT: PlacementForm,
}
