"""Files that lie sealed for a merchant, handed out and copied; on a confidential ticket to whoever may reveal only."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.handling import require_handling
from anshou.tickets.sealed_files import sealing_storage
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile
from billing.costs.items import CostEvidence
from billing.statements.files import StatementFile
from tenants.refusals import N_
from tenants.storage import ObjectStorage, new_key

# What files of confidential tickets are called instead of their names, which are content too.
UNNAMED = N_("凭证")


Kept = CostEvidence | StatementFile
"""A row that names such a file."""


def name_for(ticket: Ticket | None, name: str, place: int) -> str:
    """What a file of the ticket is called: its own name, or a neutral one where the ticket is confidential."""
    ending = "." + name.rpartition(".")[2]
    return f"{UNNAMED}{place}{ending}" if ticket is not None and ticket.is_confidential else name


async def opened(
    session: AsyncSession, storage: ObjectStorage, ticket: Ticket | None, kept: Kept, *, by: Person, at: datetime
) -> ObjectStorage:
    """The storage that reads the file opened. Whoever calls records that it is handed out.

    Raises PermissionMissing, HandlingEnded, KeyDestroyed.
    """
    merchant_id = kept.merchant_id
    if ticket is not None and ticket.is_confidential:
        authorize(by, Permission.REVEAL)
        await require_handling(session, merchant_id, at=at)
    return await sealing_storage(session, storage, merchant_id, kept.storage_key)


async def copied(session: AsyncSession, storage: ObjectStorage, kept: Kept, *, sealed: bool) -> StoredFile:
    """The file once more in the storage, as a ticket keeps its files: sealed if the ticket is confidential."""
    source = await sealing_storage(session, storage, kept.merchant_id, kept.storage_key)
    key = new_key(kept.storage_key.partition("/")[0])
    target = await sealing_storage(session, storage, kept.merchant_id) if sealed else storage
    await target.put(key, source.read(kept.storage_key))
    return StoredFile(name=kept.name, media_type=kept.media_type, size=kept.size, sha256=kept.sha256, storage_key=key)
