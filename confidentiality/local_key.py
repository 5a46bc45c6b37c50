"""Small secrets of a tenant (second-factor seeds, channel tokens), sealed under the installation's root secret.

AES-256-GCM with a random 12-byte nonce. Each tenant has its own key, derived by HKDF-SHA256 (RFC 5869) from the root
secret; the associated data names tenant, owner and purpose, so that bytes moved to another row do not open. Because
the key is derived it cannot be destroyed for one tenant alone: merchants' confidential fields need random keys and
do not belong here.
"""

import hmac
import os
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from confidentiality.associated import bind
from confidentiality.errors import SealBroken

FORMAT = b"\x01"
_NONCE = 12
_TAG = 16
_SECRET_BYTES = 32


class LocalKey:
    """The sealing key of one tenant. Holds key material: never log it, never pickle it."""

    __slots__ = ("_cipher", "_mark_key", "_tenant")

    def __init__(self, root_secret: bytes, tenant: UUID) -> None:
        """Derive the tenant's key. Raises ValueError for a root secret of less than 32 bytes."""
        if len(root_secret) < _SECRET_BYTES:
            raise ValueError(f"the root secret needs at least {_SECRET_BYTES} bytes")
        self._cipher = AESGCM(_derived(root_secret, b"anshou.local_key.v1" + tenant.bytes))
        self._mark_key = _derived(root_secret, b"anshou.local_key.mark.v1" + tenant.bytes)
        self._tenant = tenant

    def __repr__(self) -> str:
        return f"LocalKey(tenant={self._tenant})"

    def __reduce__(self) -> str:
        raise TypeError("a key is never pickled")

    def seal(self, secret: bytes, *, owner: UUID, purpose: str) -> bytes:
        """Seal `secret` for this owner (usually an account) and purpose: format, nonce, ciphertext with tag."""
        nonce = os.urandom(_NONCE)
        return FORMAT + nonce + self._cipher.encrypt(nonce, secret, self._bound_to(owner, purpose))

    def open(self, sealed: bytes, *, owner: UUID, purpose: str) -> bytes:
        """Give back what `seal` was given. Raises SealBroken for anything else."""
        if len(sealed) < len(FORMAT) + _NONCE + _TAG or sealed[:1] != FORMAT:
            raise SealBroken
        nonce, rest = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return self._cipher.decrypt(nonce, rest, self._bound_to(owner, purpose))
        except InvalidTag:
            raise SealBroken from None

    def mark(self, content: bytes, *, purpose: str) -> bytes:
        """Recognise `content` again without keeping it: HMAC-SHA256. Of what can be guessed a plain hash tells all."""
        return hmac.digest(self._mark_key, bind(FORMAT, purpose.encode(), content), sha256)

    def _bound_to(self, owner: UUID, purpose: str) -> bytes:
        return bind(FORMAT, self._tenant.bytes, owner.bytes, purpose.encode())


def _derived(root_secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(root_secret)
