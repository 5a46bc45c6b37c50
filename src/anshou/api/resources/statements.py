"""Statements: what a merchant's month says, prepared by one of finance, reviewed by another, issued and read.

Amounts are in fen; what is above zero the merchant owes.
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, Page, made, shown
from anshou.api.cursors import pack, unpack
from anshou.api.document import PREFIX
from anshou.api.months import Month, first_day, named
from anshou.api.queries import Paging
from anshou.api.routing import get, post
from anshou.api.visits import ApiVisit, Visiting
from anshou.downloads import disposition
from anshou.finance import reading_statements, statements
from anshou.finance.statement_months import Standing, months_of_merchants, standings_of
from anshou.finance.statement_sheet import MEDIA_TYPE, sheet_of
from anshou.finance.statements import Payment
from anshou.merchants.merchants import visible_merchant
from billing.statements.errors import BooksMovedOn, NotReviewed
from billing.statements.gathering import Content
from billing.statements.rows import LineSort, Statement, StatementPreparation
from tenants.refusals import N_


class StatementQuery(Paging, frozen=True, kw_only=True):
    """Which statements."""

    merchant: Annotated[UUID, Meta(title=N_("商家"))] | None = None
    month: Month | None = None


class StatementShown(Struct, frozen=True, kw_only=True):
    """A statement as it was issued, and where it stands now."""

    number: Annotated[str, Meta(title=N_("对账单编号"))]
    merchant_id: Annotated[UUID, Meta(title=N_("商家"))]
    month: Month
    currency: Annotated[str, Meta(title=N_("币种"))]
    opening_fen: Annotated[int, Meta(title=N_("期初余额，分"))]
    closing_fen: Annotated[int, Meta(title=N_("期末应付，分"))]
    line_count: Annotated[int, Meta(title=N_("行数"))]
    sha256: Annotated[str, Meta(title=N_("内容的 SHA-256"))]
    standing: Annotated[Standing, Meta(title=N_("状态"))]
    reply_by: Annotated[datetime, Meta(title=N_("答复期限"))]
    silence_confirms: Annotated[bool, Meta(title=N_("逾期是否视为确认"))]
    issued_at: Annotated[datetime, Meta(title=N_("出具时间"))]


class MonthShown(Struct, frozen=True, kw_only=True):
    """How far a merchant's statement of a month is. Until it is issued the figures are those of the books."""

    merchant_id: Annotated[UUID, Meta(title=N_("商家"))]
    merchant_name: Annotated[str, Meta(title=N_("商家名称"))]
    currency: Annotated[str, Meta(title=N_("币种"))]
    standing: Annotated[Standing, Meta(title=N_("状态"))]
    opening_fen: Annotated[int, Meta(title=N_("期初余额，分"))]
    charged_fen: Annotated[int, Meta(title=N_("本期费用减冲减，分"))]
    paid_fen: Annotated[int, Meta(title=N_("本期付款，分"))]
    closing_fen: Annotated[int, Meta(title=N_("期末应付，分"))]
    statement: Annotated[str | None, Meta(title=N_("已出具的对账单"))]


class PreparationShown(Struct, frozen=True, kw_only=True):
    """A statement that was prepared and is not issued."""

    id: UUID
    opening_fen: Annotated[int, Meta(title=N_("期初余额，分"))]
    closing_fen: Annotated[int, Meta(title=N_("期末应付，分"))]
    line_count: Annotated[int, Meta(title=N_("行数"))]
    sha256: Annotated[str, Meta(title=N_("内容的 SHA-256"))]
    prepared_by: Annotated[UUID, Meta(title=N_("编制人"))]
    prepared_at: Annotated[datetime, Meta(title=N_("编制时间"))]
    reviewed_by: Annotated[UUID | None, Meta(title=N_("复核人"))]
    reviewed_at: Annotated[datetime | None, Meta(title=N_("复核时间"))]


class GatheredShown(Struct, frozen=True, kw_only=True):
    """A line as it would stand on the statement; `fen` below zero lessens the debt."""

    booked_on: Annotated[date, Meta(title=N_("记账日期"))]
    sort: Annotated[LineSort, Meta(title=N_("类别"))]
    fen: Annotated[int, Meta(title=N_("金额，分"))]
    text: Annotated[str, Meta(title=N_("摘要"))]
    clause: Annotated[str | None, Meta(title=N_("合同条款"))]


class MonthRead(Struct, frozen=True, kw_only=True):
    """What a merchant's statement would say as the books stand, and what of it was prepared."""

    merchant_id: Annotated[UUID, Meta(title=N_("商家"))]
    month: Month
    currency: Annotated[str, Meta(title=N_("币种"))]
    opening_fen: Annotated[int, Meta(title=N_("期初余额，分"))]
    closing_fen: Annotated[int, Meta(title=N_("期末应付，分"))]
    sha256: Annotated[str, Meta(title=N_("内容的 SHA-256"))]
    lines: Annotated[list[GatheredShown], Meta(title=N_("明细"))]
    preparation: Annotated[PreparationShown | None, Meta(title=N_("编制"))]


class PreparationNamed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which preparation its reader saw: no other one is reviewed or issued in its place."""

    preparation: Annotated[UUID, Meta(title=N_("编制"))]


class PaymentBooked(Struct, frozen=True, kw_only=True):
    """The voucher of a payment; `is_replay` when the same payment had been booked before."""

    voucher: Annotated[UUID, Meta(title=N_("凭证"))]
    is_replay: Annotated[bool, Meta(title=N_("是否此前已入账"))]


_MONTH = "/statements/months/{month:str}"
_OF_MERCHANT = f"{_MONTH}/{{merchant_id:uuid}}"
_ONE = "/statements/{statement:str}"


@get("/statements", summary=N_("列出对账单"), operation_id="listStatements", query=StatementQuery)
async def list_statements(asked: NamedDependency[StatementQuery], visit: Visiting) -> Page[StatementShown]:
    narrowed = [str(asked.merchant), asked.month]
    found = await reading_statements.list_statements(
        visit.session,
        by=visit.person,
        merchant=asked.merchant,
        month=first_day(asked.month) if asked.month else None,
        after=unpack(asked.after, "statements", narrowed, UUID) if asked.after else None,
        limit=asked.limit + 1,
    )
    here = found[: asked.limit]
    standings = await standings_of(visit.session, here)
    following = pack("statements", narrowed, here[-1].id) if len(found) > asked.limit else None
    return Page(items=[_shown(one, standings[one.id]) for one in here], next=following)


@get(_MONTH, summary=N_("列出一个月各商家的对账进度"), operation_id="listStatementMonth")
async def list_month(month: FromPath[Month], visit: Visiting) -> Listing[MonthShown]:
    rows = await months_of_merchants(visit.session, first_day(month), by=visit.person)
    return Listing(
        items=[
            shown(
                MonthShown,
                one,
                charged_fen=one.totals.charged,
                paid_fen=one.totals.paid,
                statement=one.statement.number if one.statement else None,
            )
            for one in rows
        ]
    )


@get(_OF_MERCHANT, summary=N_("读取商家一个月的对账内容"), operation_id="readStatementMonth")
async def read_month(month: FromPath[Month], merchant_id: FromPath[UUID], visit: Visiting) -> MonthRead:
    return await _read(visit, merchant_id, first_day(month))


@post(f"{_OF_MERCHANT}/preparation", summary=N_("编制对账单"), operation_id="prepareStatement")
async def prepare(month: FromPath[Month], merchant_id: FromPath[UUID], visit: Visiting) -> MonthRead:
    first = first_day(month)
    await statements.prepare_statement(visit.session, merchant_id, first, by=visit.person, at=visit.at)
    return await _read(visit, merchant_id, first)


@post(f"{_OF_MERCHANT}/review", summary=N_("复核对账单"), operation_id="reviewStatement", status_code=200)
async def review(
    month: FromPath[Month], merchant_id: FromPath[UUID], data: JSONBody[PreparationNamed], visit: Visiting
) -> MonthRead:
    first = first_day(month)
    prepared = await _prepared(visit, merchant_id, first, data)
    await statements.review_statement(visit.session, prepared, by=visit.person, at=visit.at)
    return await _read(visit, merchant_id, first)


@post(
    f"{_OF_MERCHANT}/issue",
    summary=N_("出具对账单"),
    operation_id="issueStatement",
    opt={"answers_with": {"Location": N_("对账单的位置")}},
)
async def issue(
    month: FromPath[Month], merchant_id: FromPath[UUID], data: JSONBody[PreparationNamed], visit: Visiting
) -> Response[StatementShown]:
    prepared = await _prepared(visit, merchant_id, first_day(month), data)
    statement = await statements.issue_statement(visit.session, prepared, by=visit.person, at=visit.at)
    return made(_shown(statement, Standing.ISSUED), f"{PREFIX}/statements/{statement.number}")


@get(_ONE, summary=N_("读取对账单"), operation_id="readStatement")
async def read_statement(statement: FromPath[str], visit: Visiting) -> StatementShown:
    return await as_shown(visit, await reading_statements.visible_statement(visit.session, statement, by=visit.person))


@get(
    f"{_ONE}/spreadsheet",
    summary=N_("下载对账单表格"),
    operation_id="downloadStatement",
    opt={"downloads": (MEDIA_TYPE,)},
)
async def download(statement: FromPath[str], visit: Visiting) -> Response[bytes]:
    one = await reading_statements.visible_statement(visit.session, statement, by=visit.person)
    content = await sheet_of(visit.session, one)
    headers = {
        "content-disposition": disposition(f"{one.number}.xlsx", "attachment"),
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


@post(f"{_ONE}/reminder", summary=N_("催办对账单"), operation_id="remindOfStatement", status_code=200)
async def remind(statement: FromPath[str], visit: Visiting) -> StatementShown:
    one = await reading_statements.visible_statement(visit.session, statement, by=visit.person)
    await statements.remind_of_statement(visit.session, one, by=visit.person, at=visit.at)
    return await as_shown(visit, one)


@post("/merchants/{merchant_id:uuid}/payments", summary=N_("登记商家付款"), operation_id="recordPayment")
async def record_payment(merchant_id: FromPath[UUID], data: JSONBody[Payment], visit: Visiting) -> PaymentBooked:
    posted = await statements.record_payment(visit.session, merchant_id, data, by=visit.person, at=visit.at)
    return PaymentBooked(voucher=posted.id, is_replay=posted.is_replay)


async def as_shown(visit: ApiVisit, statement: Statement) -> StatementShown:
    """The statement with where it stands now."""
    return _shown(statement, (await standings_of(visit.session, [statement]))[statement.id])


def _shown(statement: Statement, standing: Standing) -> StatementShown:
    digest, month = statement.content_hash.hex(), named(statement.month)
    return shown(StatementShown, statement, month=month, sha256=digest, standing=standing)


async def _prepared(visit: ApiVisit, merchant_id: UUID, month: date, seen: PreparationNamed) -> StatementPreparation:
    """The preparation that counts, if its reader saw that one. Raises NotReviewed without one, BooksMovedOn."""
    found = await statements.find_preparation(visit.session, merchant_id, month, by=visit.person)
    if found is None:
        raise NotReviewed
    if found.id != seen.preparation:
        raise BooksMovedOn
    return found


async def _read(visit: ApiVisit, merchant_id: UUID, month: date) -> MonthRead:
    content: Content = await statements.gathered_content(visit.session, merchant_id, month, by=visit.person)
    await visible_merchant(visit.session, merchant_id)
    prepared = await statements.find_preparation(visit.session, merchant_id, month, by=visit.person)
    return MonthRead(
        merchant_id=merchant_id,
        month=named(month),
        currency=content.currency,
        opening_fen=content.opening_fen,
        closing_fen=content.closing_fen,
        sha256=content.digest.hex(),
        lines=[shown(GatheredShown, line) for line in content.lines],
        preparation=shown(PreparationShown, prepared, sha256=prepared.content_hash.hex()) if prepared else None,
    )


router = Router(
    "/",
    tags=[N_("对账单")],
    route_handlers=[
        list_statements,
        list_month,
        read_month,
        prepare,
        review,
        issue,
        read_statement,
        download,
        remind,
        record_payment,
    ],
)
