"""Notices about disclosures: that something waits or has happened, under its number, and nothing of what it says."""

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.privacy.disclosures.rows import Disclosure
from anshou.privacy.telling import tell_owners, tell_person

REQUESTED = "disclosure_requested"
RETRACTED = "disclosure_retracted"
EXPORTED = "disclosure_exported"
SIGNED = "disclosure_signed"
REFUSED = "disclosure_refused"
WITHDRAWN = "disclosure_withdrawn"


async def tell_merchant(session: AsyncSession, disclosure: Disclosure, event: str) -> None:
    """Tell the merchant's owners."""
    await tell_owners(session, event, disclosure.merchant_id, subject=disclosure.id, number=disclosure.number)


async def tell_agency(session: AsyncSession, disclosure: Disclosure, event: str) -> None:
    """Tell whoever asked."""
    await tell_person(session, event, disclosure.requested_by, subject=disclosure.id, number=disclosure.number)
