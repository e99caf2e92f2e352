"""What a school may be called, and its code."""

import re

from webapp.errors import Refusal

LONGEST_NAME = 100
SCHOOL_CODE = re.compile(r"[0-9]{10}")  # 学校标识码


class SchoolNameWrong(Refusal):
    """A school has a name of 1 to {most} characters."""

    status = 422


class SchoolCodeWrong(Refusal):
    """A school's code (学校标识码) has ten digits; “{given}” has not."""

    status = 422


def check_school(name: str, code: str | None) -> None:
    """Raise SchoolNameWrong or SchoolCodeWrong for what no school is called; a code may be missing."""
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise SchoolNameWrong(most=LONGEST_NAME)
    if code is not None and not SCHOOL_CODE.fullmatch(code):
        raise SchoolCodeWrong(given=code)
