"""Padding to buckets, so that a ciphertext's length says little about what is in it.

One byte 0x80 and as many zeros as are missing (ISO/IEC 7816-4), up to the smallest bucket that holds text and mark:
the field's smallest bucket doubled as often as needed, above 4096 bytes the next multiple of 4096. Nothing is ever
compressed before sealing: the length would tell what the text is like.
"""

SMALLEST = 16
STEP = 4096

MARK = b"\x80"


def pad(plain: bytes, smallest: int = SMALLEST) -> bytes:
    """The text with its padding, as long as its bucket."""
    needed = len(plain) + 1
    if needed > smallest:
        smallest = bucket(needed, smallest)
    return (plain + MARK).ljust(smallest, b"\0")


def bucket(needed: int, smallest: int) -> int:
    """The bucket for so many bytes, the mark included."""
    if needed > STEP:
        return -(-needed // STEP) * STEP
    while smallest < needed:
        smallest *= 2
    return smallest
