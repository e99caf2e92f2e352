"""What counts as having said something, where a text is demanded: a reason, a name, who told it."""


def says_something(text: str) -> bool:
    """Whether a text has a letter or a digit: blanks, invisible signs and dots alone tell nobody anything."""
    return any(map(str.isalnum, text))
