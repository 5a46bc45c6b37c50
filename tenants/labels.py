"""Enumerations whose members carry the words that people read.

The value is the stable name in code, URLs and the database; the label is the Chinese message id.
"""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A string enumeration whose members are written `NAME = "value", N_("标签")`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make the member equal to its value and keep the label beside it."""
        if not label:
            raise TypeError(f"{cls.__name__} {value!r} needs a label")
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
