"""The address that a letter is answered to: `reply+TOKEN@…`, which only the letter's recipient was told."""

import base64
import binascii
import hmac
import re
from uuid import UUID

from confidentiality.local_key import LocalKey

_PURPOSE = "reply address"
_MARK = 12

# 16 bytes of the letter's id and 12 of its mark, in Base32 without padding: mail systems keep no case.
_TOKEN = re.compile(r"(?<![a-z0-9])[a-z2-7]{45}(?![a-z0-9])")


def token_of(key: LocalKey, letter_id: UUID) -> str:
    """The letter's token: its id, and a mark that nobody makes who lacks the key."""
    return base64.b32encode(letter_id.bytes + _mark(key, letter_id)).decode().rstrip("=").lower()


def letter_of(key: LocalKey, *texts: str) -> UUID | None:
    """The letter whose token stands in one of the texts, e.g. in addresses or in References; None if none does."""
    for text in texts:
        for token in _TOKEN.findall(text.lower()):
            if (letter_id := _opened(key, token)) is not None:
                return letter_id
    return None


def _opened(key: LocalKey, token: str) -> UUID | None:
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except binascii.Error:
        return None
    letter_id = UUID(bytes=raw[:16])
    # Compared as it is written: its last letter has a bit to spare, and a token has one spelling.
    return letter_id if hmac.compare_digest(token, token_of(key, letter_id)) else None


def _mark(key: LocalKey, letter_id: UUID) -> bytes:
    return key.mark(letter_id.bytes, purpose=_PURPOSE)[:_MARK]
