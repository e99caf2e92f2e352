"""Mutants of the decision tables of which it is explained why no scenario can notice them."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from webapp.scenarios.mutation import Key
from webapp.scenarios.strict import Strict


class ExplainedError(Exception):
    """The file does not hold explanations."""


class Explanation(Strict):
    """Why these mutations of these rows make no difference; or of one."""

    table: str
    rows: tuple[str, ...] = Field(min_length=1)
    mutations: tuple[str, ...] = Field(min_length=1)
    why: str = Field(min_length=1)


_ALL = TypeAdapter(tuple[Explanation, ...])


def read_explanations(path: Path) -> Mapping[Key, str]:
    """Return why each mutant survives, by what it is; ExplainedError for any other file."""
    try:
        entries = _ALL.validate_python(yaml.safe_load(path.read_bytes()) or ())
    except (yaml.YAMLError, ValidationError) as wrong:
        raise ExplainedError(" ".join(str(wrong).split())) from wrong
    return {
        (entry.table, row, mutation): entry.why
        for entry in entries
        for row in entry.rows
        for mutation in entry.mutations
    }
