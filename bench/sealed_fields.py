"""Sealing and opening one field, against bare AES-GCM, and against what others offer.

The bare side does what nobody can leave out: a random nonce before the ciphertext, and associated data made of the
column's constant part, the row and its version. The peers run in an environment of their own, each beside the same bare
calls there, and are compared by their ratios to those: two programs on a busy machine have nothing else in common.
"""

import os
import time
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.ground import Ground
from bench.peers.environment import environment, run_program
from bench.rows import Row, at_most
from bench.sealed_rows import SealedConsumer, new_ring
from tenants.base import new_id

CALLS = 500
ROUNDS = 121
SIZES = (20, 200)
BARE = {"seal": 1.0, "open": 1.0}
OURS_TO_BARE = 2.0
OURS_TO_TINK = 1.3
OURS_TO_STRING_ENCRYPTED_TYPE = 0.15


async def measure(ground: Ground) -> list[Row]:
    """A line for each size against bare AES-GCM, and one for each size and peer."""
    ours = {size: _ratios(size) for size in SIZES}
    rows = [
        at_most(
            f"a field of {size} B sealed and opened, against bare AES-GCM",
            _both(found, found) / _both(found, BARE),
            OURS_TO_BARE,
            detail=f"sealing {found['seal']:.2f} and opening {found['open']:.2f}; "
            f"bare {found['bare_seal']:.2f} and {found['bare_open']:.2f} µs",
        )
        for size, found in ours.items()
    ]
    async with environment() as python:
        ground.say("  tink and sqlalchemy-utils")
        peers = await run_program(python, "sealing_peers", *map(str, SIZES))
    for peer, limit in (("tink", OURS_TO_TINK), ("StringEncryptedType", OURS_TO_STRING_ENCRYPTED_TYPE)):
        for size in SIZES:
            theirs = peers[peer][str(size)]
            ratios = {way: ours[size][way] / theirs[way] for way in ("seal", "open")}
            rows.append(
                at_most(
                    f"a field of {size} B sealed and opened, against {peer}",
                    _both(ours[size], ours[size]) / _both(ours[size], theirs),
                    limit,
                    detail=f"sealing {ratios['seal']:.2f} and opening {ratios['open']:.2f}; theirs takes "
                    f"{theirs['seal']:.1f} and {theirs['open']:.1f} times bare AES-GCM",
                )
            )
    return rows


def _both(measured: dict[str, float], ratios: dict[str, float]) -> float:
    """Microseconds to seal and open once, from ratios to what bare AES-GCM was measured to take."""
    return sum(ratios[way] * measured[f"bare_{way}"] for way in ("seal", "open"))


def _ratios(size: int) -> dict[str, float]:
    """Ours to bare both ways, and what bare takes in µs."""
    ring, row, field, key = new_ring(), new_id(), SealedConsumer.name.field, AESGCM(os.urandom(32))
    constant, text = os.urandom(100), "x" * size
    handle = ring.seal_cell(field, text, row, 1)

    def bare_seal() -> bytes:
        nonce = os.urandom(12)
        return nonce + key.encrypt(nonce, text.encode(), constant + row.bytes + (1).to_bytes(8, "big"))

    sealed = bare_seal()

    def bare_open() -> str:
        return key.decrypt(sealed[:12], sealed[12:], constant + row.bytes + (1).to_bytes(8, "big")).decode()

    if ring.open(handle) != bare_open():
        raise AssertionError("what was sealed does not open")
    seconds = _alternate(
        {
            "seal": lambda: ring.seal_cell(field, text, row, 1),
            "bare_seal": bare_seal,
            "open": lambda: ring.open(handle),
            "bare_open": bare_open,
        }
    )
    # The fastest round of each: calls of a microsecond are only ever slowed down by what else the machine does.
    fastest = {name: min(each) for name, each in seconds.items()}
    return {
        "seal": fastest["seal"] / fastest["bare_seal"],
        "open": fastest["open"] / fastest["bare_open"],
        "bare_seal": fastest["bare_seal"] * 1e6,
        "bare_open": fastest["bare_open"] * 1e6,
    }


def _alternate(calls: dict[str, Callable[[], Any]]) -> dict[str, list[float]]:
    """Seconds per call of each, in rounds that alternate."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            began = time.perf_counter()
            for _ in range(CALLS):
                call()
            seconds[name].append((time.perf_counter() - began) / CALLS)
    return seconds
