"""Associated data: what a sealed value is bound to, so that it opens nowhere else."""

import struct


def bind(*parts: bytes) -> bytes:
    """Encode the parts injectively: each is preceded by its length, so ("ab", "c") and ("a", "bc") differ."""
    return struct.pack(">I", len(parts)) + b"".join(struct.pack(">I", len(part)) + part for part in parts)
