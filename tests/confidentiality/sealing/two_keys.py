"""A ciphertext of AES-GCM that opens under two keys, built by solving for one block (IACR ePrint 2019/016).

GCM's tag is linear in the ciphertext's blocks over GF(2^128), so one free block makes the tags of two keys equal.
"""

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

_R = 0xE1 << 120


def opens_under_both(
    one: bytes, two: bytes, nonce: bytes, bound_one: bytes, bound_two: bytes, blocks: list[bytes]
) -> bytes:
    """Ciphertext and tag with a solved block behind the given ones; each key has associated data of its own."""
    given = [int.from_bytes(block, "big") for block in blocks]
    keys = [(_encrypt(key, bytes(16)), _encrypt(key, nonce + b"\0\0\0\1")) for key in (one, two)]
    sides = []
    for (h, mask), bound in zip(keys, (bound_one, bound_two), strict=True):
        padded = bound + bytes(-len(bound) % 16)
        known = [int.from_bytes(padded[at : at + 16], "big") for at in range(0, len(padded), 16)] + given
        lengths = len(bound) * 8 << 64 | (len(given) + 1) * 128
        # The solved block stands last but one: the tag is known · … ⊕ block · h² ⊕ lengths · h ⊕ mask.
        rest = 0
        for each in (*known, 0, lengths):
            rest = _times(rest ^ each, h)
        sides.append((_times(h, h), rest ^ mask))
    (power_one, rest_one), (power_two, rest_two) = sides
    block = _times(rest_one ^ rest_two, _inverse(power_one ^ power_two))
    tag = _times(block, power_one) ^ rest_one
    return b"".join(blocks) + block.to_bytes(16, "big") + tag.to_bytes(16, "big")


def _encrypt(key: bytes, block: bytes) -> int:
    # A single block of the bare cipher is what GCM is made of; nothing is kept secret by it here.
    encryptor = Cipher(AES(key), ECB()).encryptor()  # noqa: S305
    return int.from_bytes(encryptor.update(block), "big")


def _times(left: int, right: int) -> int:
    """The product in GF(2^128) as GCM writes it: the highest bit is the lowest power (NIST SP 800-38D, 6.3)."""
    product = 0
    for bit in range(127, -1, -1):
        if left >> bit & 1:
            product ^= right
        right = right >> 1 ^ _R if right & 1 else right >> 1
    return product


def _inverse(element: int) -> int:
    """The element to the power 2^128 - 2."""
    result, power = 1 << 127, element
    for _ in range(127):
        power = _times(power, power)
        result = _times(result, power)
    return result
