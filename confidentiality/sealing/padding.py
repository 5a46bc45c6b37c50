"""Padding to buckets, so that a ciphertext's length says little about what is in it.

One byte 0x80 and as many zeros as are missing (ISO/IEC 7816-4), up to the smallest bucket that holds text and mark:
the field's smallest bucket doubled as often as needed, above 4096 bytes the next multiple of 4096. Nothing is ever
compressed before sealing: the length would tell what the text is like.
"""

SMALLEST = 16
STEP = 4096

MARK = b"\x80"


def bucket(size: int, smallest: int = SMALLEST) -> int:
    """The bucket for a text of so many bytes, its mark included; `smallest` is a power of two."""
    if size < smallest:
        return smallest
    # The next power of two above the size: the mark needs a byte as well.
    return 1 << size.bit_length() if size < STEP else -(-(size + 1) // STEP) * STEP


def pad(text: bytes, smallest: int = SMALLEST) -> bytes:
    """The text with its padding, as long as its bucket."""
    size = len(text)
    return (text + MARK).ljust(smallest if size < smallest else bucket(size, smallest), b"\0")
