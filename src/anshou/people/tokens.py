"""Secrets that travel in cookies and links: handed out once, kept only as their SHA-256."""

import hashlib
import secrets
from base64 import b32encode

TOKEN_BYTES = 32


def new_token() -> str:
    """256 random bits, safe in a URL and a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_letters(count: int) -> str:
    """`count` random letters and digits of base32 in lower case: 5 bits each, easily read aloud."""
    return b32encode(secrets.token_bytes(count)).decode()[:count].lower()


def digest(token: str) -> bytes:
    """What is kept of a token. A plain hash suffices, because a token is random and long."""
    return hashlib.sha256(token.encode()).digest()
