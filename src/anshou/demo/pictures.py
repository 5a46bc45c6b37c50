"""Small pictures for evidence and proofs, drawn here: no file is shipped, and each is a real PNG."""

import struct
import zlib
from collections.abc import AsyncIterator
from random import Random

WIDTH, HEIGHT = 480, 300
BAR, CARD = 36, 46
PAPER, SHADE = bytes((250, 251, 253)), bytes((235, 240, 248))


def picture(rng: Random) -> bytes:
    """A PNG (RFC 2083) that looks like a screenshot from afar: a bar at the top, cards below, in one of a few tones."""
    tone = bytes(rng.choice([(22, 104, 220), (214, 93, 14), (34, 139, 94), (120, 86, 190)]))
    cards = [(rng.randrange(20, 300), rng.randrange(60, 220), rng.randrange(60, 160)) for _ in range(5)]
    rows = b"".join(b"\0" + _row(y, tone, cards) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, content)
        for kind, content in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    )


async def in_one_piece(content: bytes) -> AsyncIterator[bytes]:
    """The content as an upload."""
    yield content


def _row(y: int, tone: bytes, cards: list[tuple[int, int, int]]) -> bytes:
    if y < BAR:
        return tone * WIDTH
    row = bytearray(PAPER * WIDTH)
    for left, top, width in cards:
        if top <= y < top + CARD:
            row[left * 3 : (left + width) * 3] = (SHADE if y < top + CARD - 8 else tone) * width
    return bytes(row)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
