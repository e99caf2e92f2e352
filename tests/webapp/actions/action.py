"""An action as a row of the table, and how it is refused to somebody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tests.webapp.actions.states import CLAIMED_STATES
from tests.webapp.actions.vocabulary import Effect, State, Who
from webapp.errors import AlreadyDecided, CaseReturned, DutiesSeparated, OwnChild, Refusal
from webapp.policy import Person
from webapp.services.cases.acts import AnswerAwaited
from webapp.services.cases.claims import ClaimedByColleague, NotToClaim
from webapp.services.cases.closings import TaskClosed
from webapp.services.cases.recalls import NotYourDecision
from webapp.services.cases.urging import NobodyToUrge

NOTHING = Effect()
CHILD, CLAIM, DUTIES, SIGNATURE, OWN = "own child", "claim", "duties", "signature", "own task"
DECIDES = (CHILD, CLAIM, DUTIES)
NOT_WAITING = (AlreadyDecided, AnswerAwaited, CaseReturned, TaskClosed)


@dataclass(frozen=True)
class Action:
    """One row.

    Whoever is none of `who` reads `stranger`; for those who are first of all one of `idle`, and in a state that is
    neither in `at` nor `elsewhere`, it is done already. What it comes to in some states is said by `differently`.
    `keeps` are the circumstances that keep even a holder: his own child, a colleague's claim or signature, a step that
    he took before, a case that waits for him alone; with `one_word` he reads that of all of them and of every state.
    That the task does not wait comes before them, but for the child; so does all else about its state if `state_first`
    says so.
    """

    name: str
    chinese: str
    who: Collection[Who]
    stranger: type[Refusal]
    at: Collection[State]
    elsewhere: Mapping[State, type[Refusal]]
    effect: Effect = NOTHING
    differently: Mapping[State, Effect] = field(default_factory=dict)
    idle: Collection[Who] = ()
    keeps: Collection[str] = ()
    one_word: type[Refusal] | None = None
    state_first: bool = False

    def reasons_kept(self) -> set[type[Refusal]]:
        """What a holder reads whom something keeps."""
        if self.one_word:
            return {self.one_word}
        duties = NotToClaim if self.state_first else DutiesSeparated
        told = {
            CHILD: OwnChild,
            CLAIM: ClaimedByColleague,
            DUTIES: duties,
            SIGNATURE: NotYourDecision,
            OWN: NobodyToUrge,
        }
        return {told[each] for each in self.keeps}

    def effect_at(self, state: State) -> Effect:
        return self.differently.get(state, self.effect)


@dataclass(frozen=True)
class Somebody:
    """A person as the table sees him in one state: what he is, and what keeps him from it.

    The case waits `for_him_alone` if he holds the posts of all tasks that somebody has to decide.
    """

    person: Person
    is_: frozenset[Who] = frozenset()
    own_child: bool = False
    took_a_step: bool = False
    for_him_alone: bool = False


def done(action: Action, state: State, somebody: Somebody) -> bool:
    """Whether somebody may, and nothing is left to do."""
    first = next((who for who in action.who if who in somebody.is_), None)
    return first in action.idle or (state not in action.at and state not in action.elsewhere)


def refused(action: Action, state: State, somebody: Somebody) -> type[Refusal] | None:
    """Return how somebody is refused; None if he may."""
    if state == State.DRAFT and state not in action.at:
        return action.elsewhere.get(state, action.stranger)
    if somebody.is_.isdisjoint(action.who):
        return action.stranger
    kept, by_state = _kept(action, state, somebody), _by_state(action, state)
    own_child = OwnChild if CHILD in action.keeps and somebody.own_child else None
    first = by_state if action.state_first or by_state in NOT_WAITING else None
    no = next((each for each in (own_child, first, kept, by_state) if each), None)
    return action.one_word if no and action.one_word else no


def _by_state(action: Action, state: State) -> type[Refusal] | None:
    return None if state in action.at else action.elsewhere.get(state, action.one_word)


def _kept(action: Action, state: State, somebody: Somebody) -> type[Refusal] | None:
    """A colleague's claim, unless one leads the office, or signature; then the duties, which keep from no advice."""
    leads = Who.LEAD in action.who and Who.LEAD in somebody.is_
    claimed = state in CLAIMED_STATES and Who.CLAIMANT not in somebody.is_
    if CLAIM in action.keeps and claimed and not leads:
        return ClaimedByColleague
    if SIGNATURE in action.keeps and state == State.SIGNED and Who.DECIDER not in somebody.is_:
        return NotYourDecision
    if DUTIES in action.keeps and somebody.took_a_step and state != State.OPINION:
        return NotToClaim if action.state_first else DutiesSeparated
    if OWN in action.keeps and somebody.for_him_alone:
        return NobodyToUrge
    return None
