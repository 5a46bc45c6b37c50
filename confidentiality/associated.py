"""Associated data: what a sealed value is bound to, so that it opens nowhere else."""

from struct import Struct

_LENGTH = Struct(">I").pack


def bind(*parts: bytes) -> bytes:
    """Encode the parts injectively: each is preceded by its length, so ("ab", "c") and ("a", "bc") differ."""
    return _LENGTH(len(parts)) + b"".join([_LENGTH(len(part)) + part for part in parts])
