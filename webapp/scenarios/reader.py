"""Scenario files (YAML), read and checked whole before anything runs: docs/scenarios.md."""

import re
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import AwareDatetime, Field, ValidationError
from pydantic_core import ErrorDetails

from webapp.scenarios.expectations import Expectation
from webapp.scenarios.given import Given
from webapp.scenarios.steps import Step
from webapp.scenarios.strict import NOT_SERVED, ScenarioError, Strict


class Scenario(Strict):
    """One example of the law, with its source."""

    id: str
    title: str
    source: str
    clock: AwareDatetime
    given: Given = Given()
    when: tuple[Step, ...] = ()
    then: tuple[Expectation, ...] = Field(min_length=1)


class _Loader(yaml.SafeLoader):
    """YAML without two surprises: `on` is a word and no boolean, and a key that is there twice is refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        if twice := [key for key in keys if keys.count(key) > 1]:
            raise yaml.MarkedYAMLError(problem=f"{twice[0]} is there twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


_BOOLEAN = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOLEAN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOLEAN, re.compile("(?:true|false)$"), list("tf"))


def read_scenario(path: Path) -> Scenario:
    """Return the scenario in a file; ScenarioError names everything in it that is wrong or not served yet."""
    try:
        return Scenario.model_validate(yaml.load(path.read_bytes(), _Loader))  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as wrong:
        raise ScenarioError(" ".join(str(wrong).split())) from wrong
    except ValidationError as wrong:
        raise ScenarioError("; ".join(_told(wrong.errors()))) from wrong


def _told(errors: Sequence[ErrorDetails]) -> Iterator[str]:
    """What is wrong; or only what is not served yet, for then the rest may be so because of that."""
    later = [error for error in errors if error["type"] == NOT_SERVED]
    for error in later or errors:
        where = ".".join(str(part) for part in error["loc"])
        if error["type"] == NOT_SERVED:
            yield f"not served yet: {error['msg']} ({where})"
        elif error["type"] == "extra_forbidden":
            yield f"unknown key: {where}"
        else:
            yield f"{where}: {error['msg'].removeprefix('Value error, ')}"
