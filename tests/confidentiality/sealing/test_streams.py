"""A sealed file opens whole and in order for its own id, or not at all."""

import tracemalloc
from collections.abc import AsyncIterator, Iterable
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confidentiality.errors import KeyDestroyed, SealBroken
from confidentiality.sealing.ring import KeyRing
from confidentiality.sealing.streams import CHUNK, HEADER, sealed_size
from confidentiality.sealing.suites import TAG, Suite
from tests.confidentiality.sealing.trial import OTHER_MERCHANT, keys, new_ring

FILE, OTHER_FILE = UUID(int=10), UUID(int=11)
STEP = CHUNK + TAG


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece


async def seal(ring: KeyRing, *given: bytes, file: UUID = FILE) -> bytes:
    return b"".join([piece async for piece in ring.seal_stream(pieces(*given), file=file)])


async def open_(ring: KeyRing, *sealed: bytes, file: UUID = FILE) -> bytes:
    return b"".join([piece async for piece in ring.open_stream(pieces(*sealed), file=file)])


def cut(sealed: bytes) -> tuple[bytes, list[bytes]]:
    return sealed[:HEADER], [sealed[at : at + STEP] for at in range(HEADER, len(sealed), STEP)]


@pytest.mark.parametrize("suite", Suite)
@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
async def test_a_file_of_any_size_opens_as_it_was(suite: Suite, size: int) -> None:
    ring, text = new_ring(suite=suite), bytes(n % 251 for n in range(size))
    sealed = await seal(ring, text)
    assert len(sealed) == sealed_size(size)
    assert await open_(ring, sealed) == text


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 3 * CHUNK), max_size=5), st.integers(1000, 2 * CHUNK))
async def test_how_a_file_is_cut_on_its_way_does_not_matter(sizes: list[int], step: int) -> None:
    ring = new_ring()
    given = [bytes([number]) * size for number, size in enumerate(sizes)]
    sealed = await seal(ring, *given)
    assert len(sealed) == sealed_size(sum(sizes))
    assert await open_(ring, *(sealed[at : at + step] for at in range(0, len(sealed), step))) == b"".join(given)


async def test_chunks_left_out_moved_repeated_appended_or_cut_off_are_detected() -> None:
    ring = new_ring()
    header, chunks = cut(await seal(ring, bytes(3 * CHUNK + 100)))
    first, second, third, last = chunks
    changed: list[Iterable[bytes]] = [
        [],
        [first],
        [first, second, third],
        [second, first, third, last],
        [first, third, last],
        [first, first, second, third, last],
        [first, second, third, last, last],
        [first, second, third, last, bytes(5)],
        [first, second, third, last[:-1]],
        [first, second, third, last[:TAG]],
        [last],
    ]
    for each in changed:
        with pytest.raises(SealBroken):
            await open_(ring, header, *each)
    assert await open_(ring, header, *chunks) == bytes(3 * CHUNK + 100)


async def test_chunks_of_two_files_do_not_mix() -> None:
    ring = new_ring()
    ours, theirs = await seal(ring, bytes(2 * CHUNK)), await seal(ring, bytes(2 * CHUNK))
    (our_header, our_chunks), (their_header, their_chunks) = cut(ours), cut(theirs)
    for mixed in (
        [our_header, our_chunks[0], their_chunks[1]],
        [our_header, *their_chunks],
        [their_header, *our_chunks],
    ):
        with pytest.raises(SealBroken):
            await open_(ring, *mixed)


async def test_a_file_opens_for_no_other_id_owner_or_key() -> None:
    data_keys = keys(1)
    ring = new_ring(data_keys=data_keys)
    sealed = await seal(ring, b"contract")
    with pytest.raises(SealBroken):
        await open_(ring, sealed, file=OTHER_FILE)
    for other in (
        new_ring(),
        new_ring(data_keys=data_keys, owner=OTHER_MERCHANT),
        new_ring(current=2, data_keys=keys(2)),
    ):
        with pytest.raises(SealBroken):
            await open_(other, sealed)


async def test_every_changed_byte_of_the_header_and_every_cut_is_detected() -> None:
    ring = new_ring()
    sealed = await seal(ring, b"contract")
    broken = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    broken += [sealed[:at] for at in range(len(sealed))]
    for each in broken:
        with pytest.raises(SealBroken):
            await open_(ring, each)


async def test_a_file_sealed_under_an_older_key_still_opens() -> None:
    data_keys = keys(1, 2)
    sealed = await seal(new_ring(data_keys=data_keys), b"contract")
    assert await open_(new_ring(data_keys=data_keys, current=2), sealed) == b"contract"


async def test_a_destroyed_key_opens_no_file() -> None:
    ring = new_ring()
    sealed = await seal(ring, b"contract")
    ring.close(destroyed=True)
    for attempt in (seal(ring, b""), open_(ring, sealed)):
        with pytest.raises(KeyDestroyed):
            await attempt


async def test_memory_does_not_grow_with_the_file() -> None:
    ring = new_ring()

    async def long(chunks: int) -> AsyncIterator[bytes]:
        for _ in range(chunks):
            yield bytes(CHUNK)

    peaks = []
    for chunks in (8, 256):
        tracemalloc.start()
        total = 0
        async for piece in ring.open_stream(ring.seal_stream(long(chunks), file=FILE), file=FILE):
            total += len(piece)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert total == chunks * CHUNK
    assert peaks[1] < peaks[0] + 4 * CHUNK
