"""A file that a request brings: streamed to the storage before the visit begins, so that no connection waits for it."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException

from anshou.api import errors, idempotency, visits
from anshou.gate.callers import Asked
from tenants.files import FileTooLarge, StoredFile, receive_file
from tenants.refusals import N_
from tenants.shapes import accept
from tenants.storage import ObjectStorage

MULTIPART = "multipart/form-data"
MEBIBYTE = 2**20

# Bytes read from the spooled part at a time.
PIECE = 64 * 1024

Permit = Callable[[Asked], Awaitable[ObjectStorage]]


class Beside(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a form may say beside its file; a route that asks for more extends it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that lies in the storage, and what the form said beside it."""

    file: StoredFile
    beside: Any


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that is read at once and not kept, and what the form said beside it."""

    name: str
    content: bytes
    beside: Any


def taking(permit: Permit, beside: type[Beside] = Beside) -> dict[str, Provide]:
    """The dependencies of a route that takes one file under `file`, after `permit` let the caller send it and said
    where it goes.

    What is stored for a request that is refused afterwards is named by no row and therefore no file.
    """

    async def uploaded(request: Asked, given_key: NamedDependency[str]) -> Upload:
        storage = await permit(request)
        caller, door = visits.caller_by_key(request), visits.door_of(request)
        sent, said = await _sent(request, beside)
        limit = door.settings.upload_limit * MEBIBYTE
        stored = await receive_file(storage, caller.tenant.schema, sent.filename, _pieces(sent), limit=limit)
        return Upload(stored, said)

    async def fingerprint(request: Asked, uploaded: NamedDependency[Upload]) -> bytes:
        described = msgspec.json.encode([uploaded.file.name, uploaded.file.sha256, uploaded.beside])
        return idempotency.fingerprint_of(request, hashlib.sha256(described).digest())

    return {"uploaded": Provide(uploaded), "fingerprint": Provide(fingerprint)}


def reading(permit: Callable[[Asked], None], beside: type[Beside] = Beside) -> dict[str, Provide]:
    """The dependencies of a route that reads one file under `file` and keeps none of it, after `permit` let the caller.

    Raises FileTooLarge for more than is taken of any file.
    """

    async def uploaded(request: Asked, given_key: NamedDependency[str]) -> Sent:
        permit(request)
        sent, said = await _sent(request, beside)
        limit = visits.door_of(request).settings.upload_limit * MEBIBYTE
        content = await sent.read(limit + 1)
        if len(content) > limit:
            raise FileTooLarge(N_("文件超过 %(limit)s MB 的上限，请压缩后再上传"), limit=limit // MEBIBYTE)
        return Sent(sent.filename, content, said)

    async def fingerprint(request: Asked, uploaded: NamedDependency[Sent]) -> bytes:
        digest = hashlib.sha256(uploaded.content).hexdigest()
        described = msgspec.json.encode([uploaded.name, digest, uploaded.beside])
        return idempotency.fingerprint_of(request, hashlib.sha256(described).digest())

    return {"uploaded": Provide(uploaded), "fingerprint": Provide(fingerprint)}


async def _sent(request: Asked, beside: type[Beside]) -> tuple[UploadFile, Any]:
    """The one file, and what the form says beside it. Raises BodyInvalid, ShapeInvalid and what `_form` raises."""
    form = await _form(request)
    sent = form.pop("file", None)
    if not isinstance(sent, UploadFile):
        raise errors.BodyInvalid(N_("请上传一个文件。"), {"file": N_("请选择文件")})
    return sent, accept(beside, {name: value for name, value in form.items() if not isinstance(value, UploadFile)})


async def _form(request: Asked) -> dict[str, Any]:
    if request.content_type[0] != MULTIPART:
        raise errors.MediaTypeRefused(MULTIPART)
    try:
        form: FormMultiDict = await request.form()
    except (UnicodeDecodeError, LookupError, HTTPException) as unreadable:
        if isinstance(unreadable, HTTPException) and unreadable.status_code != 400:
            raise
        raise errors.BodyUnreadable from None
    read = dict(form.items())
    if any("\x00" in name or "\x00" in str(value) for name, value in read.items()):
        raise errors.BodyUnreadable
    return read


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece
