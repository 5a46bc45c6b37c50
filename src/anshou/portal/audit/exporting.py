"""The whole record as a file, for `anshou audit verify`."""

import tempfile
from collections.abc import AsyncIterator
from typing import IO

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Stream

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit, gate_of
from anshou.people.permissions import Permission, authorize
from anshou.privacy.auditing import export

_IN_MEMORY = 4 * 1024 * 1024
_CHUNK = 256 * 1024


@get("/audit/export")
async def export_record(request: Asked, visit: NamedDependency[Visit]) -> Stream:
    """Written aside first: a browser that reads slowly must not hold the transaction open."""
    authorize(visit.person, Permission.READ_AUDIT)
    key = gate_of(request).verifying_key(visit.tenant)
    written: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  Closed when it was sent.
    try:
        async for line in export(visit.session, key, by=visit.person, at=visit.at):
            written.write(line.encode())
    except BaseException:
        written.close()
        raise
    written.seek(0)
    return Stream(
        _chunks(written),
        media_type="application/jsonl",
        headers={"content-disposition": f'attachment; filename="audit-{visit.tenant.code}-{visit.at:%Y%m%d}.jsonl"'},
    )


async def _chunks(written: IO[bytes]) -> AsyncIterator[bytes]:
    with written:
        while chunk := written.read(_CHUNK):
            yield chunk
