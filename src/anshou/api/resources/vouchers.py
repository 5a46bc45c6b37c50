"""The books: vouchers with their entries, taking one back, the trial balance of a month, the proof. Amounts in fen."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, Page, shown
from anshou.api.cursors import pack, unpack
from anshou.api.months import Month, first_day
from anshou.api.queries import Paging
from anshou.api.routing import get, post
from anshou.api.visits import ApiVisit, Visiting
from anshou.finance import bookkeeping, books
from anshou.finance.bookkeeping import Reversal
from anshou.finance.voucher_origins import Origin
from billing.ledger.proof import Check
from billing.ledger.uses import Side
from billing.ledger.vouchers import VoucherKind
from billing.parties import Party
from tenants.refusals import N_


class VoucherQuery(Paging, frozen=True, kw_only=True):
    """Which vouchers; `q` stands in the summary or is the voucher's number."""

    month: Month | None = None
    account: Annotated[str, Meta(max_length=20, title=N_("科目编码"))] = ""
    merchant: Annotated[UUID, Meta(title=N_("商家"))] | None = None
    ticket: Annotated[str, Meta(max_length=40, title=N_("工单号"))] = ""
    origin: Annotated[Origin, Meta(title=N_("来源"))] | None = None
    q: Annotated[str, Meta(max_length=200, title=N_("摘要或凭证号"))] = ""


class VoucherShown(Struct, frozen=True, kw_only=True):
    """A voucher; `amounts` is the sum of its debits by currency, `number` is given as its month is closed."""

    id: UUID
    kind: Annotated[VoucherKind, Meta(title=N_("类型"))]
    booked_on: Annotated[date, Meta(title=N_("记账日期"))]
    number: Annotated[int | None, Meta(title=N_("凭证号"))]
    summary: Annotated[str, Meta(title=N_("摘要"))]
    origin: Annotated[Origin | None, Meta(title=N_("来源"))]
    amounts: Annotated[dict[str, int], Meta(title=N_("各币种借方合计，分"))]
    reverses_id: Annotated[UUID | None, Meta(title=N_("冲销的凭证"))]
    is_reversed: Annotated[bool, Meta(title=N_("是否已冲销"))]


class EntryShown(Struct, frozen=True, kw_only=True):
    """A line of a voucher, and whom and what it concerns."""

    line: int
    account: Annotated[str, Meta(title=N_("科目编码"))]
    account_name: Annotated[str, Meta(title=N_("科目名称"))]
    side: Annotated[Side, Meta(title=N_("借贷方向"))]
    fen: Annotated[int, Meta(title=N_("金额，分"))]
    currency: Annotated[str, Meta(title=N_("币种"))]
    party: Annotated[Party | None, Meta(title=N_("承担方"))]
    merchant_id: Annotated[UUID | None, Meta(title=N_("商家"))]
    shop_id: Annotated[UUID | None, Meta(title=N_("店铺"))]
    ticket_number: Annotated[str | None, Meta(title=N_("工单号"))]
    cost_number: Annotated[str | None, Meta(title=N_("费用编号"))]
    clause: Annotated[str | None, Meta(title=N_("合同条款"))]
    department: Annotated[str | None, Meta(title=N_("部门"))]


class VoucherWhole(VoucherShown, frozen=True, kw_only=True):
    """A voucher with its entries, and what reversed it."""

    entries: Annotated[list[EntryShown], Meta(title=N_("分录"))]
    reversal_id: Annotated[UUID | None, Meta(title=N_("冲销凭证"))]
    posted_by: Annotated[UUID, Meta(title=N_("记账人"))]
    posted_at: Annotated[datetime, Meta(title=N_("记账时间"))]


class BalanceShown(Struct, frozen=True, kw_only=True):
    """An account in the trial balance; `opening` and `closing` are debit less credit."""

    code: Annotated[str, Meta(title=N_("科目编码"))]
    name: Annotated[str, Meta(title=N_("科目名称"))]
    currency: Annotated[str, Meta(title=N_("币种"))]
    normal_side: Annotated[Side, Meta(title=N_("余额方向"))]
    opening: Annotated[int, Meta(title=N_("期初余额，分"))]
    debit: Annotated[int, Meta(title=N_("本期借方，分"))]
    credit: Annotated[int, Meta(title=N_("本期贷方，分"))]
    closing: Annotated[int, Meta(title=N_("期末余额，分"))]


class FindingShown(Struct, frozen=True, kw_only=True):
    """What does not hold, and where: a voucher's id, an account with the month, or a month."""

    check: Annotated[Check, Meta(title=N_("检查项"))]
    place: Annotated[str, Meta(title=N_("位置"))]


class ProofShown(Struct, frozen=True, kw_only=True):
    """What was looked at, and all that does not hold."""

    is_sound: Annotated[bool, Meta(title=N_("账簿是否无误"))]
    vouchers: Annotated[int, Meta(title=N_("凭证张数"))]
    entries: Annotated[int, Meta(title=N_("分录条数"))]
    findings: Annotated[list[FindingShown], Meta(title=N_("不符之处"))]


@get("/vouchers", summary=N_("列出凭证"), operation_id="listVouchers", query=VoucherQuery)
async def list_vouchers(asked: NamedDependency[VoucherQuery], visit: Visiting) -> Page[VoucherShown]:
    filters = books.VoucherFilters(
        month=first_day(asked.month) if asked.month else None,
        account=asked.account,
        merchant=asked.merchant,
        ticket=asked.ticket,
        origin=asked.origin.value if asked.origin else "",
        words=asked.q.strip(),
    )
    narrowed = [str(getattr(filters, name)) for name in ("month", "account", "merchant", "ticket", "origin", "words")]
    before = unpack(asked.after, "vouchers", narrowed, tuple[date, UUID]) if asked.after else None
    found = await books.read_vouchers(visit.session, filters, by=visit.person, limit=asked.limit + 1, before=before)
    lines = found[: asked.limit]
    following = None
    if len(found) > asked.limit:
        last = lines[-1].voucher
        following = pack("vouchers", narrowed, (last.booked_on, last.id))
    items = [
        shown(
            VoucherShown,
            line.voucher,
            number=line.number,
            origin=line.origin,
            amounts=line.amounts,
            is_reversed=line.is_reversed,
        )
        for line in lines
    ]
    return Page(items=items, next=following)


@get("/vouchers/{voucher_id:uuid}", summary=N_("读取凭证"), operation_id="readVoucher")
async def read_voucher(voucher_id: FromPath[UUID], visit: Visiting) -> VoucherWhole:
    return await _read(visit, voucher_id)


@post("/vouchers/{voucher_id:uuid}/reversal", summary=N_("冲销凭证"), operation_id="reverseVoucher", status_code=200)
async def reverse_voucher(voucher_id: FromPath[UUID], data: JSONBody[Reversal], visit: Visiting) -> VoucherWhole:
    await bookkeeping.reverse(visit.session, voucher_id, reason=data.reason, by=visit.person, at=visit.at)
    return await _read(visit, voucher_id)


@get("/periods/{month:str}/trial-balance", summary=N_("读取科目余额表"), operation_id="readTrialBalance")
async def read_trial_balance(month: FromPath[Month], visit: Visiting) -> Listing[BalanceShown]:
    lines = await books.read_trial_balance(visit.session, first_day(month), by=visit.person)
    return Listing(items=[shown(BalanceShown, line) for line in lines])


@get("/books/proof", summary=N_("校验账簿"), operation_id="proveBooks")
async def prove_books(visit: Visiting) -> ProofShown:
    proof = await books.prove_books(visit.session, by=visit.person)
    return shown(ProofShown, proof, findings=[shown(FindingShown, one) for one in proof.findings])


async def _read(visit: ApiVisit, voucher_id: UUID) -> VoucherWhole:
    found = await books.read_voucher(visit.session, voucher_id, by=visit.person)
    tickets, costs = found.behind.tickets, found.behind.costs
    entries = [
        shown(
            EntryShown,
            entry,
            account=account.code,
            account_name=account.name,
            ticket_number=tickets.get(entry.ticket_id) if entry.ticket_id else None,
            cost_number=costs.get(entry.cost_item_id) if entry.cost_item_id else None,
        )
        for entry, account in found.entries
    ]
    amounts: dict[str, int] = {}
    for one in entries:
        if one.side is Side.DEBIT:
            amounts[one.currency] = amounts.get(one.currency, 0) + one.fen
    return shown(
        VoucherWhole,
        found.voucher,
        number=found.number,
        origin=found.origin,
        amounts=amounts,
        is_reversed=found.reversal is not None,
        entries=entries,
        reversal_id=found.reversal.id if found.reversal else None,
    )


router = Router(
    "/",
    tags=[N_("账簿")],
    route_handlers=[list_vouchers, read_voucher, reverse_voucher, read_trial_balance, prove_books],
)
