"""A KMS that forgets everything when the process ends, for tests and trials. Never for data that shall last."""

import secrets

from confidentiality.keys.aead import new_key
from confidentiality.keys.errors import WrappingKeyGone
from confidentiality.keys.wrapped import unwrap_under, wrap_under


class MemoryKms:
    """Passes the contract of `kms.Kms`."""

    def __init__(self) -> None:
        self._keys: dict[str, dict[int, bytes]] = {}
        self._destroyed: set[str] = set()
        self._identity = f"memory:{secrets.token_hex(8)}"

    @property
    def identity(self) -> str:
        return self._identity

    async def make(self, name: str) -> None:
        if name in self._destroyed:
            raise WrappingKeyGone(name)
        self._keys.setdefault(name, {1: new_key()})

    async def wrap(self, name: str, secret: bytes, *, context: bytes) -> bytes:
        return wrap_under(self._versions(name), secret, name=name, context=context)

    async def unwrap(self, name: str, wrapped: bytes, *, context: bytes) -> bytes:
        return unwrap_under(self._versions(name), wrapped, name=name, context=context)

    async def rewrap(self, name: str, wrapped: bytes, *, context: bytes) -> bytes:
        return await self.wrap(name, await self.unwrap(name, wrapped, context=context), context=context)

    async def rotate(self, name: str) -> int:
        versions = self._versions(name)
        versions[max(versions) + 1] = new_key()
        return max(versions)

    async def newest(self, name: str) -> int:
        return max(self._versions(name))

    async def destroy(self, name: str) -> None:
        self._keys.pop(name, None)
        self._destroyed.add(name)

    async def close(self) -> None:
        """Nothing to let go of: what it holds is gone with the process."""

    def _versions(self, name: str) -> dict[int, bytes]:
        if name not in self._keys:
            raise WrappingKeyGone(name)
        return self._keys[name]
