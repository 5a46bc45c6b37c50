"""Taking in a file: its size is limited, its type told from its content and its hash taken while it streams by."""

import codecs
import hashlib
import re
import unicodedata
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import filetype

from tenants.refusals import N_, Invalid
from tenants.storage import ObjectStorage, new_key

# As much of the beginning as any signature needs.
HEAD = 8192

# Content type -> the endings under which such a file may travel, the usual one first. What is not here is refused:
# above all SVG and HTML, which run scripts in a reader's browser, and programs.
ACCEPTED = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/heic": (".heic",),
    "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "video/mp4": (".mp4", ".m4v"),
    "text/csv": (".csv",),
    "text/plain": (".txt",),
}

# What an invoice comes as. XML is data here: it is only ever handed over, and never read in a page.
OF_INVOICES = {
    "application/pdf": (".pdf",),
    "application/ofd": (".ofd",),
    "text/xml": (".xml",),
}

ENDINGS = ACCEPTED | OF_INVOICES
"""Content type -> endings, of everything that may lie in the storage."""

# What a browser may show in the page; everything else is only handed over as a download.
SHOWN_INLINE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})

# Longest name kept, in characters, its ending included.
NAME_LENGTH = 120


class FileTooLarge(Invalid):
    """Raised when a file is longer than the limit; nothing of it is kept."""


class FileEmpty(Invalid):
    """Raised when a file has no content."""


class FileTypeRefused(Invalid):
    """Raised when the content of a file is none of the accepted types, whatever its name says."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in object storage. `size` is in bytes, `sha256` is the hash of its content in hexadecimal."""

    key: str
    name: str
    content_type: str
    size: int
    sha256: str


async def receive_file(
    storage: ObjectStorage,
    schema: str,
    name: str,
    chunks: AsyncIterator[bytes],
    *,
    limit: int,
    accepted: Mapping[str, tuple[str, ...]] = ACCEPTED,
) -> StoredFile:
    """Stream a file of the tenant in `schema` to the storage, at constant memory.

    `limit` is in bytes; `accepted` says which content types are taken, with their endings. The object stays when the
    caller's transaction fails afterwards: the row that names it decides whether a file exists. Raises FileTooLarge,
    FileEmpty or FileTypeRefused, and then nothing is stored.
    """
    head, rest = await _split_head(chunks)
    content_type = recognise(head, name, accepted)
    arrival = _Arrival(head, rest, content_type, limit)
    key = new_key(schema)
    await storage.put(key, arrival.pieces())
    return StoredFile(key, safe_name(name, content_type), content_type, arrival.size, arrival.digest.hexdigest())


def recognise(head: bytes, name: str, accepted: Mapping[str, tuple[str, ...]] = ACCEPTED) -> str:
    """The content type that the first `HEAD` bytes show; the name only tells a table from other plain text, and an
    invoice's layout (OFD, GB/T 33190) from other archives.

    Raises FileEmpty or FileTypeRefused.
    """
    if not head:
        raise FileEmpty(N_("文件是空的，请重新选择"))
    found = filetype.guess_mime(head)
    if found is None and _ending(name) in (".csv", ".txt") and _reads_as_text(head):
        found = "text/csv" if _ending(name) == ".csv" else "text/plain"
    if found in (None, "application/zip") and _ending(name) == ".ofd" and head.startswith(_ARCHIVE):
        found = "application/ofd"
    if found in (None, "text/xml", "application/xml") and _ending(name) == ".xml" and _reads_as_xml(head):
        found = "text/xml"
    if found not in accepted:
        raise _type_refused(found or _ending(name) or "?", accepted)
    return str(found)


def safe_name(name: str, content_type: str) -> str:
    """The name without path, control and direction characters, ending as its content demands."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C").rstrip(" .")
    endings = ENDINGS[content_type]
    ending = _ending(clean)
    if ending in endings:
        stem, ending = clean[: -len(ending)], clean[-len(ending) :]
    else:
        stem, ending = clean, endings[0]
    return (stem.strip(" .") or "file")[: NAME_LENGTH - len(ending)] + ending


def _ending(name: str) -> str:
    found = re.search(r"\.[A-Za-z0-9]+$", name)
    return found[0].lower() if found else ""


def _type_refused(found: str, accepted: Mapping[str, tuple[str, ...]] = ACCEPTED) -> FileTypeRefused:
    if accepted is OF_INVOICES:
        return FileTypeRefused(N_("不支持上传 %(found)s 文件。发票文件须为 PDF、OFD 或 XML"), found=found)
    return FileTypeRefused(
        N_(
            "不支持上传 %(found)s 文件。可以上传：图片（JPG、PNG、GIF、WebP、HEIC）、"
            "PDF、Word（docx）、Excel（xlsx）、CSV、TXT、MP4 视频"
        ),
        found=found,
    )


# How every archive with a first entry begins.
_ARCHIVE = b"PK\x03\x04"

# Text has no signature, so markup and scripts that a program would run are known by how they begin.
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<|#!)")
# Everything below the space but tab, line feed, form feed and carriage return; and delete.
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def _reads_as_text(head: bytes) -> bool:
    """Whether the bytes are UTF-8 or GB 18030, the two that our users' spreadsheets write, and no markup."""
    if _MARKUP.match(head) or _NOT_TEXT.search(head):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            # Incremental, because the head may end inside a character.
            codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _reads_as_xml(head: bytes) -> bool:
    """Whether the bytes are text that begins with XML's declaration."""
    return re.match(rb"(?:\xef\xbb\xbf)?<\?xml\s", head) is not None and not _NOT_TEXT.search(head)


class _Arrival:
    """The pieces of one upload on their way to the storage, counted, hashed and checked."""

    def __init__(self, head: bytes, rest: AsyncIterator[bytes], content_type: str, limit: int) -> None:
        self._head = head
        self._rest = rest
        self._text = content_type.startswith("text/")
        self._limit = limit
        self.size = 0
        self.digest = hashlib.sha256()

    async def pieces(self) -> AsyncIterator[bytes]:
        yield self._take(self._head)
        async for piece in self._rest:
            yield self._take(piece)

    def _take(self, piece: bytes) -> bytes:
        self.size += len(piece)
        if self.size > self._limit:
            raise FileTooLarge(N_("文件超过 %(limit)s MB 的上限，请压缩后再上传"), limit=self._limit // 2**20)
        # A program behind a page of text is still a program.
        if self._text and _NOT_TEXT.search(piece):
            raise _type_refused("application/octet-stream")
        self.digest.update(piece)
        return piece


async def _split_head(chunks: AsyncIterator[bytes]) -> tuple[bytes, AsyncIterator[bytes]]:
    """Enough of the beginning to tell the type, and an iterator over what follows it."""
    head = b""
    async for chunk in chunks:
        head += chunk
        if len(head) >= HEAD:
            break
    return head, chunks
