"""The root key of a local key store: 32 random bytes, kept in the file `root`, wrapped by what protects them.

Three protections, named in the file: a passphrase (Argon2id, RFC 9106), a machine key (a file of 32 random bytes that
lies outside the store), or the installation's root secret. What protects can be changed without touching any key.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from confidentiality.associated import bind
from confidentiality.errors import SealBroken
from confidentiality.keys import files
from confidentiality.keys.aead import KEY_BYTES, decrypt, encrypt, new_key
from confidentiality.keys.errors import KeyStoreLocked

Protection = Literal["passphrase", "machine", "secret"]

FILE = "root"

# The second recommended choice of RFC 9106, section 4: 64 MiB, three passes, four lanes.
_ARGON2 = {"time_cost": 3, "memory_kib": 64 * 1024, "lanes": 4}
_SALT_BYTES = 16
_STORE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Protector:
    """What protects a root key, and which of the three kinds it is: 32 random bytes, or a passphrase's bytes."""

    kind: Protection
    material: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.kind != "passphrase" and len(self.material) < KEY_BYTES:
            raise ValueError(f"a {self.kind} protection needs {KEY_BYTES} random bytes")
        if not self.material:
            raise ValueError("a passphrase must not be empty")

    def key(self, stretching: dict[str, Any]) -> bytes:
        """The key that wraps the root key, by the parameters that the file keeps."""
        salt = bytes.fromhex(stretching["salt"])
        if self.kind == "passphrase":
            return hash_secret_raw(
                self.material,
                salt,
                time_cost=stretching["time_cost"],
                memory_cost=stretching["memory_kib"],
                parallelism=stretching["lanes"],
                hash_len=KEY_BYTES,
                type=Type.ID,
            )
        # Random already: only kept apart from what else the same bytes may be used for.
        derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=b"anshou.key_store.root.v1")
        return derivation.derive(self.material)


@dataclass(frozen=True, slots=True)
class RootKey:
    """The root key of one store, in memory. `store` is the store's random name."""

    store: str
    key: bytes = field(repr=False)


def open_root(directory: Path, protector: Protector) -> RootKey:
    """The root key of the store in `directory`, made at the first use.

    Raises KeyStoreLocked, which says what is wrong without any key material.
    """
    file = directory / FILE
    try:
        told = json.loads(file.read_bytes())
    except FileNotFoundError:
        return _made(directory, protector)
    except (OSError, ValueError):
        raise KeyStoreLocked(f"{file} cannot be read") from None
    try:
        if told["protection"] != protector.kind:
            raise KeyStoreLocked(f"{file} is protected by {told['protection']}, not by {protector.kind}")
        return _unwrapped(told, protector)
    except SealBroken:
        raise KeyStoreLocked(f"{file} does not open with this {_NAMES[protector.kind]}") from None
    except (KeyError, TypeError, ValueError):
        raise KeyStoreLocked(f"{file} is damaged") from None


def protect_anew(directory: Path, root: RootKey, protector: Protector) -> None:
    """Keep the same root key under another passphrase or protection."""
    files.replace(directory / FILE, _wrapped(root, protector))


_NAMES = {"passphrase": "passphrase", "machine": "machine key", "secret": "root secret"}


def _made(directory: Path, protector: Protector) -> RootKey:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(directory.glob("*.key")):
        # A new root key would hide that none of these opens any more.
        raise KeyStoreLocked(f"{directory / FILE} is missing beside the keys that it wraps")
    made = RootKey(os.urandom(_STORE_BYTES).hex(), new_key())
    if files.write_new(directory / FILE, _wrapped(made, protector)):
        return made
    # Of two processes at their first start one makes it and the other reads it.
    return open_root(directory, protector)


def _wrapped(root: RootKey, protector: Protector) -> bytes:
    stretching: dict[str, Any] = {"salt": os.urandom(_SALT_BYTES).hex()}
    if protector.kind == "passphrase":
        stretching |= _ARGON2
    told = {"format": 1, "store": root.store, "protection": protector.kind, "stretching": stretching}
    told["key"] = encrypt(protector.key(stretching), root.key, _bound_to(told)).hex()
    return json.dumps(told, indent=1).encode()


def _unwrapped(told: dict[str, Any], protector: Protector) -> RootKey:
    key = decrypt(protector.key(told["stretching"]), bytes.fromhex(told["key"]), _bound_to(told))
    return RootKey(told["store"], key)


def _bound_to(told: dict[str, Any]) -> bytes:
    return bind(b"anshou.key_store.v1", told["store"].encode(), told["protection"].encode())
