"""Diagrams to be checked, drawn as in `diagrams`: here every step has a form, a limit and a name."""

from tests.workflows.diagrams import SEAT, a_process, kind
from workflows.check import Fact, Manner, Severity, Vocabulary, check
from workflows.definition import read_definition
from workflows.values import ValueType

COUNTY_SEAT = "县级"
COUNTY = {"seat": COUNTY_SEAT, "role": "handler"}
AGAIN = {"outcomes": "approve again"}
FILING = {"form": "filing", "outcomes": "acknowledge", "blocking": "false"}
FACTS = {
    "seats": Fact(ValueType.LIST, values=((SEAT, COUNTY_SEAT), (SEAT,))),
    "skip": Fact(ValueType.BOOLEAN),
    "stage": Fact(ValueType.STRING, ("compulsory", "senior_high", "vocational")),
    "places": Fact(ValueType.NUMBER, unknown=True),
    "grade": Fact(ValueType.NUMBER),
    "opens": Fact(ValueType.DATE),
    "packs": Fact(ValueType.LIST, members=("national", "henan")),
    "word": Fact(ValueType.STRING),
}
VOCABULARY = Vocabulary(
    actions=frozenset({"approve", "file", "reject"}),
    seats=frozenset({SEAT, COUNTY_SEAT, "市级"}),
    roles=frozenset({"registrar", "lead", "handler"}),
    deciding=Manner(frozenset({"review"}), frozenset({"approve", "again", "refer"})),
    filing=Manner(frozenset({"filing"}), frozenset({"acknowledge"})),
    facts=FACTS,
)


def drawn(*ways, key="main", **nodes):
    """Return a BPMN file; whatever `nodes` does not say of a step is filled in, None leaves it out."""
    ids = {node for way in ways for node in _nodes(way)}
    given = {
        node: _filled(nodes.get(node, {})) if kind(node) == "userTask" else nodes.get(node, {})
        for node in ids
    }
    return a_process(key, *ways, **given)


def report(*ways, files=None, vocabulary=VOCABULARY, **nodes):
    """Check a process "main" drawn like this, with further files where it needs them."""
    return check({"main.bpmn": drawn(*ways, **nodes), **(files or {})}, vocabulary, "main")


def defined(*ways, files=None, **nodes):
    """Return the definition of a process "main" drawn like this."""
    return read_definition({"main.bpmn": drawn(*ways, **nodes), **(files or {})}, "main")


def found(checked):
    """Return (code, element) of every error."""
    return [(finding.code.value, finding.element) for finding in errors(checked)]


def errors(checked):
    """Return what forbids to publish; that no step here says why it is there is but a warning."""
    return [finding for finding in checked.findings if finding.severity is Severity.ERROR]


def _nodes(way):
    chain, _, _ = way.removesuffix(" else").partition(" if ")
    return chain.split(" > ")


def _filled(given):
    filled = {"role": "registrar", "form": "review", "due": "10", **given}
    return {name: value for name, value in filled.items() if value is not None}
