"""Who may do what: predicates that a registrar could read aloud. What none of them allows is refused."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from models import Bulk, ChangeRequest
from models.enums import OfficeKind, OfficeLevel, Role, Seat, TaskState
from workflows.signatures import is_beside

DECIDING_ROLES = frozenset(
    {
        Role.REGISTRAR,
        Role.LEAD,
        Role.PRINCIPAL,
        Role.HANDLER,
        Role.CHIEF,
        Role.DEPUTY,
        Role.APPROVER,
    }
)

# The role whose steps check an application (初审); of these alone its applicants may take one.
CHECKING_ROLE = Role.REGISTRAR


@dataclass(frozen=True, slots=True)
class Absent:
    """Whose post a substitute acts in while he is away (代理), and whose children he must not decide on either."""

    account_id: int
    name: str
    children: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """A role held in an office today (任职), or acted in for somebody who is away (`instead_of`).

    `path` runs from the top of the tree down to the office.
    """

    office_id: int
    office: str
    kind: OfficeKind
    level: OfficeLevel
    role: Role
    path: tuple[int, ...]
    instead_of: Absent | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Who is acting: an account with its posts and children as they are today."""

    account_id: int
    name: str
    login: str
    locale: str | None
    sign_in_id: int
    posts: tuple[Post, ...]
    children: tuple[int, ...]


def is_officer(person: Person) -> bool:
    """Whoever holds a deciding role somewhere clears an inbox."""
    return any(post.role in DECIDING_ROLES for post in person.posts)


def is_guardian(person: Person) -> bool:
    """Whoever has a child in the registry may apply."""
    return bool(person.children)


def is_administrator(person: Person) -> bool:
    """The administrator keeps people, calendar and processes; he decides no case by that role."""
    return holds(person, Role.ADMINISTRATOR)


def serves_a_bureau(person: Person) -> bool:
    """Whoever decides in a bureau opens and closes problem records of the schools under it (domain 3.11)."""
    return any(post.role in DECIDING_ROLES and post.kind == OfficeKind.BUREAU for post in person.posts)


def may_load_calendar(person: Person) -> bool:
    """The legal calendar is the whole country's: only a province's administrator loads its years."""
    return any(
        post.role == Role.ADMINISTRATOR
        and post.kind == OfficeKind.BUREAU
        and post.level == OfficeLevel.PROVINCE
        for post in person.posts
    )


def holds(person: Person, role: Role) -> bool:
    """Whether the person holds the role in any office."""
    return any(post.role == role for post in person.posts)


def posts_for(person: Person, office_id: int, role: Role) -> list[Post]:
    """Return the person's posts that a task is addressed to; his own before those that he acts in."""
    return [post for post in person.posts if post.office_id == office_id and post.role == role]


def post_for(person: Person, office_id: int, role: Role, *, about: int | None = None) -> Post | None:
    """Return the one in which he acts on what is `about` a student, if any, as `first_post` says."""
    return first_post(person, posts_for(person, office_id, role), about)


def holds_at(person: Person, office_id: int, role: Role) -> bool:
    """Whether the person holds the role in that office."""
    return post_for(person, office_id, role) is not None


def deciding_post_among(
    person: Person, office_ids: Collection[int], *, about: int | None = None
) -> Post | None:
    """Return the first post by which the person decides in one of these offices, if any."""
    deciding = (post for post in person.posts if post.role in DECIDING_ROLES and post.office_id in office_ids)
    return first_post(person, deciding, about)


def first_post(person: Person, posts: Iterable[Post], about: int | None) -> Post | None:
    """Return the first of these posts; one that makes him close to the student it is `about` only if all do."""
    return min(posts, key=lambda post: about is not None and is_close_to(person, post, about), default=None)


def is_own_child(person: Person, student_id: int) -> bool:
    """A guardian of the student."""
    return student_id in person.children


def is_close_to(person: Person, post: Post, student_id: int) -> bool:
    """A guardian of the student, or acting for one."""
    away = post.instead_of
    return is_own_child(person, student_id) or (away is not None and student_id in away.children)


def acting(person: Person, post: Post) -> frozenset[int]:
    """Return the accounts that act in a post: the person's, and that of whoever is away."""
    away = {post.instead_of.account_id} if post.instead_of else set()
    return frozenset({person.account_id} | away)


def is_kept_from_own_application(
    accounts: Collection[int], applicant_ids: Collection[int], role: Role
) -> bool:
    """Whoever handed a case in, at first or again, may check it, but takes no step of another role (domain 2.1)."""
    return role != CHECKING_ROLE and not set(accounts).isdisjoint(applicant_ids)


def settling_post(
    person: Person, office_ids: Collection[int], *, student_id: int | None, applicant_ids: Collection[int]
) -> Post | None:
    """Return the post by which a person settles with another province what concerns these offices, if any (商定).

    Nobody does so for his own child, or in a case that he handed in himself (domain 2.1).
    """
    post = deciding_post_among(person, office_ids, about=student_id)
    if post is None or (student_id is not None and is_close_to(person, post, student_id)):
        return None
    kept = is_kept_from_own_application(acting(person, post), applicant_ids, Role.COUNTERPART)
    return None if kept else post


@dataclass(frozen=True, slots=True)
class Taken:
    """A task that somebody took, and the office for which he decided: that whose seat it was, if vacant too.

    None if it was no decision, such as a filing.
    """

    key: str
    step: str
    account_id: int
    office_id: int | None


def step_that_keeps(
    accounts: Collection[int],
    taken: Iterable[Taken],
    *,
    key: str,
    separate_from: Collection[str],
    deciding_for: int | None,
) -> str | None:
    """Return the step of a case that keeps whoever took it from the task with this key, if there is one (domain 2.1).

    That is one of `separate_from`, and the same step if he signed it. And nobody decides a case for two offices:
    `deciding_for` is the one for which he would decide now, None if it is no decision.
    """
    own = (one for one in taken if one.account_id in accounts)
    for one in own:
        elsewhere = None not in (deciding_for, one.office_id) and one.office_id != deciding_for
        if one.step in separate_from or elsewhere or is_beside(key, one.key):
            return one.step
    return None


def may_go_on_with_draft(person: Person, draft: ChangeRequest) -> bool:
    """A draft is the guardian's who began it, while he is one; a school's is its registrar's, whoever he is today."""
    if draft.applicant_office_id is not None:
        return holds_at(person, draft.applicant_office_id, Role.REGISTRAR)
    return person.account_id == draft.applicant_id and is_own_child(person, draft.student_id)


def acts_for_applicant(person: Person, case: ChangeRequest) -> bool:
    """Whoever corrects or withdraws a case: the student's family, and the registrar of the school that applied."""
    if is_own_child(person, case.student_id):
        return True
    school_id = case.applicant_office_id
    return school_id is not None and holds_at(person, school_id, Role.REGISTRAR)


def oversees(person: Person, path: Collection[int]) -> bool:
    """Whether the person decides in an office that lies on an office's path from the top (domain 2.3)."""
    return any(post.office_id in path and post.role in DECIDING_ROLES for post in person.posts)


def may_enter_newcomer(person: Person) -> bool:
    """A family enters a child who is at a school elsewhere; whoever holds a post does so at home, as a guardian."""
    return is_guardian(person) or not person.posts


def may_apply(person: Person, student_id: int) -> bool:
    """A guardian applies for his own child (domain 3.0.2 H6)."""
    return is_own_child(person, student_id)


def deciding_post_on(person: Person, case: ChangeRequest) -> Post | None:
    """Return the post in which somebody comments on a case or copies it: one that sees it, and decides."""
    paths = [school.path for school in (case.from_school, case.to_school) if school]
    offices = {office_id for path in paths for office_id in path}
    return deciding_post_among(person, offices, about=case.student_id)


def may_see_bulk(person: Person, bulk: Bulk) -> bool:
    """Whoever decides in the office sees what is approved there together."""
    return deciding_post_among(person, (bulk.office_id,)) is not None


def may_undo_bulk(person: Person, bulk: Bulk) -> bool:
    """Whoever sent it undoes it, or the lead of the office in his stead."""
    return person.account_id == bulk.account_id or holds_at(person, bulk.office_id, Role.LEAD)


def may_see_case(person: Person, case: ChangeRequest) -> bool:
    """Both subtrees of a transfer see the case, and the family sees its own (domain 2.3).

    Of a registration the exam office does, too; and whoever is asked for it, though the school may have gone to another
    office meanwhile.
    """
    schools = [school for school in (case.from_school, case.to_school) if school]
    asked = (task for task in case.tasks if task.state == TaskState.OPEN)
    exam_office = case.seats.get(Seat.EXAM_OFFICE)
    return (
        is_own_child(person, case.student_id)
        or any(oversees(person, school.path) for school in schools)
        or (exam_office is not None and deciding_post_among(person, (exam_office,)) is not None)
        or any(holds_at(person, task.office_id, task.role) for task in asked)
    )
