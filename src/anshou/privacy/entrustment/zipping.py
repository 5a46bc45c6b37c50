"""A zip that is written and sent on piece by piece: nothing of it is held but the piece at hand."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import IO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

# rw-r--r--
_MODE = 0o100644 << 16


class _Outgoing:
    """What the zip has written and nobody has taken yet. It cannot be wound back, and so the zip never tries to."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


class OutgoingZip:
    """Entries one after the other; each call gives the bytes that are ready. `at` is every entry's time (UTC)."""

    def __init__(self, at: datetime) -> None:
        self._out = _Outgoing()
        self._zip = ZipFile(cast("IO[bytes]", self._out), "w")
        self._at = at.timetuple()[:6]

    def add(self, name: str, content: bytes, *, compressed: bool) -> bytes:
        """A whole entry."""
        info = self._info(name, len(content))
        info.compress_type = ZIP_DEFLATED if compressed else ZIP_STORED
        with self._zip.open(info, "w") as entry:
            entry.write(content)
        return self._out.take()

    async def stream(self, name: str, pieces: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
        """An entry that comes in pieces, stored as it is. `size` in bytes tells whether it needs the large format."""
        with self._zip.open(self._info(name, size), "w") as entry:
            async for piece in pieces:
                entry.write(piece)
                yield self._out.take()
        yield self._out.take()

    def end(self) -> bytes:
        """The directory at its end."""
        self._zip.close()
        return self._out.take()

    def _info(self, name: str, size: int) -> ZipInfo:
        info = ZipInfo(name, self._at)
        info.external_attr = _MODE
        info.file_size = size
        return info
