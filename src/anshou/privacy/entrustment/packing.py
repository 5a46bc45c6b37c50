"""The package that a merchant takes back: a zip with a table per kind of row, every file, and a list of it all.

It is made at constant memory, whatever it holds, and laid aside until its digest is recorded: sealed with the
merchant's key, in a file without a name, so that nothing confidential lies anywhere in plain. Names in it say nothing
(domain.md 7.3): what a file was called stands in its table.
"""

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import IO, Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.privacy.disclosures.kinds import Format
from anshou.privacy.disclosures.sheets import Mark, Sheet, write
from anshou.privacy.entrustment.opening import Opened, opened_rows
from anshou.privacy.entrustment.returnable import Returnable
from anshou.privacy.entrustment.returnables import NOT_RETURNED, RETURNABLES
from anshou.privacy.entrustment.zipping import OutgoingZip
from anshou.tickets.sealed_files import sealing_storage
from confidentiality.keys.file_places import places_of
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.streams import CHUNK, looks_sealed
from tenants.base import new_id
from tenants.files import ENDINGS
from tenants.storage import ObjectMissing, ObjectStorage

# A table's part is held whole: so many rows, or characters, and the next part begins.
MOST_ROWS = 5_000
MOST_CHARACTERS = 2_000_000

FILE = "文件"
MISSING = "（储存中已没有此文件）"
ALTERED = "（与登记的校验值不符）"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnMark(Mark):
    """What stands over the tables of a package: it is the merchant's own, so nothing forbids to pass it on.

    `purpose` is replaced by what the table at hand is about.
    """

    @property
    def sentence(self) -> str:
        """The watermark, as people read it."""
        return (
            f"{self.purpose}：{self.recipient} 委托处理的数据，按办理编号 {self.consent} 返还，"
            f"由 {self.exported_by} 于 {self.exported_at:%Y-%m-%d %H:%M} UTC 领取。含保密内容，请妥善保管。"
        )


class Returned(msgspec.Struct, kw_only=True):
    """How much of one kind is in a package. `missing` files were not in the storage any more."""

    records: int = 0
    files: int = 0
    missing: int = 0


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the package, as its list names it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package that waits to be sent. `size` in bytes; `kinds` by the code of the kind."""

    name: str
    size: int
    sha256: str
    kinds: dict[str, Returned]
    content: AsyncIterator[bytes]

    @property
    def details(self) -> dict[str, Any]:
        """For the step and its leaf: digest and counts."""
        return {"sha256": self.sha256, "size": self.size, "kinds": msgspec.to_builtins(self.kinds)}


async def pack(session: AsyncSession, storage: ObjectStorage, merchant_id: UUID, mark: ReturnMark) -> Package:
    """Everything that the context reads of the merchant's and that the erasure will take.

    In the context of the merchant's owner. The content can be read once. Raises KeyDestroyed, SealBroken.
    """
    packing = _Packing(session, storage, merchant_id, mark)
    ring, file = await open_keys(session, merchant_id), new_id()
    aside: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  Closed when it was sent, or nobody holds it any more.
    try:
        async for sealed in ring.seal_stream(packing.content(), file=file):
            aside.write(sealed)
    except BaseException:
        aside.close()
        raise
    aside.seek(0)
    return Package(
        name=f"{mark.consent}.zip",
        size=packing.size,
        sha256=packing.digest.hexdigest(),
        kinds=dict(packing.kinds),
        content=ring.open_stream(_laid_aside(aside), file=file),
    )


async def _laid_aside(aside: IO[bytes]) -> AsyncIterator[bytes]:
    with aside:
        while piece := aside.read(CHUNK):
            yield piece


class _Packing:
    """The package while it is made; sizes and digests are whole when `content` has ended."""

    def __init__(self, session: AsyncSession, storage: ObjectStorage, merchant_id: UUID, mark: ReturnMark) -> None:
        self._session, self._storage, self._merchant_id, self._mark = session, storage, merchant_id, mark
        self._zip = OutgoingZip(mark.exported_at)
        self._listed: list[Packed] = []
        self._parts = self._files = 0
        self.kinds: defaultdict[str, Returned] = defaultdict(Returned)
        self.size = 0
        self.digest = sha256()

    async def content(self) -> AsyncIterator[bytes]:
        """The zip, piece by piece."""
        async for piece in self._entries():
            self.size += len(piece)
            self.digest.update(piece)
            yield piece

    async def _entries(self) -> AsyncIterator[bytes]:
        for one in RETURNABLES:
            async for piece in self._table(one):
                yield piece
        yield self._whole("list.json", self._list(), compressed=True)
        yield self._zip.end()

    async def _table(self, one: Returnable) -> AsyncIterator[bytes]:
        part: list[tuple[str, UUID, dict[str, str | None]]] = []
        characters = 0
        async for opened in opened_rows(self._session, one, self._merchant_id):
            if one.has_files:
                async for piece in self._file(one, opened):
                    yield piece
            part.append((opened.ticket, opened.row.id, opened.values))
            self.kinds[one.kind].records += 1
            characters += sum(len(text or "") for text in opened.values.values())
            if len(part) >= MOST_ROWS or characters >= MOST_CHARACTERS:
                yield await self._part(one, part)
                part, characters = [], 0
        if part:
            yield await self._part(one, part)

    async def _part(self, one: Returnable, rows: list[tuple[str, UUID, dict[str, str | None]]]) -> bytes:
        """Rows as a table for people, where a cell ends after 32,767 characters, and whole, for programs."""
        self._parts += 1
        columns = [*one.told.items(), (FILE, FILE)] if one.has_files else list(one.told.items())
        sheet = Sheet(table=one.table, label=one.label, columns=columns, rows=rows)
        name = f"tables/{self._parts:03}-{one.table}"
        mark = replace(self._mark, purpose=one.label)
        written = b""
        for kind in (Format.XLSX, Format.JSON):
            # Writing a large table takes a second or more, which others must not wait for.
            content = await asyncio.to_thread(write, kind, mark, [sheet])
            written += self._whole(f"{name}.{kind.value}", content, compressed=kind is Format.JSON)
        return written

    async def _file(self, one: Returnable, opened: Opened) -> AsyncIterator[bytes]:
        """The file of a row, and its name in the row's last column."""
        row, counted = opened.row, self.kinds[one.kind]
        found = await self._open(row.storage_key)
        if found is None:
            counted.missing += 1
            opened.values[FILE] = MISSING
            return
        self._files += 1
        counted.files += 1
        ending = ENDINGS.get(row.media_type, (".bin",))[0]
        name = f"files/{opened.ticket or 'contract'}-{self._files:06}{ending}"
        digest, size = sha256(), 0

        async def hashed() -> AsyncIterator[bytes]:
            nonlocal size
            async for piece in found:
                digest.update(piece)
                size += len(piece)
                yield piece

        async for piece in self._zip.stream(name, hashed(), row.size):
            yield piece
        self._listed.append(Packed(name=name, size=size, sha256=digest.hexdigest()))
        known = row.sha256.hex() if isinstance(row.sha256, bytes) else row.sha256
        opened.values[FILE] = name if known == digest.hexdigest() else name + ALTERED

    async def _open(self, key: str) -> AsyncIterator[bytes] | None:
        """The file's content, opened if it lies sealed; None if it is gone."""
        lies_in = (await places_of(self._session, [key])).get(key, key)
        try:
            head = await anext(self._storage.read(lies_in), b"")
        except ObjectMissing:
            return None
        if not looks_sealed(head):
            return self._storage.read(lies_in)
        return (await sealing_storage(self._session, self._storage, self._merchant_id, key)).read(key)

    def _whole(self, name: str, content: bytes, *, compressed: bool) -> bytes:
        self._listed.append(Packed(name=name, size=len(content), sha256=sha256(content).hexdigest()))
        return self._zip.add(name, content, compressed=compressed)

    def _list(self) -> bytes:
        """What is in the package, and what the erasure takes without returning it, with the reason."""
        listed = {
            "notice": self._mark.sentence,
            "number": self._mark.consent,
            "packed_at": self._mark.exported_at,
            "kinds": self.kinds,
            "files": self._listed,
            "not_returned": [{"what": ".".join(what), "why": why} for what, why in NOT_RETURNED.items()],
        }
        return msgspec.json.format(msgspec.json.encode(listed), indent=2)
