"""Invoices: what can be invoiced, asked for, written out, issued outside and recorded. Amounts are in fen, with tax.

Account numbers of buyers stay in the portal, as those of settlement do.
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from msgspec import Meta, Struct

from anshou.api.answers import Listing, Page, made, shown
from anshou.api.cursors import pack, unpack
from anshou.api.document import PREFIX
from anshou.api.queries import Paging
from anshou.api.routing import get, post
from anshou.api.visits import ApiVisit, Visiting
from anshou.downloads import send_file
from anshou.finance import invoicing, reading_invoices
from anshou.finance.invoice_files import open_invoice_file, visible_invoice_file
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
from billing.invoices.errors import InvoiceInvalid
from billing.invoices.figures import invoiceable
from billing.invoices.rows import Cause, InvoiceKind, InvoiceRequest, InvoiceState
from tenants import files
from tenants.refusals import N_, Message


class InvoiceQuery(Paging, frozen=True, kw_only=True):
    """Which requests."""

    state: Annotated[InvoiceState, Meta(title=N_("状态"))] | None = None
    merchant: Annotated[UUID, Meta(title=N_("商家"))] | None = None


class InvoiceShown(Struct, frozen=True, kw_only=True):
    """A request, or the invoice that came of it. A red one's amounts are below zero."""

    number: Annotated[str, Meta(title=N_("申请编号"))]
    merchant_id: Annotated[UUID, Meta(title=N_("商家"))]
    kind: Annotated[InvoiceKind, Meta(title=N_("发票种类"))]
    cause: Annotated[Cause | None, Meta(title=N_("红冲原因"))]
    gross_fen: Annotated[int, Meta(title=N_("价税合计，分"))]
    net_fen: Annotated[int | None, Meta(title=N_("金额（不含税），分"))]
    tax_fen: Annotated[int | None, Meta(title=N_("税额，分"))]
    state: Annotated[InvoiceState, Meta(title=N_("状态"))]
    state_since: Annotated[datetime, Meta(title=N_("状态起始时间"))]
    issue_by: Annotated[datetime, Meta(title=N_("应开票时间"))]
    invoice_number: Annotated[str | None, Meta(title=N_("发票号码"))]
    issued_on: Annotated[date | None, Meta(title=N_("开票日期"))]
    requested_at: Annotated[datetime, Meta(title=N_("申请时间"))]


class LineShown(Struct, frozen=True, kw_only=True):
    """A line of an invoice; the rate in per cent."""

    item: Annotated[str, Meta(title=N_("项目名称"))]
    tax_code: Annotated[str, Meta(title=N_("税收分类编码"))]
    rate: Annotated[int, Meta(title=N_("税率，%"))]
    net_fen: Annotated[int, Meta(title=N_("金额（不含税），分"))]
    tax_fen: Annotated[int, Meta(title=N_("税额，分"))]


class PortionShown(Struct, frozen=True, kw_only=True):
    """How much of a statement an invoice bills."""

    statement: Annotated[str, Meta(title=N_("对账单编号"))]
    fen: Annotated[int, Meta(title=N_("本次开票，分"))]


class FileShown(Struct, frozen=True, kw_only=True):
    """A file of the invoice."""

    id: UUID
    name: Annotated[str, Meta(title=N_("文件名"))]
    media_type: Annotated[str, Meta(title=N_("文件类型"))]
    size: Annotated[int, Meta(title=N_("大小，字节"))]
    sha256: Annotated[str, Meta(title=N_("内容的 SHA-256"))]


class InvoiceRead(InvoiceShown, frozen=True, kw_only=True):
    """An invoice with what it bills, what stands on it, and its files."""

    buyer: Annotated[str, Meta(title=N_("购买方名称"))]
    tax_number: Annotated[str | None, Meta(title=N_("纳税人识别号"))]
    corrects: Annotated[str | None, Meta(title=N_("红冲的申请"))]
    corrected_by: Annotated[str | None, Meta(title=N_("红冲申请"))]
    portions: Annotated[list[PortionShown], Meta(title=N_("对账单"))]
    lines: Annotated[list[LineShown], Meta(title=N_("开票项目"))]
    files: Annotated[list[FileShown], Meta(title=N_("发票文件"))]


class InvoiceableShown(Struct, frozen=True, kw_only=True):
    """A statement with what of it is settled, what of that was asked for, and what can still be."""

    statement_id: Annotated[UUID, Meta(title=N_("对账单"))]
    statement: Annotated[str, Meta(title=N_("对账单编号"))]
    settled_fen: Annotated[int, Meta(title=N_("已确认费用，分"))]
    asked_fen: Annotated[int, Meta(title=N_("已申请，分"))]
    open_fen: Annotated[int, Meta(title=N_("可开票，分"))]


class Recorded(InvoiceRecorded, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the tax bureau's program gave out; the number of the notice for a red one."""

    confirmation: Annotated[str, Meta(max_length=40, title=N_("红字发票信息确认单编号"))] = ""


_ONE = "/invoices/{invoice:str}"
_OF_MERCHANT = "/merchants/{merchant_id:uuid}"


@get("/invoices", summary=N_("列出开票申请"), operation_id="listInvoices", query=InvoiceQuery)
async def list_invoices(asked: NamedDependency[InvoiceQuery], visit: Visiting) -> Page[InvoiceShown]:
    narrowed = [str(asked.state), str(asked.merchant)]
    found = await reading_invoices.list_invoices(
        visit.session,
        by=visit.person,
        states=[asked.state] if asked.state else (),
        merchant_id=asked.merchant,
        after=unpack(asked.after, "invoices", narrowed, UUID) if asked.after else None,
        limit=asked.limit + 1,
    )
    here = found[: asked.limit]
    following = pack("invoices", narrowed, here[-1].id) if len(found) > asked.limit else None
    return Page(items=[shown(InvoiceShown, one) for one in here], next=following)


@get(_ONE, summary=N_("读取开票申请"), operation_id="readInvoice")
async def read_invoice(invoice: FromPath[str], visit: Visiting) -> InvoiceRead:
    return await _read(visit, await _request(visit, invoice))


@get(f"{_OF_MERCHANT}/invoiceable", summary=N_("列出可开票的对账单"), operation_id="listInvoiceable")
async def list_invoiceable(merchant_id: FromPath[UUID], visit: Visiting) -> Listing[InvoiceableShown]:
    authorize(visit.person, Permission.READ_STATEMENTS)
    await visible_merchant(visit.session, merchant_id)
    found = await invoiceable(visit.session, merchant_id)
    return Listing(
        items=[
            InvoiceableShown(
                statement_id=one.statement.id,
                statement=one.statement.number,
                settled_fen=one.settled_fen,
                asked_fen=one.asked_fen,
                open_fen=one.open_fen,
            )
            for one in found
        ]
    )


@post(
    f"{_OF_MERCHANT}/invoices",
    summary=N_("申请开票"),
    operation_id="askInvoice",
    opt={"answers_with": {"Location": N_("开票申请的位置")}},
)
async def ask_invoice(
    merchant_id: FromPath[UUID], data: JSONBody[InvoiceAsked], visit: Visiting
) -> Response[InvoiceRead]:
    request = await invoicing.ask_invoice(visit.session, merchant_id, data, by=visit.person, at=visit.at)
    return made(await _read(visit, request), f"{PREFIX}/invoices/{request.number}")


@post(
    f"{_ONE}/correction",
    summary=N_("申请红冲"),
    operation_id="askCorrection",
    opt={"answers_with": {"Location": N_("红冲申请的位置")}},
)
async def ask_correction(invoice: FromPath[str], data: JSONBody[Correction], visit: Visiting) -> Response[InvoiceRead]:
    first = await _request(visit, invoice)
    red = await invoicing.ask_correction(visit.session, first, data, by=visit.person, at=visit.at)
    return made(await _read(visit, red), f"{PREFIX}/invoices/{red.number}")


@post(f"{_ONE}/acceptance", summary=N_("受理开票申请"), operation_id="acceptInvoice", status_code=200)
async def accept_invoice(invoice: FromPath[str], data: JSONBody[InvoiceAccepted], visit: Visiting) -> InvoiceRead:
    # A red one has the lines of what it takes back, and a way of its own.
    request = await _request(visit, invoice)
    authorize(visit.person, Permission.ISSUE_INVOICES)
    if request.is_red:
        raise InvoiceInvalid("lines", Message(N_("红字发票按原发票项目开具，请使用受理红冲")))
    await invoicing.accept_invoice(visit.session, request, data, by=visit.person, at=visit.at)
    return await _read(visit, request)


@post(f"{_ONE}/correction/acceptance", summary=N_("受理红冲"), operation_id="acceptCorrection", status_code=200)
async def accept_correction(invoice: FromPath[str], visit: Visiting) -> InvoiceRead:
    request = await _request(visit, invoice)
    await invoicing.accept_invoice(visit.session, request, None, by=visit.person, at=visit.at)
    return await _read(visit, request)


@post(f"{_ONE}/refusal", summary=N_("拒绝开票申请"), operation_id="refuseInvoice", status_code=200)
async def refuse_invoice(invoice: FromPath[str], data: JSONBody[Dropped], visit: Visiting) -> InvoiceRead:
    request = await _request(visit, invoice)
    await invoicing.refuse_invoice(visit.session, request, data, by=visit.person, at=visit.at)
    return await _read(visit, request)


@post(f"{_ONE}/cancellation", summary=N_("取消开票申请"), operation_id="cancelInvoice", status_code=200)
async def cancel_invoice(invoice: FromPath[str], data: JSONBody[Dropped], visit: Visiting) -> InvoiceRead:
    request = await _request(visit, invoice)
    await invoicing.cancel_invoice(visit.session, request, data, by=visit.person, at=visit.at)
    return await _read(visit, request)


@post(f"{_ONE}/issue", summary=N_("登记已开发票"), operation_id="recordInvoice", status_code=200)
async def record_invoice(invoice: FromPath[str], data: JSONBody[Recorded], visit: Visiting) -> InvoiceRead:
    request = await _request(visit, invoice)
    recorded: InvoiceRecorded = data
    if data.confirmation.strip():
        recorded = RedInvoiceRecorded(
            invoice_number=data.invoice_number, issued_on=data.issued_on, confirmation=data.confirmation
        )
    await invoicing.record_issue(visit.session, request, recorded, by=visit.person, at=visit.at)
    return await _read(visit, request)


@post(f"{_ONE}/delivery", summary=N_("登记发票交付"), operation_id="recordDelivery", status_code=200)
async def record_delivery(invoice: FromPath[str], data: JSONBody[Handed], visit: Visiting) -> InvoiceRead:
    request = await _request(visit, invoice)
    await invoicing.record_delivery(visit.session, request, data, by=visit.person, at=visit.at)
    return await _read(visit, request)


@get(
    f"{_ONE}/files/{{file_id:uuid}}",
    summary=N_("下载发票文件"),
    operation_id="downloadInvoice",
    opt={"downloads": tuple(files.OF_INVOICES)},
)
async def download_invoice(invoice: FromPath[str], file_id: FromPath[UUID], visit: Visiting) -> Stream:
    request = await _request(visit, invoice)
    file = await visible_invoice_file(visit.session, request, file_id)
    storage = await open_invoice_file(visit.session, visit.door.storage, request, file, by=visit.person, at=visit.at)
    stored = files.StoredFile(file.storage_key, file.name, file.media_type, file.size, file.sha256)
    return await send_file(storage, stored)


async def _request(visit: ApiVisit, number: str) -> InvoiceRequest:
    return await reading_invoices.visible_invoice(visit.session, number, by=visit.person)


async def _read(visit: ApiVisit, request: InvoiceRequest) -> InvoiceRead:
    opened = await reading_invoices.open_invoice(visit.session, request)
    return shown(
        InvoiceRead,
        request,
        buyer=opened.buyer.name,
        tax_number=opened.buyer.tax_number,
        corrects=opened.corrects.number if opened.corrects else None,
        corrected_by=opened.corrected_by.number if opened.corrected_by else None,
        portions=[PortionShown(statement=of.number, fen=portion.fen) for portion, of in opened.portions],
        lines=[shown(LineShown, line) for line in opened.lines],
        files=[shown(FileShown, file) for file in opened.files],
    )


router = Router(
    "/",
    tags=[N_("发票")],
    route_handlers=[
        list_invoices,
        read_invoice,
        list_invoiceable,
        ask_invoice,
        ask_correction,
        accept_invoice,
        accept_correction,
        refuse_invoice,
        cancel_invoice,
        record_invoice,
        record_delivery,
        download_invoice,
    ],
)
