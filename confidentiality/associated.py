"""Associated data: what a sealed value is bound to, so that it opens nowhere else."""

from struct import Struct

_LENGTH = Struct(">I").pack


def bind(*parts: bytes) -> bytes:
    """Encode the parts injectively: each is preceded by its length, so ("ab", "c") and ("a", "bc") differ."""
    return _LENGTH(len(parts)) + b"".join([_LENGTH(len(part)) + part for part in parts])


def bound(part: bytes) -> bytes:
    """One part as `bind` encodes it: for parts that many encodings share. `begin` precedes the first."""
    return _LENGTH(len(part)) + part


def begin(count: int) -> bytes:
    """How `bind` begins for so many parts."""
    return _LENGTH(count)
