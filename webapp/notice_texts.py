"""What a notice (通知) says in one sentence: whose application, of which kind, what happened to it and where."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from models import ChangeRequest, Notice, Task
from models.enums import ChangeKind, NoticeKind, Outcome, TaskState
from webapp.formatting import post_text
from webapp.labels import label

# To the family, as far as nothing else is said to officers.
TO_ALL: Mapping[NoticeKind, LazyString] = {
    NoticeKind.SUBMITTED: _("%(name)s's %(kind)s application is submitted"),
    NoticeKind.ARRIVED: _("%(name)s's %(kind)s application went to %(post)s"),
    NoticeKind.APPROVED: _("%(name)s's %(kind)s application is approved by %(post)s; it is not decided yet"),
    NoticeKind.READDRESSED: _("%(name)s's %(kind)s application is with %(post)s now"),
    NoticeKind.RETURNED: _("%(name)s's %(kind)s application is returned by %(post)s: please correct it"),
    NoticeKind.RECORD_CONFLICT: _(
        "%(name)s's record changed since the %(kind)s application was made: please confirm it on the present record"
    ),
    NoticeKind.RESUBMITTED: _("%(name)s's %(kind)s application is submitted again and goes on at %(post)s"),
    NoticeKind.REJECTED: _("%(name)s's %(kind)s application is rejected by %(post)s"),
    NoticeKind.WITHDRAWN: _("%(name)s's %(kind)s application is withdrawn"),
    NoticeKind.REVOKED: _("%(name)s's %(kind)s application is revoked by the school"),
    NoticeKind.TERMINATED: _("%(name)s's %(kind)s application is ended by the authority"),
    NoticeKind.RECALLED: _(
        "%(name)s's %(kind)s application is with %(post)s again, who took the decision back"
    ),
    NoticeKind.URGED: _("%(post)s is asked to decide %(name)s's %(kind)s application soon"),
    NoticeKind.HANDED_OVER: _("%(name)s's %(kind)s application is handed over to you at %(post)s"),
    NoticeKind.ASKED: _("You are asked about %(name)s's %(kind)s application"),
    NoticeKind.SENT_BACK: _("%(name)s's %(kind)s application is back at %(post)s for a second look"),
    NoticeKind.ANSWERED: _("What %(post)s asked about %(name)s's %(kind)s application is answered"),
    NoticeKind.COPIED: _("%(name)s's %(kind)s application is copied to you for information"),
    NoticeKind.REMINDER: _("%(name)s's %(kind)s application is due soon at %(post)s"),
    NoticeKind.YELLOW: _("%(name)s's %(kind)s application is due today at %(post)s (yellow card)"),
    NoticeKind.OVERDUE: _("%(name)s's %(kind)s application is overdue at %(post)s (red card)"),
    NoticeKind.CASE_REMINDER: _(
        "%(name)s's %(kind)s application is due soon by the time limit of the whole case"
    ),
    NoticeKind.CASE_YELLOW: _(
        "%(name)s's %(kind)s application is due today by the time limit of the whole case (yellow card)"
    ),
    NoticeKind.CASE_OVERDUE: _(
        "%(name)s's %(kind)s application is past the time limit of the whole case (red card)"
    ),
    NoticeKind.COMPLETED: _("%(name)s's %(kind)s application is approved and the record is changed"),
    NoticeKind.CONTRADICTED: _(
        "%(name)s's %(kind)s application: what the other province says does not fit. Please ring it up"
    ),
}
TO_OFFICERS: Mapping[NoticeKind, LazyString] = {
    NoticeKind.ARRIVED: _("%(name)s's %(kind)s application waits for %(post)s"),
    NoticeKind.READDRESSED: _("%(name)s's %(kind)s application waits for %(post)s now"),
    NoticeKind.RETURNED: _("%(name)s's %(kind)s application is returned by %(post)s for correction"),
    NoticeKind.RECORD_CONFLICT: _(
        "%(name)s's %(kind)s application waits for the applicant: the record changed since it was made"
    ),
    NoticeKind.RESUBMITTED: _("%(name)s's %(kind)s application is submitted again and waits for %(post)s"),
}
OF_FILINGS: Mapping[NoticeKind, LazyString] = {
    NoticeKind.REMINDER: _("%(name)s's %(kind)s: the filing is due soon at %(post)s"),
    NoticeKind.YELLOW: _("%(name)s's %(kind)s: the filing is due today at %(post)s (yellow card)"),
    NoticeKind.OVERDUE: _("%(name)s's %(kind)s: the filing is overdue at %(post)s (red card)"),
}
# What is done beside the record, which stays as it is.
DONE: Mapping[ChangeKind, LazyString] = {
    ChangeKind.DUPLICATE_DIPLOMA: _("%(name)s's %(kind)s is issued"),
    ChangeKind.PLACEMENT: _("%(name)s's %(kind)s is approved"),
}
REJECTED_ELSEWHERE = _("%(name)s's %(kind)s application is rejected in the other province")
BEGINS_ANEW = _("%(name)s's %(kind)s application is submitted again and begins anew at its first step")
PASSED_ON = _("%(name)s's %(kind)s application is approved by %(before)s and went to %(post)s")


def notice_text(notice: Notice, *, name: str | None = None) -> str:
    """Return the sentence, in the reader's language; the case, its student and its tasks must be loaded.

    `name` stands for the student's where that must not be read in full.
    """
    case, task = notice.change_request, _task_of(notice)
    facts = {"name": name or case.student.name, "kind": str(label(case.kind)).lower()}
    if task:
        facts["post"] = post_text(task.office.name, task.role)
    if notice.kind == NoticeKind.REJECTED and not task:
        return str(REJECTED_ELSEWHERE) % facts
    if notice.kind == NoticeKind.SUBMITTED and _begins_anew(notice):
        return str(BEGINS_ANEW) % facts
    if notice.kind == NoticeKind.COMPLETED and case.kind in DONE:
        return str(DONE[case.kind]) % facts
    is_family = notice.office_id is None
    if notice.kind == NoticeKind.ARRIVED and task and is_family and (before := _before(case, task)):
        return str(PASSED_ON) % (facts | {"before": post_text(before.office.name, before.role)})
    return str(_sentence(notice.kind, task, is_family=is_family)) % facts


def _sentence(kind: NoticeKind, task: Task | None, *, is_family: bool) -> LazyString:
    """What is said of it to the family or to officers; a filing (备案) that is late delays no application."""
    if task and not task.blocking and kind in OF_FILINGS:
        return OF_FILINGS[kind]
    return TO_ALL[kind] if is_family else TO_OFFICERS.get(kind, TO_ALL[kind])


def _task_of(notice: Notice) -> Task | None:
    """The task that a notice is about: a rejection tells of the whole case, so that its task is looked up.

    Another province may reject what no step of it waits for yet.
    """
    if notice.kind == NoticeKind.REJECTED:
        return next((task for task in notice.change_request.tasks if task.outcome == Outcome.REJECT), None)
    return next((task for task in notice.change_request.tasks if task.id == notice.task_id), None)


def _begins_anew(notice: Notice) -> bool:
    """Whether it tells of a case that had come to somebody before, who has it no more."""
    return any(
        task.state == TaskState.CANCELLED and task.ended_at == notice.happened_at
        for task in notice.change_request.tasks
    )


def _before(case: ChangeRequest, opened: Task) -> Task | None:
    """The task whose approval opened another: the last one before it, and both happened at one moment."""
    approved = (
        task
        for task in case.tasks
        if (task.outcome, task.ended_at) == (Outcome.APPROVE, opened.opened_at)
        and _came(task) < _came(opened)
    )
    return max(approved, key=_came, default=None)


def _came(task: Task) -> tuple[datetime, int]:
    """When a task was opened: one that is opened again has a lower id than those that came before it."""
    return task.opened_at, task.id
