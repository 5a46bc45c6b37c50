"""Signatures per Standard Webhooks (specification 1.0, section "Symmetric signatures")."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"

# The specification asks for 24 to 64 bytes; 32 are as strong as the hash.
SECRET_BYTES = 32


def new_secret() -> str:
    """A fresh signing secret, as it is shown once to its owner: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(message_id: str, at: datetime, body: bytes, keys: Sequence[str]) -> dict[str, str]:
    """The three headers of a message; one signature per secret, so that a receiver may change over at leisure.

    `at` (UTC aware) is when this attempt is made: receivers refuse what is older than their tolerance.
    """
    timestamp = str(int(at.timestamp()))
    content = b".".join((message_id.encode(), timestamp.encode(), body))
    signatures = (base64.b64encode(hmac.digest(_key(secret), content, hashlib.sha256)).decode() for secret in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a signing secret is whsec_ and base64") from None
