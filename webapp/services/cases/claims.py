"""Who of several holders of a post takes a task: claimed (领取), given back (释放), handed over (转办), domain 3.0.4b.

A task that nobody has claimed is everybody's who holds the post. Nothing of this moves the case.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Outbox, Task
from models.enums import EventKind, NoticeKind, Role, TaskState
from webapp import clock, errors
from webapp.policy import Person, Post, acting, holds_at, is_close_to, posts_for
from webapp.services.cases import history
from webapp.services.cases.applications import locked_case
from webapp.services.cases.chain import Plain
from webapp.services.cases.closings import why_closed
from webapp.services.offices.appointments import holders
from webapp.services.offices.kept_from import kept_from
from webapp.services.people.accounts import require_person_now
from webapp.services.people.substitutes import acting_in, hold_posts


class ClaimedByColleague(errors.Refusal):
    """{name} has claimed this task. Ask for it to be given back or handed over to you."""

    status = 409


class NotToClaim(errors.Refusal):
    """You may not decide this task yourself, so leave it to your colleagues."""

    status = 403


class NotClaimed(errors.Refusal):
    """Nobody has claimed this task, so there is nothing to give back."""

    status = 409


class NoColleague(errors.Refusal):
    """Choose a colleague who holds the same post, or acts in it, and may decide this task."""

    status = 422


@dataclass(frozen=True, slots=True)
class _Claim:
    """An open task whose case is locked, who has a say in who takes it, in which post, and who must not decide it."""

    case: ChangeRequest
    task: Task
    officer: Person
    post: Post
    kept: Collection[int]


@dataclass(frozen=True, slots=True)
class Say:
    """What somebody may do about who takes an open task: claim it, give it back, hand it over to one of these."""

    may_claim: bool = False
    may_release: bool = False
    colleagues: Sequence[Account] = ()


def say_of(session: Session, officer: Person, task: Task, student_id: int) -> Say:
    """Return what the page offers somebody about who takes a task."""
    kept = kept_from(session, task.id, clock.today())
    holds = _post_for(officer, task.office_id, task.role, kept)
    leads = _post_for(officer, task.office_id, Role.LEAD, kept)
    post = holds or leads
    if task.state != TaskState.OPEN or post is None or is_close_to(officer, post, student_id):
        return Say()
    mine = task.claimed_by_id in acting(officer, post)
    is_free = task.claimed_by_id is None
    others = colleagues(session, officer, task) if leads or mine or is_free else ()
    return Say(
        # The only holder need not.
        may_claim=holds is not None and is_free and bool(others) and not _is_kept(officer, holds, kept),
        may_release=not is_free and (mine or leads is not None),
        colleagues=others,
    )


def claim(session: Session, officer: Person, task_id: int) -> None:
    """Take a task for oneself; commits.

    Only who holds its post and may decide it does so. Raises NoSuchTask, NotAllowed, OwnChild, TaskClosed, NotToClaim,
    ClaimedByColleague or AccountIsDisabled.
    """
    hold_posts(session, officer.account_id)
    open_task = _open_task(session, officer, task_id, leads_too=False)
    task = open_task.task
    if task.claimed_by_id in acting(open_task.officer, open_task.post):
        return
    if task.claimed_by is not None:
        raise ClaimedByColleague(name=task.claimed_by.name)
    if _is_kept(open_task.officer, open_task.post, open_task.kept):
        raise NotToClaim
    task.claimed_by_id = officer.account_id
    _note(session, EventKind.CLAIMED, open_task)
    session.commit()


def release(session: Session, officer: Person, task_id: int) -> None:
    """Give a claimed task back to all who hold the post; commits.

    Whoever claimed it does so, or the office's lead. Raises NotClaimed, ClaimedByColleague and what `claim` does.
    """
    open_task = _open_task(session, officer, task_id)
    task = open_task.task
    if task.claimed_by is None:
        raise NotClaimed
    _require_say(open_task)
    task.claimed_by_id = None
    _note(session, EventKind.RELEASED, open_task)
    session.commit()


def hand_over(session: Session, officer: Person, task_id: int, to_account_id: int) -> None:
    """Hand a task over to a colleague of the same post, who is told; commits.

    Whoever claimed it does so, or the office's lead, or any holder while nobody has. Raises NoColleague,
    ClaimedByColleague and what `claim` does.
    """
    hold_posts(session, to_account_id)
    open_task = _open_task(session, officer, task_id)
    task = open_task.task
    if task.claimed_by is not None:
        _require_say(open_task)
    if to_account_id not in {colleague.id for colleague in colleagues(session, officer, task)}:
        raise NoColleague
    task.claimed_by_id, at = to_account_id, clock.now()
    session.add(
        Outbox(
            kind=NoticeKind.HANDED_OVER,
            change_request_id=task.change_request_id,
            task_id=task.id,
            created_at=at,
        )
    )
    _note(session, EventKind.HANDED_OVER, open_task, to=to_account_id)
    session.commit()


def colleagues(session: Session, officer: Person, task: Task) -> Sequence[Account]:
    """Return who else holds the post that a task is addressed to, or acts in it, and may decide it; by name."""
    post, today = (task.office_id, task.role), clock.today()
    kept = kept_from(session, task.id, today)
    others = Account.id.not_in(kept | {officer.account_id})
    hold = session.scalars(holders(post[0], post[1:], today).where(others))
    acts = session.scalars(acting_in(*post, today, for_none_of=kept).where(others))
    return sorted({*hold, *acts}, key=lambda account: (account.name, account.id))


def _open_task(session: Session, officer: Person, task_id: int, *, leads_too: bool = True) -> _Claim:
    """Lock the case of a task that somebody holds the post for, or leads the office of; the case before the task."""
    found = session.get(Task, task_id)
    case = locked_case(session, found.change_request_id) if found else None
    if found is None or case is None:
        raise errors.NoSuchTask
    session.refresh(found)
    officer = require_person_now(session, officer)
    kept = kept_from(session, task_id, clock.today())
    post = _post_for(officer, found.office_id, found.role, kept)
    if post is None and leads_too:
        post = _post_for(officer, found.office_id, Role.LEAD, kept)
    if post is None:
        raise errors.NotAllowed
    if is_close_to(officer, post, case.student_id):
        raise errors.OwnChild
    if found.state != TaskState.OPEN:
        raise why_closed(session, case.id, found.ended_at)
    return _Claim(case, found, officer, post, kept)


def _post_for(officer: Person, office_id: int, role: Role, kept: Collection[int]) -> Post | None:
    """Return a post in which nothing keeps somebody from the task; else the first one, if any."""
    posts = posts_for(officer, office_id, role)
    return min(posts, key=lambda post: _is_kept(officer, post, kept), default=None)


def _is_kept(officer: Person, post: Post, kept: Collection[int]) -> bool:
    """Whether somebody must not decide a task, so that nobody could while he has claimed it."""
    return not acting(officer, post).isdisjoint(kept)


def _require_say(claim: _Claim) -> None:
    """Raise ClaimedByColleague unless it is the officer's own claim, or of whom he acts for, or he leads the office."""
    task, officer = claim.task, claim.officer
    own = task.claimed_by_id in acting(officer, claim.post)
    if not own and not holds_at(officer, task.office_id, Role.LEAD):
        assert task.claimed_by is not None, "it is asked of a claimed task"
        raise ClaimedByColleague(name=task.claimed_by.name)


def _note(session: Session, kind: EventKind, claim: _Claim, **payload: Plain) -> None:
    history.add(
        session,
        claim.case,
        kind,
        at=clock.now(),
        actor_id=claim.officer.account_id,
        post=claim.post,
        task_key=claim.task.key,
        payload=payload,
    )
