"""Checkpoints: what the tree was at a time, signed, so that it cannot be rewritten once somebody else holds it.

Written as signed notes (C2SP signed-note and tlog-checkpoint), which other programs read too: five lines, an empty one,
and the signature. The signing key is derived from the installation's root secret, which no login of the database has.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from confidentiality.audit.errors import CheckpointInvalid

ORIGIN = "anshou.audit/"
FIRST = "-"
"""What stands for the previous checkpoint in a tenant's first one."""

_ED25519 = b"\x01"
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"

_NOTE = re.compile(
    r"(?P<text>(?P<name>anshou\.audit/(?P<tenant>[0-9a-f-]{36}))\n"
    r"(?P<size>[1-9][0-9]{0,18})\n"
    r"(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"time (?P<time>\S+)\n"
    r"previous (?P<previous>-|[0-9a-f]{64})\n)"
    r"\n"
    r"— (?P=name) (?P<signature>[A-Za-z0-9+/]+={0,2})\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A tree of `size` leaves had this root at `at` (UTC). `note` is the whole signed statement."""

    tenant: UUID
    size: int
    root: bytes
    at: datetime
    previous: str
    note: str

    def digest(self) -> str:
        """What the next checkpoint names as its previous one: SHA-256 of the note, in hexadecimal."""
        return hashlib.sha256(self.note.encode()).hexdigest()


class VerifyingKey:
    """The public half of a tenant's checkpoint key."""

    def __init__(self, tenant: UUID, public: bytes) -> None:
        """From the 32 bytes of an Ed25519 public key."""
        self.name = f"{ORIGIN}{tenant}"
        self._public = public

    @classmethod
    def parse(cls, text: str) -> "VerifyingKey":
        """Read `NAME+ID+KEY`, as `str()` writes it. Raises CheckpointInvalid."""
        try:
            name, key_id, encoded = text.strip().split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
            made = cls(UUID(name.removeprefix(ORIGIN)), raw[1:])
        except ValueError:
            raise CheckpointInvalid("not a verifying key") from None
        if raw[:1] != _ED25519 or len(raw) != 33 or made.name != name or made.id.hex() != key_id:
            raise CheckpointInvalid("not a verifying key")
        return made

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self._public).decode()}"

    @property
    def id(self) -> bytes:
        """Four bytes that stand before a signature and tell which key made it."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self._public).digest()[:4]

    def read(self, note: str) -> Checkpoint:
        """The checkpoint that the note states. Raises CheckpointInvalid unless this key signed exactly it."""
        found = _NOTE.fullmatch(note)
        if found is None or found["name"] != self.name:
            raise CheckpointInvalid("not a checkpoint of this record")
        try:
            signed = base64.b64decode(found["signature"], validate=True)
            if signed[:4] != self.id:
                raise CheckpointInvalid("signed with another key")
            Ed25519PublicKey.from_public_bytes(self._public).verify(signed[4:], found["text"].encode())
            return _stated(found)
        except (InvalidSignature, binascii.Error, ValueError):
            raise CheckpointInvalid("the signature does not hold") from None


class CheckpointKey:
    """Signs a tenant's checkpoints. Holds key material: never log it, never pickle it."""

    __slots__ = ("_key", "tenant", "verifying")

    def __init__(self, root_secret: bytes, tenant: UUID) -> None:
        """Derive the tenant's Ed25519 key from the root secret by HKDF-SHA256 (RFC 5869)."""
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"anshou.audit_checkpoint.v1" + tenant.bytes)
        self._key = Ed25519PrivateKey.from_private_bytes(derived.derive(root_secret))
        self.tenant = tenant
        self.verifying = VerifyingKey(tenant, self._key.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"CheckpointKey({self.verifying.name})"

    def __reduce__(self) -> str:
        raise TypeError("a key is never pickled")

    def sign(self, *, size: int, root: bytes, at: datetime, previous: Checkpoint | None) -> Checkpoint:
        """State that the tree has this size and root now."""
        before = previous.digest() if previous is not None else FIRST
        at = at.astimezone(UTC)
        lines = (
            self.verifying.name,
            str(size),
            base64.b64encode(root).decode(),
            f"time {at.strftime(_TIME)}",
            f"previous {before}",
        )
        text = "".join(f"{line}\n" for line in lines)
        signature = base64.b64encode(self.verifying.id + self._key.sign(text.encode())).decode()
        note = f"{text}\n— {self.verifying.name} {signature}\n"
        return Checkpoint(tenant=self.tenant, size=size, root=root, at=at, previous=before, note=note)


def tenant_of(note: str) -> UUID:
    """Whose checkpoint the note says to be; nothing is verified. Raises CheckpointInvalid."""
    found = _NOTE.match(note)
    if found is None:
        raise CheckpointInvalid("not a checkpoint")
    return UUID(found["tenant"])


def split_notes(text: str) -> Iterator[str]:
    """The notes of a file in which they stand one after the other, e.g. a published one."""
    return (found[0] for found in _NOTE.finditer(text))


def _stated(found: re.Match[str]) -> Checkpoint:
    return Checkpoint(
        tenant=UUID(found["tenant"]),
        size=int(found["size"]),
        root=base64.b64decode(found["root"]),
        at=datetime.strptime(found["time"], _TIME).replace(tzinfo=UTC),
        previous=found["previous"],
        note=found[0],
    )
