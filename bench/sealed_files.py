"""Sealing and opening a file as a stream, against bare AES-GCM over the same chunks."""

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.ground import Ground
from bench.rows import Row, at_least
from bench.sealed_rows import new_ring
from confidentiality.sealing.streams import CHUNK
from tenants.base import new_id

CHUNKS = 64
ROUNDS = 101
LIMIT = 0.8

Run = Callable[[], Awaitable[int]]


async def measure(ground: Ground) -> list[Row]:
    """Megabytes a second both ways; the pieces are in memory, so neither side waits for a disk."""
    ring, file, text, key = new_ring(), new_id(), os.urandom(CHUNK), AESGCM(os.urandom(32))
    bound = file.bytes + ring.owner.bytes
    sealed = [piece async for piece in ring.seal_stream(_pieces([text] * CHUNKS), file=file)]
    bare = [key.encrypt(_nonce(number), text, bound) for number in range(CHUNKS)]

    async def seal() -> int:
        return sum([len(piece) async for piece in ring.seal_stream(_pieces([text] * CHUNKS), file=file)])

    async def open_() -> int:
        return sum([len(piece) async for piece in ring.open_stream(_pieces(sealed), file=file)])

    async def bare_seal() -> int:
        return sum([len(key.encrypt(_nonce(number), text, bound)) for number in range(CHUNKS)])

    async def bare_open() -> int:
        return sum([len(key.decrypt(_nonce(number), piece, bound)) for number, piece in enumerate(bare)])

    return [await _against("sealed", seal, bare_seal), await _against("opened", open_, bare_open)]


async def _against(what: str, ours: Run, bare: Run) -> Row:
    speeds: dict[Run, list[float]] = {ours: [], bare: []}
    for _ in range(ROUNDS):
        for run in (ours, bare):
            began = time.perf_counter()
            await run()
            speeds[run].append(CHUNK * CHUNKS / 1e6 / (time.perf_counter() - began))
    # The fastest round of each: whatever else the machine does only ever slows one down.
    return at_least(
        f"file {what} as a stream, MB/s, against bare AES-GCM by chunks",
        max(speeds[ours]) / max(speeds[bare]),
        LIMIT,
        detail=f"ours {max(speeds[ours]):,.0f} MB/s, bare {max(speeds[bare]):,.0f} MB/s; "
        f"{CHUNKS} chunks of {CHUNK // 1024} KiB, {ROUNDS} alternating rounds",
    )


async def _pieces(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
