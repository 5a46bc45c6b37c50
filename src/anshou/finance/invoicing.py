"""Invoices as people live them: a merchant or finance asks, finance writes them out, issues outside and records it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance import telling
from anshou.finance.deeds import (
    INVOICE_ACCEPTED,
    INVOICE_CANCELLED,
    INVOICE_DELIVERED,
    INVOICE_ISSUED,
    INVOICE_REFUSED,
    INVOICE_REQUESTED,
)
from anshou.finance.invoice_shapes import (
    Correction,
    Dropped,
    Handed,
    InvoiceAccepted,
    InvoiceAsked,
    InvoiceRecorded,
    RedInvoiceRecorded,
)
from anshou.merchants.merchants import visible_merchant
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.clocks.figures import WORKING_HOURS, Figure
from anshou.tickets.clocks.limits import workdays
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.numbering import next_number
from billing.invoices import asking, moving
from billing.invoices.asking import Portion, current_buyer
from billing.invoices.errors import BuyerMissing, InvoiceInvalid, InvoiceNotOpen, NoInvoiceFile, NothingToInvoice
from billing.invoices.figures import invoiceable
from billing.invoices.rows import InvoiceFile, InvoiceKind, InvoiceRequest, InvoiceState
from billing.ledger.posting import BOOKS_ZONE
from confidentiality.audit.actions import Action
from confidentiality.audit.leaves import record
from tenants.refusals import N_, Message

PREFIX = "KP"
# How long finance has from the request on, in working hours.
ISSUED_WITHIN = workdays(5)


async def ask_invoice(
    session: AsyncSession, merchant_id: UUID, asked: InvoiceAsked, *, by: Person, at: datetime
) -> InvoiceRequest:
    """Ask for an invoice for what is open of the statements, or for a part of one.

    Raises PermissionMissing, MerchantNotFound, BuyerMissing, NothingToInvoice, InvoiceInvalid, OverInvoiced.
    """
    authorize(by, Permission.REQUEST_INVOICES)
    await visible_merchant(session, merchant_id)
    buyer = await current_buyer(session, merchant_id)
    if buyer is None:
        raise BuyerMissing
    if asked.kind is InvoiceKind.SPECIAL and buyer.tax_number is None:
        raise InvoiceInvalid("kind", Message(N_("开具专用发票须先登记购买方的纳税人识别号")))
    portions = await _portions(session, merchant_id, asked)
    if sum(portion.fen for portion in portions) <= 0:
        raise InvoiceInvalid("statements", Message(N_("所选对账单合计没有可开票的金额")))
    request = await asking.ask(
        session,
        merchant_id,
        asked.kind,
        portions,
        number=await next_number(session, PREFIX, at.astimezone(BOOKS_ZONE).date()),
        note=asked.note.strip(),
        issue_by=await _issue_by(session, at),
        by=by.id,
        at=at,
    )
    await _leaf(session, INVOICE_REQUESTED, request, by=by, at=at, fen=request.gross_fen)
    if by.is_merchant:
        await telling.tell_of_invoice(session, telling.INVOICE_REQUESTED, request)
    return request


async def ask_correction(
    session: AsyncSession, first: InvoiceRequest, correction: Correction, *, by: Person, at: datetime
) -> InvoiceRequest:
    """Ask for the red invoice that takes back all of one that was issued.

    Raises PermissionMissing, InvoiceNotOpen, AlreadyCorrected.
    """
    authorize(by, Permission.REQUEST_INVOICES)
    request = await asking.ask_correction(
        session,
        first,
        correction.cause,
        number=await next_number(session, PREFIX, at.astimezone(BOOKS_ZONE).date()),
        reason=correction.reason.strip(),
        issue_by=await _issue_by(session, at),
        by=by.id,
        at=at,
    )
    await _leaf(session, INVOICE_REQUESTED, request, by=by, at=at, fen=request.gross_fen, corrects=first.number)
    if by.is_merchant:
        await telling.tell_of_invoice(session, telling.INVOICE_REQUESTED, request)
    return request


async def accept_invoice(
    session: AsyncSession, request: InvoiceRequest, accepted: InvoiceAccepted | None, *, by: Person, at: datetime
) -> None:
    """Write out what is to be issued; a red one needs no lines of its own.

    Raises PermissionMissing, InvoiceNotOpen, InvoiceInvalid for lines that do not come to the amount, and for a line
    without tax on a special invoice, from which nobody could deduct.
    """
    authorize(by, Permission.ISSUE_INVOICES)
    items = [line.as_item() for line in accepted.lines] if accepted and not request.is_red else []
    if not request.is_red:
        if sum(item.gross_fen for item in items) != request.gross_fen:
            raise InvoiceInvalid("lines", Message(N_("各项含税金额之和须等于申请金额")))
        if request.kind is InvoiceKind.SPECIAL and any(item.rate == 0 for item in items):
            raise InvoiceInvalid("lines", Message(N_("零税率或免税项目不能开具专用发票")))
    await moving.accept(session, request, items, by=by.id, at=at)
    await _leaf(session, INVOICE_ACCEPTED, request, by=by, at=at, fen=request.gross_fen, tax=request.tax_fen or 0)


async def refuse_invoice(
    session: AsyncSession, request: InvoiceRequest, dropped: Dropped, *, by: Person, at: datetime
) -> None:
    """Say no, with the reason that the merchant reads. Raises PermissionMissing, InvoiceNotOpen, InvoiceInvalid."""
    authorize(by, Permission.ISSUE_INVOICES)
    await moving.refuse(session, request, _reason(dropped), by=by.id, at=at)
    await _leaf(session, INVOICE_REFUSED, request, by=by, at=at)
    await telling.tell_of_invoice(session, telling.INVOICE_REFUSED, request)


async def cancel_invoice(
    session: AsyncSession, request: InvoiceRequest, dropped: Dropped, *, by: Person, at: datetime
) -> None:
    """Want it no longer: the merchant until finance has written it out, finance until it is issued.

    Raises PermissionMissing, InvoiceNotOpen, InvoiceInvalid.
    """
    authorize(by, Permission.REQUEST_INVOICES)
    if by.is_merchant and request.state is not InvoiceState.REQUESTED:
        raise InvoiceNotOpen(request.number, request.state.label)
    await moving.cancel(session, request, _reason(dropped), by=by.id, at=at)
    await _leaf(session, INVOICE_CANCELLED, request, by=by, at=at)


async def record_issue(
    session: AsyncSession, request: InvoiceRequest, recorded: InvoiceRecorded, *, by: Person, at: datetime
) -> None:
    """Record what the tax bureau's program gave out; a red one red-letters what it takes back.

    Raises PermissionMissing, InvoiceNotOpen, NumberTaken, InvoiceInvalid for a day to come and for a red one without
    the number of its notice.
    """
    authorize(by, Permission.ISSUE_INVOICES)
    if recorded.issued_on > at.astimezone(BOOKS_ZONE).date():
        raise InvoiceInvalid("issued_on", Message(N_("开票日期不能晚于今天")))
    confirmation = recorded.confirmation.strip() if isinstance(recorded, RedInvoiceRecorded) else ""
    if request.is_red and not confirmation:
        raise InvoiceInvalid("confirmation", Message(N_("请填写红字发票信息确认单编号")))
    await moving.issue(
        session, request, recorded.number, recorded.issued_on, confirmation=confirmation, by=by.id, at=at
    )
    await _leaf(session, INVOICE_ISSUED, request, by=by, at=at, invoice=recorded.number, fen=request.gross_fen)
    await telling.tell_of_invoice(session, telling.INVOICE_ISSUED, request)


async def record_delivery(
    session: AsyncSession, request: InvoiceRequest, handed: Handed, *, by: Person, at: datetime
) -> None:
    """Record how the buyer got it. Raises PermissionMissing, InvoiceNotOpen, NoInvoiceFile."""
    authorize(by, Permission.ISSUE_INVOICES)
    asked = select(InvoiceFile.id).where(
        InvoiceFile.merchant_id == request.merchant_id,
        InvoiceFile.request_id == request.id,
        InvoiceFile.removed_at.is_(None),
    )
    if await session.scalar(asked.limit(1)) is None:
        raise NoInvoiceFile
    await moving.deliver(session, request, handed.how.strip(), by=by.id, at=at)
    await _leaf(session, INVOICE_DELIVERED, request, by=by, at=at)


async def _portions(session: AsyncSession, merchant_id: UUID, asked: InvoiceAsked) -> list[Portion]:
    wanted = set(asked.statements)
    found = {one.statement.id: one for one in await invoiceable(session, merchant_id, wanted)}
    if found.keys() != wanted:
        raise InvoiceInvalid("statements", Message(N_("请选择以人民币结算的对账单")))
    for one in found.values():
        if one.open_fen == 0:
            raise NothingToInvoice(one.statement.month)
    if asked.fen is None:
        return [Portion(of, one.open_fen) for of, one in found.items()]
    (only,) = found.values()
    if asked.fen > only.open_fen:
        raise InvoiceInvalid("fen", Message(N_("开票金额不能超过尚未开票的金额")))
    return [Portion(only.statement.id, asked.fen)]


async def _issue_by(session: AsyncSession, at: datetime) -> datetime:
    return (await read_rulebook(session)).timed(Figure(ISSUED_WITHIN, WORKING_HOURS)).end(at)


def _reason(dropped: Dropped) -> str:
    reason = dropped.reason.strip()
    if not reason:
        raise InvoiceInvalid("reason", Message(N_("请写明原因")))
    return reason


async def _leaf(
    session: AsyncSession, action: Action, request: InvoiceRequest, *, by: Person, at: datetime, **more: str | int
) -> None:
    body = {"number": request.number, **more}
    owner = request.merchant_id
    await record(session, action, actor=by.actor(), at=at, owner=owner, subject=request.id, body=body)
