"""AES-256-GCM over a key: what local wrapping and the wrapping of data keys are made of.

A random 12-byte nonce, then ciphertext and tag. The keys wrapped here are few and random, so neither the limit of
2^32 messages per key (NIST SP 800-38D, 8.3) nor a chosen second key for one ciphertext is within reach: a wrapped key
that opened under another key would give bytes that open nothing.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from confidentiality.errors import SealBroken

KEY_BYTES = 32

_NONCE = 12
_TAG = 16


def new_key() -> bytes:
    """32 bytes of the operating system's randomness."""
    return os.urandom(KEY_BYTES)


def encrypt(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Nonce, ciphertext and tag, bound to the associated data."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def decrypt(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """What `encrypt` was given. Raises SealBroken for anything else."""
    if len(sealed) < _NONCE + _TAG:
        raise SealBroken
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
    except InvalidTag:
        raise SealBroken from None
