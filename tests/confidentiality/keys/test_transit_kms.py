"""What is particular to a KMS behind HTTP: tokens, faults of the service, and what goes over the line."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from confidentiality.keys import transit_kms
from confidentiality.keys.errors import KmsRefused, KmsUnavailable, WrappingKeyGone
from confidentiality.keys.transit_kms import TransitAddress, TransitKms
from tests.confidentiality.keys.transit_server import TOKEN, TransitServer, running

SECRET = bytes(range(32))
CONTEXT = b"merchant a"


@pytest.fixture
async def server() -> TransitServer:
    return TransitServer()


@pytest.fixture
def token(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    return file


@pytest.fixture
async def kms(server: TransitServer, token: Path) -> AsyncIterator[TransitKms]:
    async with running(server) as base:
        made = TransitKms(TransitAddress(base), token)
        yield made
        await made.close()


async def test_keys_are_made_derived_and_cannot_be_exported(kms: TransitKms, server: TransitServer) -> None:
    await kms.make("one")
    assert server.keys["one"].derived


async def test_a_renewed_token_is_read_from_its_file(kms: TransitKms, server: TransitServer, token: Path) -> None:
    await kms.make("one")
    server.token = "s.renewed"
    await asyncio.to_thread(token.write_text, "s.renewed")
    wrapped = await kms.wrap("one", SECRET, context=CONTEXT)
    assert await kms.unwrap("one", wrapped, context=CONTEXT) == SECRET


async def test_a_wrong_token_is_a_refusal_that_does_not_say_it(kms: TransitKms, server: TransitServer) -> None:
    server.token = "s.another"
    with pytest.raises(KmsRefused, match="403") as refusal:
        await kms.make("one")
    assert TOKEN not in str(refusal.value)


@pytest.mark.parametrize("status", [429, 472, 473, 500, 502, 503])
async def test_a_service_in_trouble_is_not_a_destroyed_key(kms: TransitKms, server: TransitServer, status: int) -> None:
    await kms.make("one")
    wrapped = await kms.wrap("one", SECRET, context=CONTEXT)
    server.fail_with = status
    with pytest.raises(KmsUnavailable):
        await kms.unwrap("one", wrapped, context=CONTEXT)
    server.fail_with = None
    assert await kms.unwrap("one", wrapped, context=CONTEXT) == SECRET


async def test_a_redirect_is_not_followed(kms: TransitKms, server: TransitServer) -> None:
    server.fail_with = 307
    with pytest.raises(KmsRefused):
        await kms.make("one")


async def test_nobody_there_is_said_so(token: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    kms = TransitKms(TransitAddress(f"http://127.0.0.1:{port}"), token)
    with pytest.raises(KmsUnavailable, match="no connection"):
        await kms.make("one")
    await kms.close()


async def test_an_endless_wait_ends(token: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transit_kms, "_WHOLE", 0.2)

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    kms = TransitKms(TransitAddress(f"http://127.0.0.1:{port}"), token)
    with pytest.raises(KmsUnavailable, match="in time"):
        await kms.make("one")
    await kms.close()
    silent.close()
    await silent.wait_closed()


async def test_wrapping_never_brings_a_destroyed_key_back(kms: TransitKms, server: TransitServer) -> None:
    await kms.make("one")
    await kms.destroy("one")
    with pytest.raises(WrappingKeyGone):
        await kms.wrap("one", SECRET, context=CONTEXT)
    assert "one" not in server.keys


async def test_a_rewrap_does_not_bring_the_secret_here(kms: TransitKms, server: TransitServer) -> None:
    await kms.make("one")
    wrapped = await kms.wrap("one", SECRET, context=CONTEXT)
    await kms.rotate("one")
    server.asked.clear()
    assert (await kms.rewrap("one", wrapped, context=CONTEXT)).startswith(b"vault:v2:")
    assert server.asked == ["POST /v1/transit/rewrap/one"]


async def test_the_names_of_a_mount_and_a_namespace_tell_installations_apart(token: Path) -> None:
    one = TransitKms(TransitAddress("http://127.0.0.1:1", "transit"), token)
    other = TransitKms(TransitAddress("http://127.0.0.1:1", "transit", "team"), token)
    moved = TransitKms(TransitAddress("http://127.0.0.1:2", "transit"), token)
    assert one.identity != other.identity
    assert one.identity == moved.identity
