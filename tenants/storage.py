"""Object storage: a tenant's files, streamed in and out in chunks and never held whole.

The seam is `ObjectStorage`; `open_storage` gives the adapter that a URL names. A key begins with the schema of its
tenant, so that the files of one tenant can be listed, exported and erased together.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.store import LocalStore, MemoryStore, S3Store

if TYPE_CHECKING:
    from obstore.store import S3Config

from tenants.base import new_id

# What one upload holds in memory at most: PART × PARTS_AT_ONCE. S3 takes no part below 5 MiB but the last.
PART = 5 * 2**20
PARTS_AT_ONCE = 2

# What a reader is handed at a time, in bytes.
CHUNK = 2**18


class ObjectMissing(Exception):
    """Raised when nothing is stored under the key."""


class ObjectStorage(Protocol):
    """Where bytes are kept under a key. Every adapter passes `tests/tenants/test_storage.py`."""

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """Store what `chunks` yields. What `chunks` raises is raised again, and then nothing is stored."""
        ...

    def read(self, key: str) -> AsyncIterator[bytes]:
        """The bytes in order, in chunks of at most `CHUNK`. Raises ObjectMissing before the first."""
        ...

    async def delete(self, key: str) -> None:
        """Remove the object; one that is not there is no error."""
        ...


def new_key(schema: str) -> str:
    """A key for a new object of the tenant in `schema`; no name of a file or person is part of it."""
    return f"{schema}/{new_id()}"


def open_storage(url: str) -> ObjectStorage:
    """The storage at `file:///folder`, `s3://bucket/prefix?endpoint=…&region=…&virtual_hosted=yes` or `memory:`.

    The credentials of an S3-compatible store come from where its other clients find them: `AWS_ACCESS_KEY_ID`,
    `AWS_SECRET_ACCESS_KEY`, or the identity of the machine. Raises ValueError for any other kind of URL.
    """
    parts = urlsplit(url)
    opener = _OPENERS.get(parts.scheme)
    if opener is None:
        raise ValueError(f"no object storage is known for {parts.scheme or 'an empty'} URLs")
    return ObstoreStorage(opener(url))


class ObstoreStorage:
    """The adapter over obstore: a local folder, an S3-compatible store, or memory."""

    def __init__(self, store: LocalStore | S3Store | MemoryStore) -> None:
        self._store = store

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """See `ObjectStorage.put`: a part upload that is aborted when `chunks` raises."""
        await obstore.put_async(self._store, key, chunks, chunk_size=PART, max_concurrency=PARTS_AT_ONCE)

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """See `ObjectStorage.read`."""
        try:
            found = await obstore.get_async(self._store, key)
        except FileNotFoundError:
            raise ObjectMissing(key) from None
        async for piece in found.stream(min_chunk_size=CHUNK):
            # The memory store answers in one piece, whatever was asked for.
            view = memoryview(piece)
            for start in range(0, len(view), CHUNK):
                yield bytes(view[start : start + CHUNK])

    async def delete(self, key: str) -> None:
        """See `ObjectStorage.delete`."""
        # Only the local folder tells that the object was not there.
        with suppress(FileNotFoundError):
            await obstore.delete_async(self._store, key)


def _open_folder(url: str) -> LocalStore:
    folder = Path(unquote(urlsplit(url).path))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return LocalStore(folder)


def _open_bucket(url: str) -> S3Store:
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    config: S3Config = {
        "region": options.get("region", "us-east-1"),
        "virtual_hosted_style_request": options.get("virtual_hosted") == "yes",
    }
    endpoint = options.get("endpoint", "")
    if endpoint:
        config["endpoint"] = endpoint
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=config,
        client_options={"allow_http": endpoint.startswith("http://")},
    )


_OPENERS: dict[str, Callable[[str], LocalStore | S3Store | MemoryStore]] = {
    "file": _open_folder,
    "s3": _open_bucket,
    "memory": lambda _: MemoryStore(),
}
