"""Files on a ticket. Their content is the storage's business; here is what is known of them, and who reads them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.entries import Attachment
from anshou.tickets.errors import AttachmentNotFound, ContentConfidential
from anshou.tickets.tickets import Ticket
from tenants.prepared import entities

_OF_TICKET = entities(
    select(Attachment)
    .where(Attachment.merchant_id == bindparam("merchant"), Attachment.ticket_id == bindparam("ticket"))
    .order_by(Attachment.added_at, Attachment.id)
)


async def visible_attachment(session: AsyncSession, ticket: Ticket, attachment_id: UUID) -> Attachment:
    """The attachment, if the context reads it. Raises AttachmentNotFound."""
    query = select(Attachment).where(
        Attachment.merchant_id == ticket.merchant_id,
        Attachment.ticket_id == ticket.id,
        Attachment.id == attachment_id,
    )
    attachment = (await session.scalars(query)).one_or_none()
    if attachment is None:
        raise AttachmentNotFound
    return attachment


async def downloadable_attachment(session: AsyncSession, ticket: Ticket, attachment_id: UUID) -> Attachment:
    """The attachment, if it may be handed out as it is. Raises AttachmentNotFound; ContentConfidential on a
    confidential ticket, whose files are handed out only where that is recorded.
    """
    attachment = await visible_attachment(session, ticket, attachment_id)
    if ticket.is_confidential:
        raise ContentConfidential
    return attachment


async def attachments_of(session: AsyncSession, ticket: Ticket) -> list[Attachment]:
    """The ticket's attachments that the context reads, the oldest first."""
    return await _OF_TICKET.all(session, merchant=ticket.merchant_id, ticket=ticket.id)


async def require_attachments(session: AsyncSession, ticket: Ticket, wanted: Collection[UUID]) -> None:
    """Return when the ticket has all of them. Raises AttachmentNotFound."""
    for attachment_id in wanted:
        await visible_attachment(session, ticket, attachment_id)
