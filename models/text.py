"""What a text of the registry may hold, and when it says anything at all."""

import re

# What no keyboard sends, and what turns the direction of the text round it; PostgreSQL keeps no NUL.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")

# The letters among Unicode's Default_Ignorable_Code_Points: fillers that show nothing.
FILLERS = re.compile("[\u115f\u1160\u3164\uffa0]")

# An address in Latin letters, as every mail server takes it; neither blanks nor line ends, which would end a header.
EMAIL = re.compile(
    r"(?=.{3,254}$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def says_something(text: str) -> bool:
    """Whether a text has a letter or a digit: blanks, invisible signs and dots alone tell nobody anything."""
    return any(map(str.isalnum, FILLERS.sub("", text)))


def is_email(text: str) -> bool:
    """Whether a text is an e-mail address (电子邮箱) and nothing else."""
    return EMAIL.fullmatch(text) is not None
