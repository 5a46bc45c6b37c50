"""Handing a file to a browser: shared by the portal and the API, which have loaded its row by permission."""

from collections.abc import AsyncIterator
from urllib.parse import quote

from litestar import Response
from litestar.response import Stream

from tenants.files import SHOWN_INLINE, StoredFile
from tenants.storage import ObjectStorage

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def send_file(storage: ObjectStorage, file: StoredFile, *, inline: bool = False) -> Stream:
    """The answer that streams the file, at constant memory.

    It is a download unless `inline` is asked for and the file is an image that a browser can show safely. Raises
    ObjectMissing before anything is answered.
    """
    pieces = storage.read(file.key)
    first = await anext(pieces, b"")

    async def content() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    shown = inline and file.content_type in SHOWN_INLINE
    return Stream(
        content(),
        media_type=file.content_type,
        headers={
            "Content-Disposition": disposition(file.name, "inline" if shown else "attachment"),
            "Content-Length": str(file.size),
            "X-Content-Type-Options": "nosniff",
            # Should a browser render it after all, then with no script, form or reference of its own.
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        },
    )


def disposition(name: str, kind: str) -> str:
    """`Content-Disposition` with the name for every browser (RFC 6266): an ASCII stand-in, and the real one encoded."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def send_sheet(content: bytes, name: str) -> Response[bytes]:
    """A spreadsheet as a download."""
    return Response(
        content,
        media_type=SPREADSHEET,
        headers={
            "Content-Disposition": disposition(name, "attachment"),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
