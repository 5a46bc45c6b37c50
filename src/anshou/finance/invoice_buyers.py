"""To whom a merchant's invoices are made out: kept by its owner or by finance, the account number sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import INVOICE_BUYER_KEPT
from anshou.finance.invoice_shapes import BuyerCard
from anshou.merchants.merchants import visible_merchant
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.revealable import Revealable, offer
from billing.invoices.asking import current_buyer
from billing.invoices.rows import InvoiceBuyer
from confidentiality.audit.leaves import record
from confidentiality.keys.closed_ring import open_masks
from confidentiality.keys.vault import open_keys
from confidentiality.sealing import masks
from confidentiality.sealing.fields import sealed_fields

offer(Revealable(model=InvoiceBuyer, ticket=None))


async def keep_buyer(
    session: AsyncSession, merchant_id: UUID, card: BuyerCard, *, by: Person, at: datetime
) -> InvoiceBuyer:
    """Make the merchant's invoices out to this buyer from now on; requests that were made keep theirs.

    A card without an account number drops the one that was kept: nobody sees it to type it again, and invoices need
    none. Raises PermissionMissing, MerchantNotFound.
    """
    authorize(by, Permission.REQUEST_INVOICES)
    await visible_merchant(session, merchant_id)
    former = await current_buyer(session, merchant_id)
    if former is not None:
        former.retired_by, former.retired_at = by.id, at
        # Before the next one: the database keeps one that holds.
        await session.flush()
    ring = await open_keys(session, merchant_id)
    buyer = InvoiceBuyer(
        merchant_id=merchant_id,
        name=card.name.strip(),
        tax_number=card.code or None,
        address=card.address.strip(),
        phone=card.phone.strip(),
        bank=card.bank.strip(),
        kept_by=by.id,
        kept_at=at,
        retired_by=None,
        retired_at=None,
    )
    ring.seal(buyer, account=masks.normal_number(card.account) or None)
    session.add(buyer)
    await session.flush()
    await record(session, INVOICE_BUYER_KEPT, actor=by.actor(), at=at, owner=merchant_id, subject=buyer.id)
    return buyer


async def masked_account(session: AsyncSession, buyer: InvoiceBuyer) -> tuple[str, str]:
    """What the account is called, and how it shows; hidden once the merchant's key is destroyed."""
    ring = await open_masks(session, buyer.merchant_id)
    return sealed_fields(InvoiceBuyer)["account"].label, ring.masked(buyer.account)
