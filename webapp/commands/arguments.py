"""What is typed after a command, read the same way by several of them."""

LONGEST_KEY = 18  # digits of which every number fits a key


def key(typed: str) -> int | None:
    """Return the number of a row (id); None for what is no number, or one that no row can have."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_KEY else None
