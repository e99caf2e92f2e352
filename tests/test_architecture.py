"""Fences: what nobody will remember, held by tests about the code itself."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import webapp.services
from models.enums import ChangeKind, Outcome, PaperKind, Role, Seat, TransferReason
from webapp.cli import main
from webapp.errors import Refusal
from webapp.services.changes.planning import KINDS
from workflows.definition import Definition, Step, read_definition
from workflows.shipped import shipped_processes

ROOT = Path(__file__).parent.parent
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *ROOT.glob("*.md")]
DEFINITIONS = [read_definition(files, process) for process, files in shipped_processes().items()]


def steps() -> Iterator[tuple[Definition, Step]]:
    return ((definition, step) for definition in DEFINITIONS for step in definition.steps.values())


def test_every_lane_is_a_seat_and_every_role_a_role() -> None:
    for definition, step in steps():
        assert step.seat in set(Seat), (definition.key, step.id)
        assert set(step.roles) <= set(Role), (definition.key, step.id)


def test_every_outcome_of_a_step_can_be_stored() -> None:
    for definition, step in steps():
        assert set(step.outcomes) <= set(Outcome), (definition.key, step.id)


def test_every_step_has_a_time_limit() -> None:
    for definition, step in steps():
        assert step.due is not None, (definition.key, step.id)


@pytest.mark.parametrize("reason", TransferReason)
@pytest.mark.parametrize("pack", ["k12-national-2013", "k12-guangdong", "voc-national-2010", "voc-fujian"])
def test_every_paper_that_a_rule_asks_for_can_be_uploaded(pack: str, reason: TransferReason) -> None:
    for definition in DEFINITIONS:
        facts = {"packs": (pack,), "reason": reason.value, "side": "receiving", "distance": "cross_province"}
        facts |= {"agreed_elsewhere": True, "stage_change": "none"}
        hits = definition.decisions["transfer_papers"].hits(facts)
        assert {hit.outputs["paper"] for hit in hits} <= set(PaperKind)
        assert hits, "a transfer asks for at least one paper"


@pytest.mark.parametrize("kind", ChangeKind)
def test_every_kind_of_change_is_planned_ruled_drawn_and_described(kind: ChangeKind) -> None:
    assert KINDS[kind].form.kind == kind
    for definition in DEFINITIONS:
        assert {f"{kind}_eligibility", f"{kind}_papers", "hard_checks"} <= definition.decisions.keys()
    governing = DEFINITIONS[0].decisions["change_governing"]
    packs = ("voc-shiyan-2015", "voc-fujian", "voc-national-2010")
    chosen = governing.decide({"kind": kind.value, "packs": packs})
    assert kind == ChangeKind.TRANSFER or (chosen and chosen["process"] in {one.key for one in DEFINITIONS})
    assert f"| {kind} " in (ROOT / "docs/kinds.md").read_text()


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text() + (ROOT / "docs/operations.md").read_text()
    for name in main.commands:
        assert re.search(rf"\b{name}\b", readme), name


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_the_docs_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_every_use_case_that_the_docs_name_is_there(page: Path) -> None:
    said = page.read_text()
    for path in re.findall(r"`([\w/]+/\w+\.(?:py|dmn|bpmn|yaml|html))`", said):
        assert (ROOT / path).exists(), f"{page.name}: {path}"
    for name in re.findall(r"`(?:webapp\.)?(services\.[\w.]+)`", said):
        assert pkgutil.resolve_name(f"webapp.{name}"), f"{page.name}: {name}"


def test_the_readme_is_at_most_a_hundred_lines() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 100


def test_no_two_refusals_share_a_name() -> None:
    """A refusal is kept by its name, and told later."""
    for module in pkgutil.walk_packages(webapp.services.__path__, "webapp.services."):
        import_module(module.name)
    names = [kind.__name__ for kind in _kinds(Refusal)]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def _kinds(kind: type[Refusal]) -> set[type[Refusal]]:
    return {kind}.union(*[_kinds(one) for one in kind.__subclasses__()])
