"""Files that a form brings: taken into the storage before the row that names them is written."""

from collections.abc import AsyncIterator
from uuid import UUID

from litestar.datastructures import UploadFile

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.kept_files import kept_files
from anshou.portal.pages import portal_of
from anshou.tickets.sealed_files import sealing_storage
from anshou.tickets.tickets import Ticket
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


async def received_files(
    request: Asked, visit: Visit, name: str = "files", *, ticket: Ticket | None = None, sealed_for: UUID | None = None
) -> list[StoredFile]:
    """The form's files under a name, checked and stored, after those that an earlier sending of it had brought.

    They are sealed on their way if they are for a confidential `ticket`, or for a merchant by `sealed_for`.

    Raises TooManyFiles and what `tenants.files.receive_file` refuses.
    """
    portal = portal_of(request)
    sent = [one for one in (await request.form()).getall(name, []) if isinstance(one, UploadFile) and one.filename]
    stored = await kept_files(request, visit)
    if ticket is not None and ticket.is_confidential:
        sealed_for = ticket.merchant_id
    storage = await sealing_storage(visit.session, portal.storage, sealed_for) if sealed_for else portal.storage
    if len(sent) + len(stored) > MOST_FILES:
        raise TooManyFiles
    for one in sent:
        kept = await receive_file(storage, visit.tenant.schema, one.filename, _pieces(one), limit=portal.upload_limit)
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
