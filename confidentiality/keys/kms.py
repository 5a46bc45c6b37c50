"""The seam to a key management service (KMS): named wrapping keys that never leave it.

Adapters: `local_kms` (files), `transit_kms` (OpenBao and HashiCorp Vault) and `memory_kms` (a fake that is shipped, for
tests and trials). All pass the contract in `tests/confidentiality/keys/test_kms.py`; so must one for a cloud's KMS.
"""

from typing import Protocol


class Kms(Protocol):
    """Wraps keys under named wrapping keys. A name is opaque, `[a-z0-9-]{1,64}`, and never used a second time.

    Whatever is wrapped is bound to its name and its context: it unwraps with exactly these. Every method raises
    KmsUnavailable when the service does not answer, and KmsRefused when it does not let us.
    """

    @property
    def identity(self) -> str:
        """Which service and key store this is; kept beside what it wrapped, so that a mix-up is noticed."""
        ...

    async def make(self, name: str) -> None:
        """Make the wrapping key `name`, in its version 1. Does nothing if it exists; WrappingKeyGone if destroyed."""
        ...

    async def wrap(self, name: str, secret: bytes, *, context: bytes) -> bytes:
        """Wrap `secret` under the newest version of `name`. Raises WrappingKeyGone."""
        ...

    async def unwrap(self, name: str, wrapped: bytes, *, context: bytes) -> bytes:
        """What `wrap` was given. Raises WrappingKeyGone, and SealBroken for another context, name or changed bytes."""
        ...

    async def rewrap(self, name: str, wrapped: bytes, *, context: bytes) -> bytes:
        """The same secret under the newest version of `name`. Raises as `unwrap` does."""
        ...

    async def rotate(self, name: str) -> int:
        """Add a version to `name` and return it; older ones still unwrap. Raises WrappingKeyGone."""
        ...

    async def newest(self, name: str) -> int:
        """The newest version of `name`, counted from 1. Raises WrappingKeyGone."""
        ...

    async def destroy(self, name: str) -> None:
        """Destroy `name` with all its versions, for good. Does nothing if that was done before."""
        ...

    async def close(self) -> None:
        """Let go of connections and of key material in memory."""
        ...
