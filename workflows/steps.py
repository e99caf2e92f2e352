"""The steps of a process (user tasks): what their diagram says about who decides them and how."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.bpmn import compile_at
from workflows.diagram import DefinitionError, Node
from workflows.expressions import Expression
from workflows.signatures import MAX_SIGNERS, Mode

_LONGEST_NAME = 20  # it stands on a button


@dataclass(frozen=True)
class Step:
    """A user task: who decides it, where, until when.

    `id` is the id of its node, in a called process behind those of the call activities ("call/in_county").
    `seat` (岗位) is the name of its lane, `roles` the roles in it: one, or those that sign in this `mode`. `due` yields
    working days (工作日), of a sequence for each signature, and `skip_when` a boolean. A step that is not `blocking` is
    a filing (备案): told of, and nobody waits for it. `named` says what those of its `outcomes` are called that are its
    own.
    """

    id: str
    name: str
    seat: str
    roles: tuple[str, ...]
    form: str
    due: Expression | None
    skip_when: Expression | None
    outcomes: tuple[str, ...]
    named: Mapping[str, str]
    mode: Mode
    bulk: bool
    separate_from: tuple[str, ...]
    blocking: bool
    documentation: str
    apart: tuple[str, ...] = ()
    """The steps that whoever takes this one never takes: of two, one names the other in `separate_from`."""

    def tasks(self, key: str, signed: tuple[int, ...] = ()) -> tuple[str, ...]:
        """Return the keys of the tasks that wait at the step with this key, once these signatures were given."""
        if self.mode is Mode.SINGLE:
            return (key,)
        return tuple(f"{key}.{each}" for each in self.mode.awaited(len(self.roles), signed))


def read_step(node: Node, path: str) -> Step:
    """Return the step of a user task whose ids stand behind this path; raise DefinitionError for gaps."""
    given = node.extension
    if not node.lane:
        raise DefinitionError(node.place, "the step stands in no lane that names its seat (岗位)")
    if not given.get("role"):
        raise DefinitionError(node.place, "the step has no role")
    step = Step(
        id=path + node.id,
        name=node.name,
        seat=node.lane,
        roles=tuple(given["role"].split()),
        form=given.get("form", ""),
        due=_expression(node, "due"),
        skip_when=_expression(node, "skip_when"),
        outcomes=_outcomes(node),
        named=node.outcomes,
        mode=_mode(node),
        bulk=_flag(node, "bulk", default=False),
        separate_from=tuple(path + other for other in given.get("separate_from", "").split()),
        blocking=_flag(node, "blocking", default=True),
        documentation=node.documentation,
    )
    _check_signers(node, step)
    return step


def _mode(node: Node) -> Mode:
    text = node.extension.get("mode", Mode.SINGLE)
    if text not in set(Mode):
        raise DefinitionError(node.place, f"there is no mode '{text}'; there are {', '.join(Mode)}")
    return Mode(text)


def _check_signers(node: Node, step: Step) -> None:
    """Refuse a step of which it is not clear who signs it, or what their signatures lead to."""
    if step.mode is Mode.SINGLE:
        if len(step.roles) > 1:
            raise DefinitionError(
                node.place, f"{len(step.roles)} roles decide it; say how in mode (all, any, sequence)"
            )
    elif not 1 < len(step.roles) <= MAX_SIGNERS:
        signers = f"2 to {MAX_SIGNERS} roles sign a step of the mode '{step.mode}', not {len(step.roles)}"
        raise DefinitionError(node.place, signers)
    elif len(step.outcomes) > 1 or not step.blocking:
        raise DefinitionError(node.place, f"the mode '{step.mode}' is for a decision with a single outcome")


def _expression(node: Node, attribute: str) -> Expression | None:
    text = node.extension.get(attribute)
    return None if text is None else compile_at(node.place, text)


def _outcomes(node: Node) -> tuple[str, ...]:
    outcomes = tuple(node.extension.get("outcomes", "approve").split())
    if not outcomes or len(set(outcomes)) < len(outcomes):
        raise DefinitionError(node.place, "the outcomes are not a list of different words")
    for word, name in node.outcomes.items():
        if word not in outcomes:
            raise DefinitionError(node.place, f"'{word}' has a name, and is none of the outcomes")
        if not name or len(name) > _LONGEST_NAME:
            raise DefinitionError(
                node.place, f"the outcome '{word}' has a name of 1 to {_LONGEST_NAME} characters"
            )
    return outcomes


def _flag(node: Node, attribute: str, *, default: bool) -> bool:
    text = node.extension.get(attribute, str(default).lower())
    if text not in {"true", "false"}:
        raise DefinitionError(node.place, f"{attribute} is 'true' or 'false', not '{text}'")
    return text == "true"
