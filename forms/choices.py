"""The options of a select field."""

# Newer than the type stubs of its library.
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

__all__ = ["SelectChoice"]
