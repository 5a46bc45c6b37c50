"""The entries of the books that reports add up, with what the ticket and the cost behind them say.

A cost stands on one of seven accounts: with nobody yet, or with a party. Entries of those accounts are costs, except
where money came in for a claim, or where the books began.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, ScalarSelect, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from anshou.finance.reporting.asking import BEARER_OF, COSTS, By, Months, Narrowed, Sort, departments_read, uses_of
from anshou.people.person import Person
from anshou.tickets.tickets import Ticket
from billing.attribution.claims import ClaimResult
from billing.attribution.tables import AllocationPart, ClaimConclusion
from billing.costs.items import CostItem
from billing.currencies import Currency
from billing.ledger import openings
from billing.ledger.accounts import LedgerAccount
from billing.ledger.uses import AccountUse, Side
from billing.ledger.vouchers import Entry, Voucher, VoucherKind
from billing.sources import ALLOCATION, CLAIM_RECEIVED, CLAIM_REST, COST, DISPUTE, PAYMENT
from billing.statements.rows import StatementLine

MONEY = (AccountUse.BANK, AccountUse.WALLET, AccountUse.ADVANCE_FROM_MERCHANT)
"""Where what was owed is paid from."""

_OWED = tuple(use for use in BEARER_OF if use not in (AccountUse.BORNE_BY_AGENCY, AccountUse.PENDING_DETERMINATION))
_Beside, _BesideAccount, _Origin = aliased(Entry), aliased(LedgerAccount), aliased(Voucher)

SIGNED = case((Entry.side == Side.DEBIT, Entry.fen), else_=-Entry.fen)
"""Debit less credit, in fen."""

_SETTLES = exists().where(
    _Beside.voucher_id == Entry.voucher_id,
    _BesideAccount.id == _Beside.account_id,
    _BesideAccount.use.in_([use.value for use in MONEY]),
)

# What the product posts says by its source what it is; only of vouchers by hand have the other entries to be looked at.
SORT: ColumnElement[str] = case(
    (Voucher.source.in_((COST, ALLOCATION, DISPUTE)), literal(Sort.BORNE.value)),
    (Voucher.source == CLAIM_REST, literal(Sort.FALLEN_BACK.value)),
    (Voucher.source.in_((PAYMENT, CLAIM_RECEIVED)), literal(Sort.SETTLED.value)),
    (Voucher.source == openings.SOURCE, literal(Sort.OPENING.value)),
    (and_(LedgerAccount.use.in_([use.value for use in _OWED]), _SETTLES), literal(Sort.SETTLED.value)),
    else_=literal(Sort.BORNE.value),
)


def _cause_of_part(allocation: ColumnElement[Any], line: ColumnElement[int]) -> ScalarSelect[Any]:
    """The cause of an allocation's entry: its parts that are anything are its first entries, in their order."""
    found = select(AllocationPart.cause).where(
        AllocationPart.merchant_id == Entry.merchant_id,
        AllocationPart.allocation_id == allocation,
        AllocationPart.fen != 0,
    )
    return (
        found.order_by(AllocationPart.position)
        .offset(line - 1)
        .limit(1)
        .correlate_except(AllocationPart)
        .scalar_subquery()
    )


def _cause_of_claim(conclusion: ColumnElement[Any]) -> ScalarSelect[Any]:
    part = select(ClaimConclusion.part_id).where(
        ClaimConclusion.merchant_id == Entry.merchant_id, ClaimConclusion.id == conclusion
    )
    found = select(AllocationPart.cause).where(
        AllocationPart.merchant_id == Entry.merchant_id,
        AllocationPart.id == part.correlate_except(ClaimConclusion).scalar_subquery(),
    )
    return found.correlate_except(AllocationPart).scalar_subquery()


# A line that a merchant disputed with success goes back to the entry that it stated.
_STATED = (
    select(
        case(
            (
                _Origin.source == ALLOCATION,
                _cause_of_part(_Origin.source_id.expression, StatementLine.entry_line.expression),
            ),
            (_Origin.source == CLAIM_REST, _cause_of_claim(_Origin.source_id.expression)),
        )
    )
    .select_from(StatementLine)
    .join(_Origin, _Origin.id == StatementLine.voucher_id)
    .where(StatementLine.merchant_id == Entry.merchant_id, StatementLine.id == Voucher.source_id)
    .correlate_except(StatementLine, _Origin)
    .scalar_subquery()
)

_KEYS: dict[By, ColumnElement[Any]] = {
    By.MERCHANT: Entry.merchant_id.expression,
    By.SHOP: func.coalesce(Entry.shop_id, Ticket.shop_id),
    By.KIND: Ticket.kind.expression,
    By.TOPIC: Ticket.category.expression,
    By.CAUSE: case(
        (Voucher.source == ALLOCATION, _cause_of_part(Voucher.source_id.expression, Entry.line.expression)),
        (Voucher.source.in_((CLAIM_REST, CLAIM_RECEIVED)), _cause_of_claim(Voucher.source_id.expression)),
        (Voucher.source == DISPUTE, _STATED),
    ),
    By.DEPARTMENT: func.coalesce(Entry.department, CostItem.department),
    By.CATEGORY: CostItem.category.expression,
    By.BEARER: LedgerAccount.use.expression,
    By.MONTH: func.date_trunc("month", Entry.booked_on).cast(Date),
}


@dataclass(frozen=True, slots=True)
class Sum:
    """What entries of one sort come to on one account, in fen, for one value of what the report is by."""

    key: Any
    use: AccountUse
    sort: Sort
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """An entry behind a figure. `fen` is debit less credit; numbers are empty where there is no such thing."""

    voucher_id: UUID
    line: int
    booked_on: date
    use: AccountUse
    sort: Sort
    fen: int
    summary: str
    clause: str | None
    merchant_id: UUID | None
    ticket_number: str | None
    cost_number: str | None


async def sums(
    session: AsyncSession, months: Months, narrowed: Narrowed, *, by: By, person: Person, currency: str = "CNY"
) -> Sequence[Sum]:
    """What the entries of the months come to, by account, sort, and one of what tells them apart.

    Needs the agency's context. Raises PermissionMissing.
    """
    columns = [_KEYS[by].label("key"), LedgerAccount.use.label("use"), SORT.label("sort"), SIGNED.label("fen")]
    one = _entries(columns, months, narrowed, person, currency).subquery().c
    asked = select(one.key, one.use, one.sort, func.sum(one.fen)).group_by(one.key, one.use, one.sort)
    rows = await session.execute(asked)
    return [Sum(key, AccountUse(use), Sort(sort), int(fen)) for key, use, sort, fen in rows if fen]


async def behind(
    session: AsyncSession,
    months: Months,
    narrowed: Narrowed,
    sorts: Sequence[Sort] = COSTS,
    *,
    person: Person,
    after: tuple[date, UUID, int] | None = None,
    limit: int = 100,
    currency: str = "CNY",
) -> Sequence[Behind]:
    """The entries that a figure adds up, in the order of the books; `after` is the last one of the page before."""
    columns: list[ColumnElement[Any]] = [
        Entry.voucher_id.expression,
        Entry.line.expression,
        Entry.booked_on.expression,
        LedgerAccount.use.expression,
        SORT.label("sort"),
        SIGNED.label("fen"),
        Voucher.summary.expression,
        Entry.clause.expression,
        Entry.merchant_id.expression,
        Ticket.number.label("ticket_number"),
        CostItem.number.label("cost_number"),
    ]
    asked = _entries(columns, months, narrowed, person, currency).where(SORT.in_([sort.value for sort in sorts]))
    place = (Entry.booked_on, Entry.voucher_id, Entry.line)
    if after is not None:
        day, voucher, line = after
        asked = asked.where(
            or_(
                Entry.booked_on > day,
                and_(Entry.booked_on == day, Entry.voucher_id > voucher),
                and_(Entry.booked_on == day, Entry.voucher_id == voucher, Entry.line > line),
            )
        )
    rows = await session.execute(asked.order_by(*place).limit(limit))
    return [Behind(**{**row._mapping, "use": AccountUse(row.use), "sort": Sort(row.sort)}) for row in rows]


async def concluded(
    session: AsyncSession, months: Months, narrowed: Narrowed, *, person: Person, currency: str = "CNY"
) -> Mapping[AccountUse, Mapping[ClaimResult, int]]:
    """How many claims on each account ended how within the months, by what they brought and what fell back.

    Raises PermissionMissing.
    """
    columns: list[ColumnElement[Any]] = [
        LedgerAccount.use.label("use"),
        Voucher.source_id.label("claim"),
        Voucher.source.label("source"),
    ]
    of_claims = Voucher.source.in_((CLAIM_RECEIVED, CLAIM_REST)) & (Voucher.kind != VoucherKind.REVERSAL)
    one = _entries(columns, months, narrowed, person, currency).where(of_claims).subquery().c
    brought, fell_back = (func.bool_or(one.source == source) for source in (CLAIM_RECEIVED, CLAIM_REST))
    asked = select(one.use, brought, fell_back).group_by(one.use, one.claim)
    found: dict[AccountUse, dict[ClaimResult, int]] = {}
    for use, some, lost in await session.execute(asked):
        result = ClaimResult.PARTLY if some and lost else ClaimResult.WON if some else ClaimResult.FAILED
        of_use = found.setdefault(AccountUse(use), {})
        of_use[result] = of_use.get(result, 0) + 1
    return found


async def other_currencies(session: AsyncSession, months: Months) -> Sequence[str]:
    """The currencies besides the yuan in which costs stand in the books: reports leave them out, and have to say so."""
    moved = exists().where(
        Entry.account_id == LedgerAccount.id, Entry.booked_on >= months.first, Entry.booked_on < months.end
    )
    asked = select(LedgerAccount.currency).where(
        LedgerAccount.use.in_([use.value for use in BEARER_OF]), LedgerAccount.currency != Currency.CNY, moved
    )
    return sorted({currency for currency in await session.scalars(asked) if currency})


def _entries(
    columns: Sequence[ColumnElement[Any]],
    months: Months,
    narrowed: Narrowed,
    person: Person,
    currency: str,
) -> Select[Any]:
    departments = departments_read(person)
    asked = (
        select(*columns)
        .select_from(Entry)
        .join(LedgerAccount, LedgerAccount.id == Entry.account_id)
        .join(Voucher, Voucher.id == Entry.voucher_id)
        .outerjoin(Ticket, (Ticket.merchant_id == Entry.merchant_id) & (Ticket.id == Entry.ticket_id))
        .outerjoin(CostItem, (CostItem.merchant_id == Entry.merchant_id) & (CostItem.id == Entry.cost_item_id))
        .where(
            LedgerAccount.use.in_([use.value for use in uses_of(narrowed.bearer)]),
            LedgerAccount.currency == currency,
            Entry.booked_on >= months.first,
            Entry.booked_on < months.end,
            *_conditions(narrowed),
        )
    )
    if departments is not None:
        asked = asked.where(_KEYS[By.DEPARTMENT].in_(sorted(departments)))
    return asked


def _conditions(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    wanted = {
        By.MERCHANT: narrowed.merchant,
        By.SHOP: narrowed.shop,
        By.KIND: narrowed.kind,
        By.TOPIC: narrowed.topic,
        By.CAUSE: narrowed.cause,
        By.DEPARTMENT: narrowed.department,
        By.CATEGORY: narrowed.category,
    }
    exact = [_KEYS[by] == value for by, value in wanted.items() if value is not None]
    return [*exact, *(_KEYS[by].is_(None) for by in sorted(narrowed.unknown))]
