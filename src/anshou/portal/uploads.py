"""Files that a form brings: taken into the storage before the row that names them is written."""

from collections.abc import AsyncIterator, Mapping, Sequence
from uuid import UUID

from litestar.datastructures import UploadFile

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.portal.kept_files import kept_files
from anshou.portal.pages import portal_of
from anshou.tickets.sealed_files import lies_sealed, seal_in_place, sealing_storage
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile
from confidentiality.keys.vault import open_keys
from tenants.files import ACCEPTED, receive_file
from tenants.refusals import N_, Invalid
from tenants.storage import ObjectStorage

# Several pictures of one problem; more belong into an archive or another message.
MOST_FILES = 8

PIECE = 64 * 1024


class TooManyFiles(Invalid):
    """Raised when a form brings more files than one entry takes."""

    def __init__(self) -> None:
        expected = N_("一次最多上传 8 个文件")
        super().__init__(expected, {"files": expected})


class KeptSealed(Invalid):
    """Raised when a file that came sealed with a confidential form is brought along to one that is not any more."""

    def __init__(self) -> None:
        expected = N_("附件已按保密内容加密，请重新选择附件")
        super().__init__(expected, {"files": expected})


async def received_files(
    request: Asked,
    visit: Visit,
    name: str = "files",
    *,
    ticket: Ticket | None = None,
    sealed_for: UUID | None = None,
    accepted: Mapping[str, tuple[str, ...]] = ACCEPTED,
) -> list[StoredFile]:
    """The form's files under a name, checked and stored, after those that an earlier sending of it had brought.

    They are sealed on their way if they are for a confidential `ticket`, or for a merchant by `sealed_for`; those of an
    earlier sending where they lie, because the form may have become confidential since.

    Raises TooManyFiles, KeptSealed and what `tenants.files.receive_file` refuses.
    """
    portal = portal_of(request)
    sent = [one for one in (await request.form()).getall(name, []) if isinstance(one, UploadFile) and one.filename]
    stored = await kept_files(request, visit)
    if ticket is not None and ticket.is_confidential:
        sealed_for = ticket.merchant_id
    storage = await sealing_storage(visit.session, portal.storage, sealed_for) if sealed_for else portal.storage
    if len(sent) + len(stored) > MOST_FILES:
        raise TooManyFiles
    await _seal_or_refuse(visit, portal.storage, [one.storage_key for one in stored], sealed_for)
    for one in sent:
        pieces, limit = _pieces(one), portal.upload_limit
        kept = await receive_file(storage, visit.tenant.schema, one.filename, pieces, limit=limit, accepted=accepted)
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


async def _seal_or_refuse(visit: Visit, storage: ObjectStorage, keys: Sequence[str], sealed_for: UUID | None) -> None:
    """Let what lies in the storage already lie there as the form that brings it along is to be kept."""
    if sealed_for and keys:
        ring = await open_keys(visit.session, sealed_for)
        for key in keys:
            await seal_in_place(storage, key, ring)
    for key in () if sealed_for else keys:
        if await lies_sealed(storage, key):
            raise KeptSealed


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece
