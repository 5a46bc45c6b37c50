"""Files that came with a form which is shown again: a browser never sends a chosen file twice by itself.

They lie in the storage already. The page carries what is known of each, signed and bound to the session, so that the
next sending brings them along.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from hashlib import sha256

import msgspec

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.pages import portal_of
from anshou.tickets.timeline import StoredFile

FIELD = "kept_files"

_TAG = 32


def kept_field(request: Asked, visit: Visit, file: StoredFile) -> str:
    """The value of a hidden field that brings the file along."""
    told = msgspec.json.encode(file)
    return urlsafe_b64encode(_proof(request, visit, told) + told).decode()


async def kept_files(request: Asked, visit: Visit) -> list[StoredFile]:
    """The files that the form brings along. What was not signed for this session is left out."""
    found = []
    for value in (await request.form()).getall(FIELD, []):
        try:
            raw = urlsafe_b64decode(str(value).encode())
        except (NotBase64, ValueError):
            continue
        if hmac.compare_digest(raw[:_TAG], _proof(request, visit, raw[_TAG:])):
            found.append(msgspec.json.decode(raw[_TAG:], type=StoredFile))
    return found


def shown_kept(request: Asked, visit: Visit, files: Sequence[StoredFile]) -> list[tuple[str, str]]:
    """For a template: each file's name and the value of its field."""
    return [(file.name, kept_field(request, visit, file)) for file in files]


def _proof(request: Asked, visit: Visit, told: bytes) -> bytes:
    tokens = portal_of(request).tokens
    bound_to = f"{visit.tenant.schema}\0{tokens.binding(request)}\0"
    return hmac.digest(tokens.key, b"kept-file\0" + bound_to.encode() + told, sha256)
