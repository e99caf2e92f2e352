"""National registry numbers of pupils whom a test types in or looks for; no other pupil of its database has them."""

from itertools import count

_NUMBERS = (f"G99010120140507{serial:04d}" for serial in count(1000))


def a_registry_number() -> str:
    """A number that is given out once."""
    return next(_NUMBERS)
