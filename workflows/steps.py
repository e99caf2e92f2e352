"""The steps of a process (user tasks): what their diagram says about who decides them and how."""

from dataclasses import dataclass

from workflows.bpmn import compile_at
from workflows.diagram import DefinitionError, Node
from workflows.expressions import Expression


@dataclass(frozen=True)
class Step:
    """A user task: who decides it, where, until when.

    `id` is the id of its node, in a called process behind those of the call activities ("call/in_county").
    `seat` (岗位) is the name of its lane, `role` the role in it; `due` yields working days (工作日) and
    `skip_when` a boolean. A step that is not `blocking` is a filing (备案): told of, and nobody waits for it.
    """

    id: str
    name: str
    seat: str
    role: str
    form: str
    due: Expression | None
    skip_when: Expression | None
    outcomes: tuple[str, ...]
    mode: str
    bulk: bool
    separate_from: tuple[str, ...]
    blocking: bool
    documentation: str


def read_step(node: Node, path: str) -> Step:
    """Return the step of a user task whose ids stand behind this path; raise DefinitionError for gaps."""
    given = node.extension
    if not node.lane:
        raise DefinitionError(node.place, "the step stands in no lane that names its seat (岗位)")
    if not given.get("role"):
        raise DefinitionError(node.place, "the step has no role")
    if given.get("mode", "single") != "single":
        raise DefinitionError(node.place, f"the mode '{given['mode']}' is not supported; only 'single' is")
    return Step(
        id=path + node.id,
        name=node.name,
        seat=node.lane,
        role=given["role"],
        form=given.get("form", ""),
        due=_expression(node, "due"),
        skip_when=_expression(node, "skip_when"),
        outcomes=_outcomes(node),
        mode="single",
        bulk=_flag(node, "bulk", default=False),
        separate_from=tuple(path + other for other in given.get("separate_from", "").split()),
        blocking=_flag(node, "blocking", default=True),
        documentation=node.documentation,
    )


def _expression(node: Node, attribute: str) -> Expression | None:
    text = node.extension.get(attribute)
    return None if text is None else compile_at(node.place, text)


def _outcomes(node: Node) -> tuple[str, ...]:
    outcomes = tuple(node.extension.get("outcomes", "approve").split())
    if not outcomes or len(set(outcomes)) < len(outcomes):
        raise DefinitionError(node.place, "the outcomes are not a list of different words")
    return outcomes


def _flag(node: Node, attribute: str, *, default: bool) -> bool:
    text = node.extension.get(attribute, str(default).lower())
    if text not in {"true", "false"}:
        raise DefinitionError(node.place, f"{attribute} is 'true' or 'false', not '{text}'")
    return text == "true"
