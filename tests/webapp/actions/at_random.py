"""Anybody does anything to a case: every action of docs/actions.md, by people and on tasks that are drawn."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import select, text

from models import Account, Membership
from models.enums import (
    Ask,
    FormField,
    Outcome,
    PaperKind,
    Role,
    TaskState,
    TransferReason,
)
from tests.webapp.actions.turns import Turn
from tests.webapp.case_tasks import rerouted
from tests.webapp.outside.answers import told
from tests.webapp.road import A_CLEARER_PNG, A_PNG, DATA_WRONG, work_off
from webapp import clock
from webapp.services.cases import claims, copies, decisions, opinions, urging
from webapp.services.cases.answers import answer, take_question_back
from webapp.services.cases.asks import ask, send_back_to
from webapp.services.cases.bulks import approve_together
from webapp.services.cases.comments import comment
from webapp.services.cases.corrections import resubmit, withdraw
from webapp.services.cases.fields import correct
from webapp.services.cases.recalls import recall
from webapp.services.cases.returns import open_return_of
from webapp.services.cases.stopping import revoke, terminate
from webapp.services.cases.uploads import hand_in
from webapp.services.exchange.outside import Code, answer_by_hand
from webapp.services.offices.appointments import dismiss
from webapp.services.people.substitutes import end_substitute, name_substitute

REASON = "材料不清楚"
PROOF = PaperKind.PROOF_OF_RESIDENCE
PAPERS = (A_PNG + b" again", A_CLEARER_PNG)
FIELDS = ([], [], [FormField.NOTE], [FormField.REASON], [FormField.GRADE], [FormField.NOTE, FormField.SCHOOL])
PASSING = tuple(map(timedelta, (0, 1, 9, 15, 40)))
A_DAY = timedelta(days=1)


def deciding(outcome: str) -> Callable[[Turn], object]:
    said = {"outcome": outcome, "opinion": REASON, "code": DATA_WRONG if outcome == Outcome.REJECT else None}
    return lambda turn: decisions.decide(
        turn.session, turn.person, turn.task.id, version=turn.version, **said
    )


def returning(turn: Turn) -> None:
    ticked = FIELDS[turn.pick % len(FIELDS)]
    items = [PROOF] if turn.pick % 2 or not ticked else []
    seen = {"items": items, "fields": ticked, "reason": REASON, "version": turn.version}
    decisions.return_to_applicant(turn.session, turn.person, turn.task.id, **seen)


def correcting(turn: Turn) -> bool:
    """Whatever was ticked, filled in with something else or with the same."""
    case = turn.crowd.case
    reasons = [reason.value for reason in TransferReason]
    anew = {
        FormField.NOTE: f"第{turn.pick}次说明",
        FormField.REASON: reasons[turn.pick % len(reasons)],
        FormField.GRADE: case.form["grade"] + turn.pick % 2,
        FormField.SCHOOL: turn.crowd.school_anew(),
    }
    request = open_return_of(turn.session, case.id)
    wanted = {field: value for field, value in anew.items() if request and field in request.fields}
    correct(turn.session, turn.person, case.id, wanted)
    return bool(wanted)


def mending(turn: Turn) -> None:
    data = turn.pick % len(PAPERS)
    given = {"kind": PROOF, "filename": f"{data}.png", "data": PAPERS[data]}
    hand_in(turn.session, turn.person, turn.crowd.case_id, **given)


def sending_back(turn: Turn) -> None:
    earlier = turn.one_of([task.id for task in turn.crowd.tasks() if task.state == TaskState.DONE])
    seen = {"to_task_id": earlier, "reason": REASON, "version": turn.version}
    send_back_to(turn.session, turn.person, turn.task.id, **seen)


def asking(kind: Ask) -> Callable[[Turn], object]:
    def asks(turn: Turn) -> None:
        posts = select(Membership.id).where(Membership.office_id == turn.task.office_id)
        of = [turn.one_of(turn.session.scalars(posts.order_by(Membership.id)).all())]
        seen = {"kind": kind, "of": of, "question": REASON, "version": turn.version}
        ask(turn.session, turn.person, turn.task.id, **seen)

    return asks


def handing_over(turn: Turn) -> None:
    colleagues = [account.id for account in claims.colleagues(turn.session, turn.person, turn.task)]
    claims.hand_over(turn.session, turn.person, turn.task.id, turn.one_of(colleagues))


def copying(turn: Turn) -> None:
    readers = [reader.account_id for reader in copies.readers(turn.session, turn.person, turn.crowd.case)]
    copies.send(turn.session, turn.person, turn.crowd.case_id, to=[turn.one_of(readers)])


def approving_together(turn: Turn) -> None:
    approve_together(turn.session, turn.person, {turn.task.id: turn.version})


def writing_down(turn: Turn) -> None:
    """What another province is said to have told, of whatever task that is."""
    outcome = Outcome.REJECT if turn.pick % 5 == 4 else Outcome.APPROVE
    codes = [Code.DATA_WRONG] if turn.pick % 3 == 2 else []
    heard = {"outcome": outcome, "version": turn.version, "evidence": told(), "codes": codes}
    answer_by_hand(turn.session, turn.person, turn.task.id, **heard, reason=REASON)


def naming_a_substitute(turn: Turn) -> bool:
    """For himself, somebody of his office."""
    posts = [post for post in turn.person.posts if post.instead_of is None]
    if not posts:
        return False
    post = posts[turn.pick % len(posts)]
    days = {"since": clock.today(), "last": clock.today() + 4 * A_DAY}
    beside = (
        select(Membership.account_id)
        .join(Account)
        .where(
            Membership.office_id == post.office_id,
            Membership.account_id != turn.person.account_id,
            Account.id.in_(turn.crowd.account_ids),
        )
    )
    colleagues = turn.session.scalars(beside.order_by(Membership.id)).all()
    people = {"absent_id": turn.person.account_id, "substitute_id": turn.one_of(colleagues)}
    name_substitute(turn.session, turn.person, post=post, **people, **days)
    return True


def ending_a_substitute(turn: Turn) -> None:
    end_substitute(turn.session, turn.person, next((made.id for made in turn.crowd.substitutions()), 0))


def reading(turn: Turn) -> bool:
    unread = copies.unread_copy(turn.session, turn.person, turn.crowd.case_id)
    copies.acknowledge(turn.session, turn.person, turn.crowd.case_id)
    return unread is not None


def leaving(turn: Turn) -> bool:
    """Now and then somebody is dismissed from a post, unless he leads: somebody has to be there."""
    held = [post for post in turn.person.posts if post.role != Role.LEAD and post.instead_of is None]
    if not held or turn.pick % 4 != 3:
        return False
    dismiss(turn.session, turn.person.account_id, held[0].office_id, held[0].role, on=clock.today())
    turn.session.commit()
    return True


def time_passing(turn: Turn) -> None:
    """While the worker does what falls due; on a new day it looks at everybody's posts first."""
    crowd = turn.crowd
    crowd.now += PASSING[turn.pick % len(PASSING)] + timedelta(minutes=1 + turn.pick)
    with clock.freeze(crowd.now):
        rerouted(turn.session, clock.today())
        turn.session.commit()
        work_off(turn.session)


def working(turn: Turn) -> None:
    work_off(turn.session)


def record_changing(turn: Turn) -> bool:
    """Now and then the record is not what it was."""
    student = {"student": turn.crowd.case.student_id, "class": f"{turn.pick}班"}
    changed = "UPDATE enrolment SET class_name = :class WHERE student_id = :student AND ended_on IS NULL"
    turn.session.execute(text(changed), student)
    turn.session.commit()
    return True


# Each says False if there was nothing that it could have done.
ACTIONS: Mapping[str, Callable[[Turn], object]] = {
    "approve": deciding(Outcome.APPROVE),
    "own outcome": deciding("on_site"),
    "reject": deciding(Outcome.REJECT),
    "acknowledge": deciding(Outcome.ACKNOWLEDGE),
    "return": returning,
    "mend": mending,
    "correct": correcting,
    "resubmit": lambda turn: resubmit(turn.session, turn.person, turn.crowd.case_id),
    "withdraw": lambda turn: withdraw(turn.session, turn.person, turn.crowd.case_id),
    "recall": lambda turn: recall(turn.session, turn.person, turn.task.id, version=turn.version),
    "revoke": lambda turn: revoke(turn.session, turn.person, turn.crowd.case_id, reason=REASON),
    "terminate": lambda turn: terminate(turn.session, turn.person, turn.crowd.case_id, reason=REASON),
    "claim": lambda turn: claims.claim(turn.session, turn.person, turn.task.id),
    "release": lambda turn: claims.release(turn.session, turn.person, turn.task.id),
    "hand over": handing_over,
    "second look": sending_back,
    "ask an opinion": asking(Ask.OPINION),
    "have it prepared": asking(Ask.DELEGATION),
    "have it signed too": asking(Ask.COSIGNATURE),
    "answer": lambda turn: answer(
        turn.session, turn.person, turn.task.id, opinion=REASON, version=turn.version
    ),
    "take a question back": lambda turn: take_question_back(
        turn.session, turn.person, turn.task.id, version=turn.version
    ),
    "copy": copying,
    "read a copy": reading,
    "urge": lambda turn: urging.urge(turn.session, turn.person, turn.crowd.case_id),
    "comment": lambda turn: comment(turn.session, turn.person, turn.crowd.case_id, REASON),
    "keep an opinion": lambda turn: opinions.save(turn.session, turn.person, turn.task.id, text=REASON),
    "approve together": approving_together,
    "write down an answer": writing_down,
    "name a substitute": naming_a_substitute,
    "end a substitute": ending_a_substitute,
    "leave": leaving,
    "time passes": time_passing,
    "the worker's round": working,
    "the record changes": record_changing,
}
