"""Published vectors (of the package cryptography-vectors) through the functions that seal and open call.

What falls inside our parameters must agree; what falls outside must be refused.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import cryptography_vectors
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes

from confidentiality.sealing.suites import NONCE, TAG, Suite, aead, derive, keyed_hash
from tests.house_rules.sources import REPOSITORY

VECTORS = Path(cryptography_vectors.__file__).parent

Vector = dict[str, str]


def vectors(name: str) -> Iterator[Vector]:
    """The cases of a file in the form of NIST: `[section = value]` lines, then cases, each with the same names."""
    section: Vector = {}
    case: Vector = {}
    for line in map(str.strip, (VECTORS / name).read_text().splitlines()):
        left, _, right = line.strip("[]").partition("=")
        key, value = left.strip().lower(), right.strip()
        if not line or line.startswith("#"):
            continue
        if case and (line.startswith("[") or key in case):
            yield section | case
            case = {}
        if line.startswith("["):
            section[key] = value
        else:
            case[key] = value
    yield section | case


def raw(vector: Vector, name: str) -> bytes:
    return bytes.fromhex(vector.get(name, ""))


@pytest.mark.parametrize("way", ["Decrypt", "EncryptExtIV"])
def test_aes_256_gcm_agrees_inside_our_parameters_and_refuses_what_is_outside(way: str) -> None:
    agreed = refused = 0
    for vector in vectors(f"ciphers/AES/GCM/gcm{way}256.rsp"):
        cipher = aead(Suite.AES_256_GCM, raw(vector, "key"))
        nonce, text, bound = raw(vector, "iv"), raw(vector, "pt"), raw(vector, "aad")
        sealed = raw(vector, "ct") + raw(vector, "tag")
        if len(nonce) != NONCE:
            with pytest.raises(ValueError, match="12 bytes"):
                cipher.decrypt(nonce, sealed, bound)
            with pytest.raises(ValueError, match="12 bytes"):
                cipher.encrypt(nonce, text, bound)
            refused += 1
        elif len(raw(vector, "tag")) != TAG or "fail" in vector:
            with pytest.raises(InvalidTag):
                cipher.decrypt(nonce, sealed, bound)
            refused += 1
        else:
            assert cipher.decrypt(nonce, sealed, bound) == text
            assert cipher.encrypt(nonce, text, bound) == sealed
            agreed += 1
    assert agreed > 150
    assert refused > 5000


@pytest.mark.parametrize("bits", [128, 192])
def test_other_key_lengths_of_aes_are_refused(bits: int) -> None:
    for vector in vectors(f"ciphers/AES/GCM/gcmEncryptExtIV{bits}.rsp"):
        with pytest.raises(ValueError, match="32 bytes"):
            aead(Suite.AES_256_GCM, raw(vector, "key"))


def test_sm4_gcm_agrees_with_rfc_8998() -> None:
    found = list(vectors("ciphers/SM4/rfc8998.txt"))
    assert found
    for vector in found:
        cipher = aead(Suite.SM4_GCM, raw(vector, "key"))
        nonce, text, bound = raw(vector, "iv"), raw(vector, "plaintext"), raw(vector, "aad")
        sealed = raw(vector, "ciphertext") + raw(vector, "tag")
        assert cipher.encrypt(nonce, text, bound) == sealed
        assert cipher.decrypt(nonce, sealed, bound) == text
        for other in (nonce[:-1], nonce + b"\0", nonce[:8]):
            with pytest.raises(ValueError, match="12 bytes"):
                cipher.decrypt(other, sealed, bound)
        for broken in (sealed[:-1], sealed[:TAG], sealed[:5], sealed[:-1] + bytes([sealed[-1] ^ 1])):
            with pytest.raises(InvalidTag):
                cipher.decrypt(nonce, broken, bound)
        with pytest.raises(ValueError, match="16 bytes"):
            aead(Suite.SM4_GCM, raw(vector, "key") * 2)


def test_hkdf_agrees_with_rfc_5869() -> None:
    found = list(vectors("KDF/rfc-5869-HKDF-SHA256.txt"))
    assert len(found) == 3
    for vector in found:
        salt = raw(vector, "salt") or None
        derived = derive(Suite.AES_256_GCM, raw(vector, "ikm"), raw(vector, "info"), length=int(vector["l"]), salt=salt)
        assert derived == raw(vector, "okm")


def test_hmac_agrees_with_rfc_4231() -> None:
    found = list(vectors("HMAC/rfc-4231-sha256.txt"))
    assert len(found) >= 6
    for vector in found:
        digest = keyed_hash(Suite.AES_256_GCM, raw(vector, "key"))(raw(vector, "msg"))
        assert digest.hex().startswith(vector["md"])


def test_hmac_and_hkdf_with_sm3_are_what_their_definitions_make_of_the_published_hash() -> None:
    def sm3(message: bytes) -> bytes:
        running = hashes.Hash(hashes.SM3())
        running.update(message)
        return running.finalize()

    def by_definition(key: bytes, message: bytes) -> bytes:
        """RFC 2104, for keys of at most a block of 64 bytes."""
        block = key.ljust(64, b"\0")
        inner = sm3(bytes(byte ^ 0x36 for byte in block) + message)
        return sm3(bytes(byte ^ 0x5C for byte in block) + inner)

    published = list(vectors("hashes/SM3/oscca.txt"))
    assert len(published) > 2
    for vector in published:
        message = raw(vector, "msg") if vector["len"] != "0" else b""
        assert sm3(message).hex() == vector["md"]
        key = b"k" * 32
        assert keyed_hash(Suite.SM4_GCM, key)(message) == by_definition(key, message)
    # RFC 5869: extract with a salt of zeros, then the first block of expand.
    extracted = by_definition(b"\0" * 32, b"key" * 10)
    assert derive(Suite.SM4_GCM, b"key" * 10, b"info") == by_definition(extracted, b"info\x01")


def test_no_key_is_wrapped_by_aes_key_wrap_so_its_vectors_have_nothing_to_run_against() -> None:
    # Keys are wrapped by AES-256-GCM with associated data; RFC 3394 has no place for any. Should a room begin to
    # call it, its vectors (keywrap/kwtestvectors) belong here.
    found = subprocess.run(
        ["git", "grep", "-l", "-E", r"primitives(\.keywrap| import .*keywrap)", "--", "*.py", ":!tests"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""
