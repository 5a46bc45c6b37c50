"""What the pages of invoices show on both desks."""

from typing import Any
from uuid import UUID

from anshou.finance.invoice_buyers import masked_account
from anshou.finance.reading_invoices import Opened, open_invoice
from anshou.gate.visits import Visit
from anshou.merchants.merchants import visible_merchant
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows
from anshou.portal.invoices.places import TONES
from anshou.portal.sealed_fields import SealedFieldView, sealed_field
from anshou.privacy.masked_lists import record_masked_list
from billing.invoices.asking import current_buyer
from billing.invoices.figures import invoiceable
from billing.invoices.rows import OPEN, WRITTEN, InvoiceBuyer, InvoiceRequest


async def shown_invoice(visit: Visit, request: InvoiceRequest, root: str) -> dict[str, Any]:
    """A request with everything about it; `root` is where the desk lists them."""
    opened: Opened = await open_invoice(visit.session, request)
    here = f"{root}/{request.number}"
    return {
        "invoice": opened,
        "request": request,
        "root": root,
        "address": here,
        "merchant": await visible_merchant(visit.session, request.merchant_id),
        "account": await shown_account(visit, opened.buyer, back=here),
        "people": await names_of(visit.session, {deed.done_by for deed in opened.deeds}),
        "tones": TONES,
        "is_late": request.state in OPEN and request.issue_by < visit.at,
        "is_open": request.state in OPEN,
        "may_correct": request.state in WRITTEN
        and not request.is_red
        and opened.corrected_by is None
        and allows(visit.person, Permission.REQUEST_INVOICES),
    }


async def shown_merchant(visit: Visit, merchant_id: UUID, here: str) -> dict[str, Any]:
    """A merchant's statements with what can be invoiced of each, and to whom its invoices are made out."""
    buyer = await current_buyer(visit.session, merchant_id)
    found = await invoiceable(visit.session, merchant_id)
    return {
        "address": here,
        "merchant": await visible_merchant(visit.session, merchant_id),
        "buyer": buyer,
        "account": await shown_account(visit, buyer, back=here) if buyer else None,
        "invoiceable": found,
        "open_fen": sum(one.open_fen for one in found),
        "tones": TONES,
        "may_ask": allows(visit.person, Permission.REQUEST_INVOICES),
    }


async def shown_account(visit: Visit, buyer: InvoiceBuyer, *, back: str) -> SealedFieldView | None:
    """The buyer's account, masked, for those who keep or reveal it; None for the others and where there is none."""
    if buyer.account is None or not (
        allows(visit.person, Permission.REQUEST_INVOICES) or allows(visit.person, Permission.REVEAL)
    ):
        return None
    table = InvoiceBuyer.__tablename__
    await record_masked_list(
        visit.session, table, [buyer.id], merchant_id=buyer.merchant_id, by=visit.person, at=visit.at
    )
    label, masked = await masked_account(visit.session, buyer)
    return sealed_field(visit.person, table, "account", buyer.id, label=label, masked=masked, back=back)
