"""The contract of a key management service, on every adapter there is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from confidentiality.errors import SealBroken
from confidentiality.keys.errors import WrappingKeyGone
from confidentiality.keys.kms import Kms
from confidentiality.keys.local_kms import LocalKms
from confidentiality.keys.memory_kms import MemoryKms
from confidentiality.keys.root_key import Protector
from confidentiality.keys.transit_kms import TransitAddress, TransitKms
from tests.confidentiality.keys.transit_server import TOKEN, TransitServer, running

SECRET = bytes(range(32))
CONTEXT = b"merchant a"


def local(directory: Path) -> LocalKms:
    return LocalKms(directory / "store", Protector("machine", b"m" * 32), destroyed=directory / "destroyed")


@asynccontextmanager
async def transit(directory: Path) -> AsyncIterator[Kms]:
    """A client of a transit engine of its own."""
    token = directory / "token"
    token.write_text(TOKEN)
    async with running(TransitServer()) as base:
        kms = TransitKms(TransitAddress(base), token)
        yield kms
        await kms.close()


@pytest.fixture(params=["local", "memory", "transit"])
async def kms(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kms]:
    """Each adapter in turn, empty."""
    match request.param:
        case "local":
            yield local(tmp_path)
        case "memory":
            yield MemoryKms()
        case _:
            async with transit(tmp_path) as made:
                yield made


async def test_what_was_wrapped_unwraps_with_its_name_and_context(kms: Kms) -> None:
    await kms.make("one")
    wrapped = await kms.wrap("one", SECRET, context=CONTEXT)
    assert SECRET not in wrapped
    assert await kms.unwrap("one", wrapped, context=CONTEXT) == SECRET


async def test_wrapping_twice_gives_different_bytes(kms: Kms) -> None:
    await kms.make("one")
    assert await kms.wrap("one", SECRET, context=CONTEXT) != await kms.wrap("one", SECRET, context=CONTEXT)


async def test_another_context_does_not_unwrap(kms: Kms) -> None:
    await kms.make("one")
    wrapped = await kms.wrap("one", SECRET, context=CONTEXT)
    with pytest.raises(SealBroken):
        await kms.unwrap("one", wrapped, context=b"merchant b")


async def test_another_name_does_not_unwrap(kms: Kms) -> None:
    await kms.make("one")
    await kms.make("two")
    wrapped = await kms.wrap("one", SECRET, context=CONTEXT)
    with pytest.raises(SealBroken):
        await kms.unwrap("two", wrapped, context=CONTEXT)


@pytest.mark.parametrize("place", [0, 3, 12, -1])
async def test_changed_bytes_do_not_unwrap(kms: Kms, place: int) -> None:
    await kms.make("one")
    wrapped = bytearray(await kms.wrap("one", SECRET, context=CONTEXT))
    wrapped[place] ^= 1
    with pytest.raises(SealBroken):
        await kms.unwrap("one", bytes(wrapped), context=CONTEXT)


@pytest.mark.parametrize("length", [0, 1, 10, 40])
async def test_cut_off_bytes_do_not_unwrap(kms: Kms, length: int) -> None:
    await kms.make("one")
    wrapped = await kms.wrap("one", SECRET, context=CONTEXT)
    with pytest.raises(SealBroken):
        await kms.unwrap("one", wrapped[:length], context=CONTEXT)


async def test_making_a_key_that_exists_changes_nothing(kms: Kms) -> None:
    await kms.make("one")
    wrapped = await kms.wrap("one", SECRET, context=CONTEXT)
    await kms.make("one")
    assert await kms.newest("one") == 1
    assert await kms.unwrap("one", wrapped, context=CONTEXT) == SECRET


async def test_after_a_rotation_old_wraps_unwrap_and_a_rewrap_is_under_the_new_version(kms: Kms) -> None:
    await kms.make("one")
    old = await kms.wrap("one", SECRET, context=CONTEXT)
    assert await kms.newest("one") == 1
    assert await kms.rotate("one") == 2
    assert await kms.newest("one") == 2
    assert await kms.unwrap("one", old, context=CONTEXT) == SECRET
    new = await kms.rewrap("one", old, context=CONTEXT)
    assert new != old
    assert await kms.unwrap("one", new, context=CONTEXT) == SECRET


async def test_a_rewrap_takes_the_same_context(kms: Kms) -> None:
    await kms.make("one")
    wrapped = await kms.wrap("one", SECRET, context=CONTEXT)
    with pytest.raises(SealBroken):
        await kms.rewrap("one", wrapped, context=b"merchant b")


async def test_a_name_that_never_was_is_gone(kms: Kms) -> None:
    with pytest.raises(WrappingKeyGone):
        await kms.wrap("never", SECRET, context=CONTEXT)
    with pytest.raises(WrappingKeyGone):
        await kms.unwrap("never", bytes(80), context=CONTEXT)
    with pytest.raises(WrappingKeyGone):
        await kms.rotate("never")
    with pytest.raises(WrappingKeyGone):
        await kms.newest("never")


async def test_a_destroyed_key_unwraps_nothing_and_wraps_nothing(kms: Kms) -> None:
    await kms.make("one")
    await kms.make("two")
    wrapped = await kms.wrap("one", SECRET, context=CONTEXT)
    other = await kms.wrap("two", SECRET, context=CONTEXT)
    await kms.destroy("one")
    with pytest.raises(WrappingKeyGone):
        await kms.unwrap("one", wrapped, context=CONTEXT)
    with pytest.raises(WrappingKeyGone):
        await kms.rewrap("one", wrapped, context=CONTEXT)
    with pytest.raises(WrappingKeyGone):
        await kms.wrap("one", SECRET, context=CONTEXT)
    assert await kms.unwrap("two", other, context=CONTEXT) == SECRET


async def test_destroying_twice_is_no_error(kms: Kms) -> None:
    await kms.make("one")
    await kms.destroy("one")
    await kms.destroy("one")
    await kms.destroy("never")


async def test_each_installation_is_told_apart(kms: Kms, tmp_path: Path) -> None:
    assert kms.identity != local(tmp_path / "another").identity
    assert kms.identity != MemoryKms().identity
