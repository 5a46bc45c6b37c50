"""Files that a form brings: taken into the storage before the row that names them is written."""

from collections.abc import AsyncIterator

from litestar.datastructures import UploadFile

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.kept_files import kept_files
from anshou.portal.pages import portal_of
from anshou.tickets.timeline import StoredFile
from tenants.files import receive_file
from tenants.refusals import N_, Invalid

# Several pictures of one problem; more belong into an archive or another message.
MOST_FILES = 8

PIECE = 64 * 1024


class TooManyFiles(Invalid):
    """Raised when a form brings more files than one entry takes."""

    def __init__(self) -> None:
        expected = N_("一次最多上传 8 个文件")
        super().__init__(expected, {"files": expected})


async def received_files(request: Asked, visit: Visit, name: str = "files") -> list[StoredFile]:
    """The form's files under a name, checked and stored, after those that an earlier sending of it had brought.

    Raises TooManyFiles and what `tenants.files.receive_file` refuses.
    """
    portal = portal_of(request)
    sent = [one for one in (await request.form()).getall(name, []) if isinstance(one, UploadFile) and one.filename]
    stored = await kept_files(request, visit)
    if len(sent) + len(stored) > MOST_FILES:
        raise TooManyFiles
    for one in sent:
        kept = await receive_file(
            portal.storage, visit.tenant.schema, one.filename, _pieces(one), limit=portal.upload_limit
        )
        stored.append(
            StoredFile(
                name=kept.name,
                media_type=kept.content_type,
                size=kept.size,
                sha256=kept.sha256,
                storage_key=kept.key,
            )
        )
    return stored


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece
