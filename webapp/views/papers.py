"""Papers (证明材料): taking them from a form, and showing them to whoever may see their case."""

from collections.abc import Mapping
from mimetypes import guess_extension

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from forms.transfer import UploadForm
from models.enums import PaperKind
from models.text import UNWRITABLE
from webapp.database import db
from webapp.errors import PaperRefused
from webapp.formatting import refusal_text
from webapp.services.cases.uploads import hand_in, paper_for
from webapp.services.papers.files import content
from webapp.views.once import is_first
from webapp.views.pages import only, takes_part
from webapp.views.visitor import current_person

bp = Blueprint("papers", __name__)
bp.before_request(only(takes_part))

WHY_ASKED: Mapping[PaperKind, LazyString] = {
    PaperKind.PROOF_OF_RESIDENCE: _("It shows where the family lives now."),
    PaperKind.HOUSEHOLD_REGISTER: _("It shows that the household has moved."),
    PaperKind.BASIC_INFORMATION_SHEET: _("It shows that the record is right."),
    PaperKind.JOB_MOVE_PROOF: _("It shows that a parent's work has moved."),
    PaperKind.TRANSFER_FORM: _("The student and a guardian sign it."),
    PaperKind.RELEASE_AGREEMENT: _(
        "It shows that the present school, in another province, lets the student go."
    ),
    PaperKind.DIAGNOSIS: _("It shows what the hospital found, and how long the child has to rest."),
    PaperKind.MEDICAL_RECORD: _("It shows the course of the illness."),
    PaperKind.MEDICAL_BILL: _("It shows that the child was treated."),
    PaperKind.WORK_STUDY_AGREEMENT: _("The student, a guardian and the school sign it."),
    PaperKind.ENLISTMENT_NOTICE: _("It shows from when until when the student serves."),
    PaperKind.PASSPORT_AND_VISA: _("They show that the student goes abroad."),
    PaperKind.COURT_PAPER: _("It shows from when until when."),
    PaperKind.SUSPENSION_CERTIFICATE: _("The school gave it to you when the suspension began."),
    PaperKind.HEALTH_CERTIFICATE: _("It shows that the child is well enough to go to school."),
    PaperKind.WITHDRAWAL_APPLICATION: _("The student and a guardian sign it, each in their own name."),
    PaperKind.IDENTITY_CARD: _("It shows who the student is."),
    PaperKind.REGISTRY_CARD: _("The school gave it to the student when the student entered."),
    PaperKind.NOTIFICATION_EVIDENCE: _("It shows that the family was told to bring the student back."),
    PaperKind.ATTENDANCE_RECORD: _("It shows which lessons were missed, or since when the student is away."),
    PaperKind.MAJOR_APPLICATION: _("The student and a guardian sign it."),
    PaperKind.STUDY_FORM_APPLICATION: _("The student and a guardian sign it."),
    PaperKind.DEATH_CERTIFICATE: _("It shows when the student died."),
    PaperKind.POLICE_CERTIFICATE: _("It shows what the police know of it, or have changed."),
    PaperKind.SCHOOL_STATEMENT: _("The school says what happened, with its seal."),
    PaperKind.SKIP_GRADE_APPLICATION: _("The student and a guardian sign it."),
    PaperKind.STUDY_RESULTS: _("It shows that the student has learnt what the skipped grade teaches."),
    PaperKind.ADMISSION_NOTICE: _("It shows to which school and major the student was admitted."),
    PaperKind.SANCTION_DECISION: _("It says what the school decided, why, and by which rule."),
    PaperKind.HEARING_RECORD: _("The student and a guardian sign what they said."),
    PaperKind.SERVICE_RECEIPT: _("It shows that the family got the decision, and was told of its appeal."),
    PaperKind.GUARDIAN_PRESENCE: _("It shows which guardian was there when a minor was heard."),
    PaperKind.REEXAMINATION: _("It says what the school found when it re-examined the decision."),
    PaperKind.INVESTIGATION_FINDINGS: _("They show who investigated, and what was found."),
    PaperKind.CERTIFICATE_RECOVERY: _("It shows that the school has the void certificate back."),
    PaperKind.LOSS_NOTICE: _("It shows that the loss was made known."),
    PaperKind.PROOF_FORM: _("The graduate signs it, and the school seals it."),
    PaperKind.ENTRANCE_SCORES: _(
        "They show whether the line of the general school was reached in that year."
    ),
    PaperKind.BLUE_PHOTOS: _("One of them goes onto the proof."),
    PaperKind.PLACEMENT_APPLICATION: _("The school seals it; it says who goes where."),
    PaperKind.PLACEMENT_AGREEMENT: _("The school, the employer and the student sign it."),
    PaperKind.OTHER_PROOF: _("It shows the reason that you gave."),
}

# Whatever a file holds, it cannot act in the reader's name.
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@bp.get("/papers/<key:paper_id>")
def paper(paper_id: int) -> ResponseReturnValue:
    """Show a paper as what it was found to be when it came, under a name of our own."""
    found = paper_for(db.session(), current_person(), paper_id)
    data = content(db.session(), found)
    name = f"{found.kind}-{found.id}{guess_extension(found.media_type)}"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Content-Security-Policy": SANDBOX}
    answer = Response(data, mimetype=found.media_type, headers=headers)
    db.session.commit()
    return answer


def receive(form: UploadForm, case_id: int) -> int | None:
    """Take the paper of a form that was sent.

    Return None once it is kept; otherwise the form says what is wrong, and the status of the answer is returned.
    """
    if not form.validate():
        return 422
    file = form.file.data
    name = UNWRITABLE.sub("", file.filename)
    facts = {"kind": form.kind.data, "filename": name, "data": file.read()}
    try:
        if is_first():
            hand_in(db.session(), current_person(), case_id, **facts)
    except PaperRefused as refusal:
        db.session.rollback()
        form.file.errors = [refusal_text(refusal)]
        return refusal.status
    return None
