"""Substitutes (代理): while the holder of a post is away, a colleague of the office acts in it (domain 3.0.4b).

Nobody else's right is lost, and what keeps the one who is away from a decision keeps the substitute too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Select, or_, select, text
from sqlalchemy.orm import Session, aliased, joinedload

from models import Account, Membership, Substitution
from models.enums import Role
from webapp import clock, errors
from webapp.policy import DECIDING_ROLES, Person, Post, holds_at
from webapp.services.offices.absences import acts_sql
from webapp.services.offices.addressees import reroute
from webapp.services.offices.appointments import holders, only_one

A_DAY = timedelta(days=1)
A_YEAR = timedelta(days=365)  # whoever is away for longer has left the post


class NotYourPost(errors.Refusal):
    """You name a substitute only for a post of your own, or for a member of the office that you lead."""

    status = 403


class NoSuchSubstitute(errors.Refusal):
    """Choose somebody else who works in the same office."""

    status = 422


class DaysWrong(errors.Refusal):
    """The first day is today or later, and the last one not before it and within a year from today."""

    status = 422


class SubstitutedAlready(errors.Refusal):
    """There is a substitute for this post on some of these days. End that first."""

    status = 409


@dataclass(frozen=True, slots=True)
class Cover:
    """A post that somebody may act in while its holder is away, and who might."""

    absent_id: int
    absent: str
    post: Post
    colleagues: Sequence[Account]


def name_substitute(
    session: Session,
    person: Person,
    *,
    absent_id: int,
    post: Post,
    substitute_id: int,
    since: date,
    last: date,
) -> Substitution:
    """Let a colleague act in a post from `since` to the end of its `last` day; commits.

    Raises NotYourPost, DaysWrong, NoSuchSubstitute or SubstitutedAlready.
    """
    _require_say(session, person, absent_id, post)
    if not clock.today() <= since <= last < clock.today() + A_YEAR:
        raise DaysWrong
    if substitute_id not in {account.id for account in colleagues(session, post.office_id, absent_id)}:
        raise NoSuchSubstitute
    made = Substitution(
        absent_id=absent_id,
        substitute_id=substitute_id,
        office_id=post.office_id,
        role=post.role,
        valid_from=since,
        valid_to=last + A_DAY,
        made_by_id=person.account_id,
        created_at=clock.now(),
    )
    _require_nobody_else(session, made)
    session.add(made)
    session.commit()
    return made


def end_substitute(session: Session, person: Person, substitution_id: int) -> None:
    """Let a substitute act no more, from this moment on: what he had claimed is everybody's again. Commits.

    Raises NotYourPost, also for one that is unknown.
    """
    made = session.get(Substitution, substitution_id)
    if made is None or not has_say(person, made):
        raise NotYourPost
    session.execute(only_one(made.substitute_id))
    office_id = made.office_id
    if made.valid_from < clock.today() < made.valid_to:
        made.valid_to = clock.today()
    elif made.valid_from >= clock.today():
        session.delete(made)
    session.flush()
    reroute(session, office_id, clock.today())
    session.commit()


def substitutions_of(session: Session, person: Person) -> Sequence[Substitution]:
    """Return who acts for the person, for whom the person acts, and who does so in the offices that he leads.

    Today or later; the first to begin first.
    """
    concerned = or_(
        Substitution.absent_id == person.account_id,
        Substitution.substitute_id == person.account_id,
        Substitution.office_id.in_(_led_by(person)),
    )
    found = (
        select(Substitution)
        .where(concerned, Substitution.valid_to > clock.today())
        .options(
            joinedload(Substitution.absent),
            joinedload(Substitution.substitute),
            joinedload(Substitution.office),
        )
        .order_by(Substitution.valid_from, Substitution.id)
    )
    return session.scalars(found).all()


def has_say(person: Person, made: Substitution) -> bool:
    """Whether a person may end a substitution: whoever is away, and the office's lead."""
    return made.absent_id == person.account_id or holds_at(person, made.office_id, Role.LEAD)


def covers(session: Session, person: Person) -> list[Cover]:
    """Return the posts for which a person may name a substitute: his own, then those of whom he leads, by name."""
    own = [(person.account_id, person.name, post) for post in own_posts(person)]
    posts = {post.office_id: post for post in person.posts if post.role == Role.LEAD}
    led = [
        (account.id, account.name, replace(posts[held.office_id], role=held.role, instead_of=None))
        for account, held in session.execute(_members_of(_led_by(person), besides=person.account_id))
    ]
    return [
        Cover(absent_id, absent, post, colleagues(session, post.office_id, absent_id))
        for absent_id, absent, post in (*own, *led)
    ]


def own_posts(person: Person) -> list[Post]:
    """Return the posts for which a person may name a substitute."""
    return [post for post in person.posts if post.instead_of is None and post.role in DECIDING_ROLES]


def colleagues(session: Session, office_id: int, besides: int) -> Sequence[Account]:
    """Return who else works in an office today, by name."""
    others = holders(office_id, DECIDING_ROLES, clock.today()).where(Account.id != besides)
    return session.scalars(others).all()


def acting_in(office_id: int, role: Role, on: date, *, for_none_of: Collection[int] = ()) -> Select[Account]:
    """Select who acts in a post on a day for a holder who is away, unless for one of those who may not be acted for."""
    acts = aliased(Substitution, name="s")
    return (
        select(Account)
        .join(acts, acts.substitute_id == Account.id)
        .where(
            acts.office_id == office_id,
            acts.role == role,
            acts.absent_id.not_in(for_none_of),
            text(acts_sql(":day")).bindparams(day=on),
        )
    )


def hold_posts(session: Session, account_id: int) -> None:
    """Let nobody end what an account holds or acts in until this transaction ends; before any case is locked.

    Whoever ends it waits, and then sees what was claimed.
    """
    away = select(Substitution.absent_id).where(Substitution.substitute_id == account_id)
    whose = or_(Account.id == account_id, Account.id.in_(away))
    session.execute(select(Account.id).where(whose).order_by(Account.id).with_for_update(read=True))


def _led_by(person: Person) -> list[int]:
    return sorted({post.office_id for post in person.posts if post.role == Role.LEAD})


def _members_of(office_ids: Collection[int], *, besides: int) -> Select[Account, Membership]:
    today = clock.today()
    return (
        select(Account, Membership)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.office_id.in_(office_ids),
            Membership.role.in_(DECIDING_ROLES),
            Membership.valid_on(today),
            Account.id != besides,
            Account.disabled_at.is_(None),
        )
        .order_by(Membership.office_id, Account.name, Account.id, Membership.role)
    )


def _require_nobody_else(session: Session, asked: Substitution) -> None:
    """Raise SubstitutedAlready if somebody acts in this post on one of these days; whoever names another one waits."""
    session.execute(only_one(asked.absent_id))
    same = select(Substitution.id).where(
        Substitution.absent_id == asked.absent_id,
        Substitution.office_id == asked.office_id,
        Substitution.role == asked.role,
        Substitution.valid_from < asked.valid_to,
        Substitution.valid_to > asked.valid_from,
    )
    if session.scalar(same.limit(1)):
        raise SubstitutedAlready


def _require_say(session: Session, person: Person, absent_id: int, post: Post) -> None:
    """Raise NotYourPost unless it is the person's own post, or that of a member of the office that he leads."""
    if absent_id == person.account_id and post in own_posts(person):
        return
    holds = holders(post.office_id, (post.role,), clock.today()).where(Account.id == absent_id)
    if not holds_at(person, post.office_id, Role.LEAD) or session.scalar(holds.limit(1)) is None:
        raise NotYourPost
