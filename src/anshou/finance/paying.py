"""From matches to the books: a cost that was owed since it was verified is paid, as the line of a bill shows.

Debit of what is owed for each cost, credit of the account that the bill is of; what the two differ by stands under
differences of reconciliation until it is written off. Money that came back is booked on the other side.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.tickets import Ticket
from billing.bills.layouts import alipay, banks, marketplaces, wechat
from billing.costs.items import CostItem
from billing.ledger.drafts import Draft, Posting
from billing.ledger.posting import post_all, reverse
from billing.ledger.uses import AccountUse, Side
from billing.ledger.vouchers import standing_vouchers
from billing.ledger.wording import COSTS_PAID, MANY_COSTS_PAID
from billing.reconciliation.books import COSTS, LEDGER, account_behind
from billing.reconciliation.claims import Confirmation, LineMatch, lines_of
from billing.reconciliation.lines import ExternalLine
from billing.sources import MATCH_PAYMENT

_BANKS = (banks.CHINA_MERCHANTS, banks.ICBC, banks.BANK_OF_CHINA, banks.AGRICULTURAL, banks.COMMUNICATIONS)
_WALLETS = (
    *(wechat.TRADES, wechat.FUNDS, alipay.ACCOUNTS, alipay.BUSINESS),
    *(marketplaces.PINDUODUO, marketplaces.DOUYIN),
)

# Bills of accounts that are the agency's. What somebody paid from an account of their own is still owed to them, and a
# layout that the agency described may be a courier's bill, which asks for money and moves none.
_PAID_FROM = {layout.code: AccountUse.BANK for layout in _BANKS} | {
    layout.code: AccountUse.WALLET for layout in _WALLETS
}

_AT_A_TIME = 2_000


async def book_payments(session: AsyncSession, made: Mapping[UUID, Confirmation], *, by: UUID, at: datetime) -> None:
    """Book what these matches pay, a voucher each on the day of the match. Raises what posting raises."""
    paying = {match: each for match, each in made.items() if _pays(each)}
    for start in range(0, len(paying), _AT_A_TIME):
        some = [*paying][start : start + _AT_A_TIME]
        days = await _days(session, some)
        owed = await _owed(session, [line.id for match in some for line in paying[match].lines])
        drafts = {f"{MATCH_PAYMENT}:{match}": _draft(match, days[match], paying[match], owed) for match in some}
        await post_all(session, drafts, by=by, at=at)


async def take_back_payment(session: AsyncSession, match: LineMatch, *, reason: str, by: UUID, at: datetime) -> None:
    """Reverse what the match paid, if it paid anything, in the month of the match. Raises what reversing raises."""
    for voucher in await standing_vouchers(session, MATCH_PAYMENT, match.id):
        await reverse(session, voucher.id, reason=reason, by=by, at=at, on=match.booked_on)


async def difference_stands_on(session: AsyncSession, match: LineMatch) -> AccountUse | str:
    """Which account is wrong by what the match differs by, so that writing it off makes that account right.

    What the match paid left it under differences. Otherwise it is the account of the entry that says another amount
    than the bank, or what is owed for a cost that costs more, or the account of a bill that the books have nothing for.
    """
    if await standing_vouchers(session, MATCH_PAYMENT, match.id):
        return AccountUse.DIFFERENCE
    lines = await lines_of(session, match.id)
    for line in lines:
        if line.source == LEDGER.source:
            return await account_behind(session, line.line_id, line.booked_on)
    if any(line.source == COSTS.source for line in lines):
        return AccountUse.PAYABLE_TO_CLAIMANT
    return _PAID_FROM.get(lines[0].source, AccountUse.DIFFERENCE)


def _pays(each: Confirmation) -> bool:
    """Whether costs are paid: from accounts of the agency, and from those alone."""
    external = [line for line in each.lines if isinstance(line, ExternalLine)]
    return any(line.source == COSTS.source for line in each.lines) and all(
        line.source in _PAID_FROM for line in external
    )


async def _days(session: AsyncSession, matches: Sequence[UUID]) -> dict[UUID, date]:
    asked = select(LineMatch.id, LineMatch.booked_on).where(LineMatch.id.in_(matches))
    return {row.id: row.booked_on for row in await session.execute(asked)}


async def _owed(session: AsyncSession, lines: Sequence[UUID]) -> dict[UUID, tuple[str, Posting]]:
    """What ends what is owed for each cost, with the cost's number; whom and what it concerns is as it was booked."""
    asked = (
        select(CostItem, Ticket.shop_id)
        .join(Ticket, (Ticket.merchant_id == CostItem.merchant_id) & (Ticket.id == CostItem.ticket_id))
        .where(CostItem.id.in_(lines))
    )
    return {
        item.id: (
            item.number,
            Posting(
                account=AccountUse.PAYABLE_TO_CLAIMANT,
                side=Side.DEBIT,
                fen=item.fen,
                currency=item.currency,
                merchant_id=item.merchant_id,
                shop_id=shop_id,
                ticket_id=item.ticket_id,
                cost_item_id=item.id,
                department=item.department,
            ),
        )
        for item, shop_id in await session.execute(asked)
    }


def _draft(match: UUID, day: date, each: Confirmation, owed: Mapping[UUID, tuple[str, Posting]]) -> Draft:
    paid = [owed[line.id] for line in each.lines if line.source == COSTS.source]
    said = MANY_COSTS_PAID if len(paid) > 3 else COSTS_PAID
    return Draft(
        booked_on=day,
        summary=said % {"costs": "、".join(number for number, _ in paid[:3]), "count": len(paid)},
        source=MATCH_PAYMENT,
        source_id=match,
        postings=(*(posting for _, posting in paid), *_money(each)),
    )


def _money(each: Confirmation) -> Iterator[Posting]:
    """What moved on the agency's accounts, less what the books had of it already, and the difference."""
    moved: Counter[AccountUse] = Counter()
    external = [line for line in each.lines if isinstance(line, ExternalLine)]
    for line in external:
        moved[_PAID_FROM[line.source]] += line.fen
    internal = [line for line in each.lines if not isinstance(line, ExternalLine)]
    moved[_PAID_FROM[external[0].source]] -= sum(line.fen for line in internal if line.source == LEDGER.source)
    moved[AccountUse.DIFFERENCE] = sum(line.fen for line in internal) - sum(line.fen for line in external)
    for use, fen in moved.items():
        if fen:
            side = Side.DEBIT if fen > 0 else Side.CREDIT
            yield Posting(account=use, side=side, fen=abs(fen), currency=external[0].currency)
