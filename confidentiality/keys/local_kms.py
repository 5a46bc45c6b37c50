"""A KMS of files: one file per wrapping key in a directory outside the database, each wrapped by the root key.

A dump of the database alone therefore opens nothing, and destroying a file destroys what its key wrapped. The list of
destroyed names lies beside the store, not in it: a store brought back from a backup still refuses them.
"""

import asyncio
import fcntl
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from confidentiality.associated import bind
from confidentiality.errors import SealBroken
from confidentiality.keys import files
from confidentiality.keys.aead import decrypt, encrypt, new_key
from confidentiality.keys.errors import KmsUnavailable, WrappingKeyGone
from confidentiality.keys.root_key import Protector, RootKey, open_root
from confidentiality.keys.wrapped import unwrap_under, wrap_under

_NAME = re.compile(r"[a-z0-9-]{1,64}")

T = TypeVar("T")


class LocalKms:
    """Wrapping keys in `directory`; the names of destroyed ones in the file `destroyed`.

    Nothing but the root key is kept in memory, so that what one process destroys is gone for all of them at once.
    """

    def __init__(self, directory: Path, protector: Protector, *, destroyed: Path) -> None:
        """Open the store, or make it at the first use. Blocks for a moment; raises KeyStoreLocked."""
        self._directory = directory
        self._destroyed = destroyed
        self._root: RootKey | None = open_root(directory, protector)
        self._identity = f"local:{self._root.store}"
        for name in self._destroyed_names():
            # There only if the store was brought back from a backup.
            files.shred(self._file(name))

    @property
    def identity(self) -> str:
        return self._identity

    async def make(self, name: str) -> None:
        await self._off_the_loop(lambda: self._make(name))

    async def wrap(self, name: str, secret: bytes, *, context: bytes) -> bytes:
        versions = await self._off_the_loop(lambda: self._read(name))
        return wrap_under(versions, secret, name=name, context=context)

    async def unwrap(self, name: str, wrapped: bytes, *, context: bytes) -> bytes:
        versions = await self._off_the_loop(lambda: self._read(name))
        return unwrap_under(versions, wrapped, name=name, context=context)

    async def rewrap(self, name: str, wrapped: bytes, *, context: bytes) -> bytes:
        versions = await self._off_the_loop(lambda: self._read(name))
        return wrap_under(
            versions, unwrap_under(versions, wrapped, name=name, context=context), name=name, context=context
        )

    async def rotate(self, name: str) -> int:
        return await self._off_the_loop(lambda: self._rotate(name))

    async def newest(self, name: str) -> int:
        return max(await self._off_the_loop(lambda: self._read(name)))

    async def destroy(self, name: str) -> None:
        await self._off_the_loop(lambda: self._destroy(name))

    async def close(self) -> None:
        self._root = None

    def _make(self, name: str) -> None:
        file = self._file(name)
        if self._is_destroyed(name):
            raise WrappingKeyGone(name)
        files.write_new(file, self._sealed(name, {1: new_key()}))

    def _read(self, name: str) -> dict[int, bytes]:
        if self._is_destroyed(name):
            raise WrappingKeyGone(name)
        try:
            told = json.loads(self._file(name).read_bytes())
        except FileNotFoundError:
            raise WrappingKeyGone(name) from None
        try:
            return {
                int(version): decrypt(self._root_key, bytes.fromhex(sealed), self._bound_to(name, int(version)))
                for version, sealed in told["versions"].items()
            }
        except (KeyError, TypeError, ValueError, AttributeError):
            raise SealBroken from None

    def _rotate(self, name: str) -> int:
        with self._alone():
            versions = self._read(name)
            added = max(versions) + 1
            files.replace(self._file(name), self._sealed(name, {**versions, added: new_key()}))
        return added

    def _destroy(self, name: str) -> None:
        # Listed first: after a crash in between it counts as destroyed, and the file goes when this is done again.
        with self._alone():
            if not self._is_destroyed(name):
                files.append_line(self._destroyed, name)
            files.shred(self._file(name))

    def _is_destroyed(self, name: str) -> bool:
        return name in self._destroyed_names()

    def _destroyed_names(self) -> list[str]:
        try:
            return self._destroyed.read_text("ascii").split()
        except FileNotFoundError:
            return []

    def _sealed(self, name: str, versions: dict[int, bytes]) -> bytes:
        sealed = {
            str(version): encrypt(self._root_key, key, self._bound_to(name, version)).hex()
            for version, key in versions.items()
        }
        return json.dumps({"format": 1, "versions": sealed}).encode()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time changes keys that are there; the lock goes with the process, even by SIGKILL."""
        with (self._directory / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _bound_to(self, name: str, version: int) -> bytes:
        return bind(b"anshou.key_store.key.v1", self._identity.encode(), name.encode(), str(version).encode())

    def _file(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("not the name of a wrapping key")
        return self._directory / f"{name}.key"

    @property
    def _root_key(self) -> bytes:
        if self._root is None:
            raise KmsUnavailable("it was closed")
        return self._root.key

    async def _off_the_loop(self, read_or_write: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(read_or_write)
        except OSError as error:
            raise KmsUnavailable(f"{type(error).__name__} in the key store") from None
