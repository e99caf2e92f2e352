"""`xueji rules facts`: what the tables and diagrams of changes read, from the one list of facts that there is."""

import json

import click

from models.enums import ChangeKind
from webapp.services.changes.fact_types import Described, Group
from webapp.services.changes.kind_facts import every_group, groups_of
from workflows.check import Fact
from workflows.values import ValueType

PAGE = """# Facts (事实) that the rules read

What the application computes and the [tables](README.md) and diagrams may name. This page is what `xueji rules facts`
prints: change a fact where it is declared, in `webapp/services/changes/`, and write the page anew with it. A source
says where a fact is taken from, then the section of the domain analysis and the rules that ask for it."""
HEAD = ("| Fact | Type, unit | Meaning | Source |", "|---|---|---|---|")


@click.command()
@click.argument(
    "kind", metavar="[KIND]", required=False, type=click.Choice([kind.value for kind in ChangeKind])
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def facts(kind: str | None, *, as_json: bool) -> None:
    """List the facts that the tables and diagrams of KIND read, or those of all kinds, as Markdown."""
    groups = groups_of(ChangeKind(kind)) if kind else every_group()
    if as_json:
        click.echo(json.dumps([_plain(group) for group in groups], ensure_ascii=False, indent=2))
    else:
        sections = map(_section, groups)
        click.echo("\n\n".join(sections if kind else [PAGE, *sections]))


def _section(group: Group) -> str:
    rows = [
        f"| `{name}` | {_type(described)} | {described.meaning} | {described.source} |"
        for name, described in group.facts.items()
    ]
    return "\n".join([f"## {group.title}", "", f"Read by {group.read_by}.", "", *HEAD, *rows])


def _type(described: Described) -> str:
    fact = described.fact
    kind = "list of strings" if fact.type is ValueType.LIST else fact.type.value
    closed = ", ".join(f"`{word}`" for word in _words(fact))
    known = f"{kind}: {closed}" if closed else kind
    return (
        f"{known}{f', {described.unit}' if described.unit else ''}{'; may be none' if fact.unknown else ''}"
    )


def _words(fact: Fact) -> list[object]:
    return [*fact.values, *fact.members]


def _plain(group: Group) -> dict[str, object]:
    return {
        "title": group.title,
        "read_by": group.read_by,
        "facts": [
            {
                "name": name,
                "type": described.fact.type,
                "values": _words(described.fact),
                "may_be_none": described.fact.unknown,
                "unit": described.unit,
                "meaning": described.meaning,
                "source": described.source,
            }
            for name, described in group.facts.items()
        ],
    }
