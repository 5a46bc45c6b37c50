"""Names, passwords and keys of database logins, all derived from the installation's root secret.

Nothing derived is stored: whoever holds the root secret can compute every login, so it lives outside the database.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

_NAME_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_SHA256_BLOCK = 64


def new_schema_name() -> str:
    """An opaque name for a tenant's schema and role: every login can list names, so they say nothing."""
    return "t_" + "".join(secrets.choice(_NAME_ALPHABET) for _ in range(12))


@dataclass(frozen=True, slots=True)
class Credentials:
    """Derives each login's password and the key that signs contexts; the root secret needs 32 bytes or more."""

    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) < 32:
            raise ValueError("the root secret needs at least 32 bytes")

    def __repr__(self) -> str:
        return "Credentials(…)"

    def password(self, role: str, epoch: int = 1) -> str:
        """The 256-bit password of a role; a new epoch replaces it."""
        return self._derive("role password", role, str(epoch)).hex()

    def control_role(self, database: str) -> str:
        """The login of web and worker processes for `control`; named per database, because roles are cluster-wide."""
        return "c_" + self._derive("control login", database).hex()[:16]

    def context_key(self) -> bytes:
        """The HMAC key with which `tenants.signing` signs contexts."""
        return self._derive("context key")

    def context_pads(self) -> tuple[bytes, bytes]:
        """RFC 2104's inner and outer pad of the context key, so that SQL needs only sha256."""
        key = self.context_key().ljust(_SHA256_BLOCK, b"\0")
        return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)

    def _derive(self, purpose: str, *parts: str) -> bytes:
        message = "\0".join(("anshou", purpose, *parts)).encode()
        return hmac.digest(self.secret, message, "sha256")


def scram_verifier(password: str, *, iterations: int = 1) -> str:
    """The SCRAM-SHA-256 verifier (RFC 5803) that PostgreSQL stores, so that no statement ever carries a password.

    One iteration is enough here and only here: the passwords are 256 random bits, so there is nothing to guess, and
    each connection saves the 2-3 ms that 4096 iterations cost in Python.
    """
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored = base64.b64encode(hashlib.sha256(client_key).digest()).decode()
    server = base64.b64encode(hmac.digest(salted, b"Server Key", "sha256")).decode()
    return f"SCRAM-SHA-256${iterations}:{base64.b64encode(salt).decode()}${stored}:{server}"
