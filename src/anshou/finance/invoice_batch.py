"""Accepted requests as a workbook for the tax bureau's batch issuing (批量开票), in the columns of its template.

A serial number (发票流水号) is the request's number, which also stands in the remark, so that what is issued can be
told apart. Account numbers are left out: they lie sealed, and a digital invoice needs none. Red ones are issued singly,
by their notice, and are no part of it.
"""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.invoices.rows import InvoiceBuyer, InvoiceLine, InvoiceRequest, InvoiceState

BASICS = (
    "发票流水号",
    "发票类型",
    "特定业务类型",
    "是否含税",
    "受票方自然人标识",
    "购买方名称",
    "购买方纳税人识别号",
    "购买方证件类型",
    "购买方证件号码",
    "购买方国籍（或地区）",
    "购买方地址",
    *("购买方所在地区（报废产品收购必填）",) * 4,
    "购买方详细地址（报废产品收购必填）",
    "购买方电话",
    "购买方开户银行",
    "购买方银行账号",
    "是否展示购买方地址电话银行账号",
    "是否开具涉税专业服务发票品目",
    "涉税专业服务协议编号",
    "备注",
)
DETAILS = ("发票流水号", "项目名称", "商品和服务税收编码", "规格型号", "单位", "数量", "单价", "金额", "税率")
# The template explains itself in the first row and says in the second what must be filled in.
HEADINGS_ROW = 2

Accepted = Sequence[tuple[InvoiceRequest, InvoiceBuyer, Sequence[InvoiceLine]]]


async def batch_to_issue(session: AsyncSession, *, by: Person) -> bytes:
    """The workbook of every request that waits to be issued, the first due first. Raises PermissionMissing."""
    authorize(by, Permission.ISSUE_INVOICES)
    waits = InvoiceRequest.state == InvoiceState.ACCEPTED
    asked = (
        select(InvoiceRequest, InvoiceBuyer)
        .join(
            InvoiceBuyer,
            (InvoiceBuyer.merchant_id == InvoiceRequest.merchant_id) & (InvoiceBuyer.id == InvoiceRequest.buyer_id),
        )
        .where(waits, InvoiceRequest.corrects_id.is_(None))
        .order_by(InvoiceRequest.issue_by, InvoiceRequest.id)
    )
    found = [(request, buyer) for request, buyer in await session.execute(asked)]
    of_them = select(InvoiceLine).where(InvoiceLine.request_id.in_([request.id for request, _ in found]))
    lines = (await session.scalars(of_them.order_by(InvoiceLine.place))).all()
    return write_batch(
        [(request, buyer, [line for line in lines if line.request_id == request.id]) for request, buyer in found]
    )


def write_batch(accepted: Accepted) -> bytes:
    """The workbook: every cell is text, as the template asks; amounts in yuan with tax, rates as fractions. Pure."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    text = book.add_format({"num_format": "@", "quote_prefix": True})

    def sheet_of(name: str, headings: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
        sheet = book.add_worksheet(name)
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, 20)
            sheet.write_string(HEADINGS_ROW, column, heading, text)
        for place, row in enumerate(rows, start=HEADINGS_ROW + 1):
            for heading, value in row.items():
                sheet.write_string(place, headings.index(heading), value, text)

    sheet_of("1-发票基本信息", BASICS, [_basics(request, buyer) for request, buyer, _ in accepted])
    details = [_detail(request, line) for request, _, lines in accepted for line in lines]
    sheet_of("2-发票明细信息", DETAILS, details)
    book.close()
    return made.getvalue()


def _basics(request: InvoiceRequest, buyer: InvoiceBuyer) -> dict[str, str]:
    return {
        "发票流水号": request.number,
        "发票类型": request.kind.label,
        "是否含税": "是",
        "受票方自然人标识": "否",
        "购买方名称": buyer.name,
        "购买方纳税人识别号": buyer.tax_number or "",
        "购买方地址": buyer.address,
        "购买方电话": buyer.phone,
        "购买方开户银行": buyer.bank,
        "备注": request.number,
    }


def _detail(request: InvoiceRequest, line: InvoiceLine) -> dict[str, str]:
    return {
        "发票流水号": request.number,
        "项目名称": line.item,
        "商品和服务税收编码": line.tax_code,
        "金额": f"{Decimal(line.net_fen + line.tax_fen) / 100:.2f}",
        "税率": f"{Decimal(line.rate) / 100:.2f}",
    }
