"""What is asked of whoever applies: 保留入学资格."""

from forms.changes.fields import DetailsForm, hospital, hospital_name, note


class ReservationForm(DetailsForm):
    """What the hospital says."""

    hospital = hospital()
    hospital_name = hospital_name()
    note = note()
