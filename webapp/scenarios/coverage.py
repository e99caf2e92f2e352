"""Which rows of the decision tables that ship are hit while examples run, and which by none of them."""

import fcntl
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pydantic import TypeAdapter, ValidationError

from webapp.services.process_check.checking import shipped_tables
from workflows.check.reading import Tables
from workflows.decisions import DecisionTable, Rule, listening

Rows: TypeAlias = Mapping[str, Set[str]]
"""The ids of the rows that were hit, by table."""

_AS_JSON = TypeAdapter(dict[str, frozenset[str]])

# Tables of which every row ought to have an example: whom a change is refused, who decides, how long, what papers.
DEMANDING = (
    "key_fields",
    "_initiators",
    "_certificate",
    "_report",
    "eligibility",
    "levels",
    "papers",
    "governing",
    "limits",
)
DEMANDED = frozenset({"hard_checks", "cross_province_receiving", "cross_province_releasing"})


class RowsError(Exception):
    """The file does not hold rows that were hit."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """A decision table, and which of its rows were hit."""

    table: DecisionTable
    hit: Sequence[Rule]
    missed: Sequence[Rule]

    @property
    def is_demanded(self) -> bool:
        """Whether every row of the table ought to have an example."""
        return self.table.id in DEMANDED or self.table.id.endswith(DEMANDING)


@contextmanager
def rows_hit() -> Iterator[Rows]:
    """Give the rows that this process hits within the block, by whatever thread."""
    rows: defaultdict[str, set[str]] = defaultdict(set)
    with listening(lambda table, rules, _: rows[table.id].update(rule.id for rule in rules)):
        yield rows


def together(*several: Rows) -> Rows:
    """Return the rows that any of these has hit."""
    tables = {table for rows in several for table in rows}
    return {table: frozenset().union(*(rows.get(table, ()) for rows in several)) for table in tables}


def coverage_of(rows: Rows) -> list[Coverage]:
    """Return for every table that ships which of its rows are among these."""
    found = []
    for name, table in sorted(Tables(shipped_tables()).tables.items()):
        hit = rows.get(name, frozenset())
        by_hit = {
            is_hit: [rule for rule in table.rules if (rule.id in hit) is is_hit] for is_hit in (True, False)
        }
        found.append(Coverage(table, by_hit[True], by_hit[False]))
    return found


def read_rows(path: Path) -> Rows:
    """Return the rows that `add_rows` wrote; RowsError for any other file."""
    return _rows(path.read_bytes())


def add_rows(path: Path, rows: Rows) -> None:
    """Add rows to those in a file, which several processes may do at once."""
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        kept = file.read()
        all_rows = together(_rows(kept) if kept else {}, rows)
        file.truncate(0)
        told = {table: sorted(ids) for table, ids in sorted(all_rows.items())}
        file.write(json.dumps(told, indent=2).encode())


def _rows(data: bytes) -> Rows:
    try:
        return _AS_JSON.validate_json(data)
    except ValidationError as error:
        raise RowsError("it does not hold rows by table, as `pytest --rules-coverage` writes them") from error
