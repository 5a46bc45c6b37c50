"""The contract of object storage, the same for every adapter."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import boto3
import psutil
import pytest
from moto.server import ThreadedMotoServer

from tenants.storage import CHUNK, PART, ObjectMissing, ObjectStorage, new_key, open_storage

MIB = 2**20


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The URL of an empty bucket on an S3-compatible server at the loopback address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "test")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "test")
        client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
        client.create_bucket(Bucket="files")
        client.close()
        yield f"s3://files/agencies?endpoint={endpoint}"
    server.stop()


@pytest.fixture(params=["folder", "s3", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStorage:
    """Each adapter in turn."""
    match request.param:
        case "folder":
            return open_storage((tmp_path / "objects with 空格").as_uri())
        case "s3":
            return open_storage(request.getfixturevalue("bucket"))
        case _:
            return open_storage("memory:")


async def pieces(size: int, *, fail_after: int | None = None) -> AsyncIterator[bytes]:
    sent = 0
    while sent < size:
        if fail_after is not None and sent >= fail_after:
            raise InterruptedError("the sender went away")
        piece = bytes([sent // 65536 % 251]) * min(65536, size - sent)
        sent += len(piece)
        yield piece


async def read(storage: ObjectStorage, key: str) -> bytes:
    return b"".join([chunk async for chunk in storage.read(key)])


@pytest.mark.parametrize("size", [0, 1, 65536, PART + 17, 3 * PART])
async def test_what_was_put_is_read_back_in_order(storage: ObjectStorage, size: int) -> None:
    key = new_key("t_one")
    await storage.put(key, pieces(size))
    expected = b"".join([piece async for piece in pieces(size)])
    assert hashlib.sha256(await read(storage, key)).digest() == hashlib.sha256(expected).digest()


async def test_a_reader_is_never_handed_more_than_a_chunk(storage: ObjectStorage) -> None:
    key = new_key("t_one")
    await storage.put(key, pieces(3 * CHUNK + 5))
    lengths = [len(chunk) async for chunk in storage.read(key)]
    assert sum(lengths) == 3 * CHUNK + 5
    assert max(lengths) <= CHUNK


@pytest.mark.parametrize("fail_after", [0, 65536, 2 * PART])
async def test_an_upload_that_breaks_off_stores_nothing(storage: ObjectStorage, fail_after: int) -> None:
    key = new_key("t_one")
    with pytest.raises(InterruptedError):
        await storage.put(key, pieces(3 * PART, fail_after=fail_after))
    with pytest.raises(ObjectMissing):
        await read(storage, key)


async def test_what_was_never_put_is_missing(storage: ObjectStorage) -> None:
    with pytest.raises(ObjectMissing):
        await read(storage, new_key("t_one"))


async def test_deleting_twice_is_no_error(storage: ObjectStorage) -> None:
    key = new_key("t_one")
    await storage.put(key, pieces(10))
    await storage.delete(key)
    await storage.delete(key)
    with pytest.raises(ObjectMissing):
        await read(storage, key)


def test_a_key_names_the_tenant_and_nothing_else() -> None:
    schema, _, rest = new_key("t_one").partition("/")
    assert schema == "t_one"
    assert len(rest) == 36
    assert new_key("t_one") != new_key("t_one")


def test_an_unknown_kind_of_storage_is_refused() -> None:
    with pytest.raises(ValueError, match="ftp"):
        open_storage("ftp://somewhere")


async def test_a_long_upload_and_download_hold_memory_constant(tmp_path: Path) -> None:
    storage = open_storage(tmp_path.as_uri())
    me = psutil.Process()
    await storage.put(new_key("warm"), pieces(4 * PART))
    before = highest = me.memory_info().rss

    async def watched() -> AsyncIterator[bytes]:
        nonlocal highest
        async for piece in pieces(200 * MIB):
            highest = max(highest, me.memory_info().rss)
            yield piece

    key = new_key("t_one")
    await storage.put(key, watched())
    async for _ in storage.read(key):
        highest = max(highest, me.memory_info().rss)
    assert highest - before < 40 * MIB
