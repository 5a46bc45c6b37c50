"""What somebody puts into the storage in the place of a confidential file is not handed out as that file."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from anshou.tickets.sealed_files import SealingStorage
from confidentiality.errors import SealBroken
from confidentiality.sealing.streams import CHUNK, HEADER
from confidentiality.sealing.suites import TAG
from tenants.storage import open_storage
from tests.confidentiality.sealing.trial import OTHER_MERCHANT, new_ring

FILE = b"%PDF-1.4\n" + bytes(n % 251 for n in range(3 * CHUNK))
KEY, OTHER_KEY = f"t_anhe/{uuid4()}", f"t_anhe/{uuid4()}"
STEP = CHUNK + TAG


async def whole(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece


@pytest.mark.parametrize(
    "swap",
    ["plain", "another file", "another merchant's", "cut off", "reordered", "header alone", "nothing", "mixed"],
)
async def test_what_was_swapped_in_the_storage_is_not_handed_out(swap: str) -> None:
    beneath = open_storage("memory:")
    ring = new_ring()
    sealing = SealingStorage(beneath, ring)
    await sealing.put(KEY, whole(FILE))
    await sealing.put(OTHER_KEY, whole(FILE[::-1]))
    lying = b"".join([piece async for piece in beneath.read(KEY)])
    other = b"".join([piece async for piece in beneath.read(OTHER_KEY)])
    foreign = [piece async for piece in new_ring(owner=OTHER_MERCHANT).seal_stream(whole(FILE), file=_id(KEY))]
    first, second = lying[HEADER : HEADER + STEP], lying[HEADER + STEP : HEADER + 2 * STEP]
    put = {
        "plain": FILE,
        "another file": other,
        "another merchant's": b"".join(foreign),
        "cut off": lying[: HEADER + 2 * STEP],
        "reordered": lying[:HEADER] + second + first + lying[HEADER + 2 * STEP :],
        "header alone": lying[:HEADER],
        "nothing": b"",
        "mixed": lying[: HEADER + STEP] + other[HEADER + STEP :],
    }
    await beneath.put(KEY, whole(put[swap]))
    handed = b""
    with pytest.raises(SealBroken):
        async for piece in sealing.read(KEY):
            handed += piece
    # What left before the damage was met is the file's own beginning and nothing else.
    assert FILE.startswith(handed)
    assert len(handed) < len(FILE)


def _id(key: str) -> UUID:
    return UUID(key.rsplit("/", 1)[-1])
