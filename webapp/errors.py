"""Every refusal in the words of the domain: one class each, whose docstring is what the person reads.

Docstrings are message ids: `webapp.i18n` extracts and translates them, braces take the facts given to the
constructor. `status` is the HTTP status the web answers with.
"""

import inspect
from dataclasses import dataclass


class Refusal(Exception):
    """This cannot be done."""

    status = 400

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    @classmethod
    def template(cls) -> str:
        """Return the message id: the docstring on one line, its braces unfilled."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").split())

    def __str__(self) -> str:
        told = {
            name: ", ".join(map(str, fact)) if isinstance(fact, tuple) else fact
            for name, fact in self.facts.items()
        }
        return self.template().format(**told)


@dataclass(frozen=True, slots=True)
class Sentences:
    """Several refusals as one fact of another, told one after the other."""

    refusals: tuple[Refusal, ...]

    def __str__(self) -> str:
        return " ".join(map(str, self.refusals))


# ---- who may ----


class NotAllowed(Refusal):
    """You have no part in this matter. If you should have, ask your office's lead to check your role."""

    status = 403


class NotYourChild(Refusal):
    """This record is not of a child you are the guardian of. If it should be, ask the child's school or its
    education bureau.
    """

    status = 403


class NotYourStudent(Refusal):
    """The student attends another school. To take the student in, begin a transfer."""

    status = 403


class OwnChild(Refusal):
    """This is your own child's matter: a colleague must decide it."""

    status = 403


class DutiesSeparated(Refusal):
    """You already decided the step “{step}” of this case: another person must take this one."""

    status = 403


class WrongInitiator(Refusal):
    """This change is started by the {side}, not by your school."""

    status = 403


# ---- is it there ----


class NoSuchCase(Refusal):
    """There is no such case. Check the number, or open it from your list."""

    status = 404


class NoSuchTask(Refusal):
    """There is no such task. Open it again from your inbox."""

    status = 404


class NoSuchStudent(Refusal):
    """There is no such student record. Check the number and the name."""

    status = 404


class NoSuchSchool(Refusal):
    """There is no such school. Choose one from the list."""

    status = 404


class NoSuchPaper(Refusal):
    """There is no such paper."""

    status = 404


# ---- is it still so ----


class AlreadyDecided(Refusal):
    """{office} ({role}) already decided this at {at}."""

    status = 409


class AlreadyFiled(AlreadyDecided):
    """{office} ({role}) already took note of this at {at}."""


class CaseReturned(Refusal):
    """The case waits for the applicant's correction; it cannot be decided until it comes back."""

    status = 409


class CaseChanged(Refusal):
    """The case changed since you opened this page. Look at it again, then decide."""

    status = 409


class ApplicationMovedOn(Refusal):
    """This application has gone on since your page was loaded, perhaps from another window. Nothing was changed now:
    open it again to see where it stands.
    """

    status = 409


class CaseEnded(Refusal):
    """This business is finished ({state}) and cannot be changed any more. Start a new application instead."""

    status = 409


class RecordChanged(Refusal):
    """The student's record changed since the application was made. Nothing was overwritten:
    the case went back to the applicant, to be confirmed on the present record.
    """

    status = 409


class RecordMovedOn(Refusal):
    """The student's record is no longer what the offices decided on. Withdraw this application and make a new one."""

    status = 409


class AnotherCaseOpen(Refusal):
    """This student already has open business. It must end before another application can be made."""

    status = 409


class DecisionTaken(Refusal):
    """An authority has already decided, so the application cannot be withdrawn any more. Ask an office that has yet to
    decide to reject it.
    """

    status = 409


class HistoryDiffers(Refusal):
    """This case does not stand where its history has led it, so nothing is decided on it. Tell the registry's
    administrator.
    """

    status = 409


class BoundByAgreement(Refusal):
    """The other province was told that your side agrees, and counts on it, so the application cannot be withdrawn any
    more. If it is no longer wanted, ask your school to ring up the other province.
    """

    status = 409


# ---- what was given ----


class ReasonMissing(Refusal):
    """Say why: the family and the next reader need your reason."""

    status = 422


class NothingTicked(Refusal):
    """Tick what the applicant has to fix."""

    status = 422


class UnknownOutcome(Refusal):
    """This step does not know the decision “{outcome}”. It allows: {allowed}."""

    status = 422


class FormIncomplete(Refusal):
    """The application is incomplete: {missing}."""

    status = 422


class PaperRefused(Refusal):
    """This file cannot be taken."""

    status = 422


class PaperTooLarge(PaperRefused):
    """The file is too large: {size} MB, and {most} MB is the most. Photograph it again with less detail."""

    status = 413


class PaperEmpty(PaperRefused):
    """The file is empty. Choose it again."""


class PaperOfWrongType(PaperRefused):
    """Only JPG, PNG and PDF files are taken, and this one is none of them, whatever its name says."""

    status = 415
