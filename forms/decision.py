"""What an officer decides (审批意见)."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from forms.base import A_KEY, A_VERSION, PostedForm
from forms.text import LONGEST_TEXT, WordsRequired, plain_text, stripped
from models.enums import FormField, PaperKind

LONGEST_WORD = 200


class ActionForm(PostedForm):
    """What every decision says: on which state of the case it was made, and the opinion."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), A_VERSION])
    opinion = TextAreaField(
        _("Opinion"),
        validators=[Optional(), Length(max=LONGEST_TEXT), plain_text],
        filters=[stripped],
        render_kw={"rows": 2, "maxlength": LONGEST_TEXT},
    )


class DecisionForm(ActionForm):
    """Approve, reject or acknowledge (通过, 不通过, 备案), or what else the step offers; the button is the outcome.

    `code` names the ground on which it is rejected.
    """

    outcome = StringField(validators=[InputRequired(), Length(max=64), plain_text])
    code = StringField(validators=[Optional(), Length(max=64), plain_text])


class StopForm(PostedForm):
    """Why a case under way is revoked or ended (撤销, 清理); the family reads it."""

    reason = TextAreaField(
        _("Reason"),
        validators=[
            WordsRequired(_("Say why: the family reads it.")),
            Length(max=LONGEST_TEXT),
            plain_text,
        ],
        filters=[stripped],
        render_kw={"rows": 2, "maxlength": LONGEST_TEXT},
    )


class HandOverForm(PostedForm):
    """To whom of the colleagues a task goes (转办)."""

    colleague = IntegerField(validators=[InputRequired(), A_KEY])


class CommentForm(PostedForm):
    """What officers of a case tell each other (评论)."""

    text = TextAreaField(
        _("Comment"),
        validators=[
            WordsRequired(_("Write what the other offices should know.")),
            Length(max=LONGEST_TEXT),
            plain_text,
        ],
        filters=[stripped],
        render_kw={"rows": 2, "maxlength": LONGEST_TEXT},
    )


class CopyForm(PostedForm):
    """To whom a case is copied for information (抄送), with a word on why; `task` is the one it was copied from."""

    to = SelectMultipleField(
        _("To whom"),
        coerce=int,
        validate_choice=False,  # the service knows who may read it
        validators=[InputRequired(_("Choose at least one officer."))],
    )
    word = StringField(
        _("Why"),
        validators=[Optional(), Length(max=LONGEST_WORD), plain_text],
        filters=[stripped],
        render_kw={"maxlength": LONGEST_WORD},
    )
    task = IntegerField(widget=HiddenInput(), validators=[Optional(), A_KEY])


class ReturnForm(ActionForm):
    """Return for correction (退回补正): papers to correct, and what of the application, are ticked."""

    items = SelectMultipleField(_("Papers"), coerce=PaperKind, choices=[*PaperKind], validators=[Optional()])
    fields = SelectMultipleField(
        _("The application"), coerce=FormField, choices=[*FormField], validators=[Optional()]
    )


class DraftOpinionForm(ReturnForm):
    """What is kept for later (暂存): the opinion so far, and what was ticked so far, whichever way it may go."""

    code = StringField(validators=[Optional(), Length(max=64), plain_text])
