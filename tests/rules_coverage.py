"""`pytest --rules-coverage=FILE`: which rows of the decision tables the tests hit, added to those in a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp.scenarios.coverage import Rows, add_rows, rows_hit, together

HIT = pytest.StashKey[Rows]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    # The check of a process looks at every class of cases that there could be, and expects nothing of any row.
    if "check" in str(item.path.relative_to(item.config.rootpath)):
        return (yield)
    with rows_hit() as hit:
        handled = yield
    stash = item.config.stash
    stash[HIT] = together(stash.get(HIT, {}), hit)
    return handled


def pytest_sessionfinish(session: pytest.Session) -> None:
    add_rows(Path(session.config.getoption("--rules-coverage")), session.config.stash.get(HIT, {}))
