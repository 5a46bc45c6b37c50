"""What waits for somebody of finance: counted and begun, all of it in one question to the database.

Counts are bounded, so that a year's backlog costs no more than a week's. What the person may not do is not asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, Uuid, case, cast, exists, func, literal, null, or_, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from anshou.finance.close_checks import Check, subjects
from anshou.merchants.merchants import Merchant
from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from billing.budgets.lines import Budget, BudgetPassing, budgets_on
from billing.budgets.watching import Standing
from billing.costs.items import CostDeed, CostItem
from billing.costs.states import Deed, State
from billing.currencies import Currency
from billing.invoices.rows import InvoiceRequest, InvoiceState
from billing.ledger.accounts import LedgerAccount
from billing.ledger.periods import Period, PeriodState, month_after, month_of
from billing.ledger.posting import BOOKS_ZONE
from billing.ledger.uses import Side
from billing.ledger.vouchers import Entry
from billing.statements.gathering import MERCHANT_ACCOUNTS
from billing.statements.rows import Statement, StatementLine, StatementPreparation
from tenants.labels import Labelled
from tenants.refusals import N_

# What is counted at most, and how many of each are shown.
MOST = 1000
FIRST = 5


class Matter(Labelled):
    """What waits, in the order in which a month goes."""

    VERIFY = "verify", N_("待核实的费用")
    COUNTERSIGN = "countersign", N_("待复核的费用")
    DETERMINE = "determine", N_("待判定的费用")
    RECONCILE = "reconcile", N_("未匹配的账单行")
    PREPARE = "prepare", N_("待编制的对账单")
    REVIEW = "review", N_("待复核的对账单")
    ISSUE = "issue", N_("待出具的对账单")
    ANSWER = "answer", N_("待答复的对账异议")
    ACCEPT_INVOICE = "accept_invoice", N_("待受理的开票申请")
    WRITE_INVOICE = "write_invoice", N_("待开具的发票")
    CLOSE = "close", N_("待结账的月份")


_NEEDS: Mapping[Matter, Permission] = {
    Matter.VERIFY: Permission.VERIFY_COSTS,
    Matter.COUNTERSIGN: Permission.VERIFY_COSTS,
    Matter.DETERMINE: Permission.READ_COSTS,
    Matter.RECONCILE: Permission.KEEP_BOOKS,
    Matter.PREPARE: Permission.ISSUE_STATEMENTS,
    Matter.REVIEW: Permission.ISSUE_STATEMENTS,
    Matter.ISSUE: Permission.ISSUE_STATEMENTS,
    Matter.ANSWER: Permission.ISSUE_STATEMENTS,
    Matter.ACCEPT_INVOICE: Permission.ISSUE_INVOICES,
    Matter.WRITE_INVOICE: Permission.ISSUE_INVOICES,
    Matter.CLOSE: Permission.CLOSE_PERIODS,
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One that waits. `day` is since or until when, or which month; `fen` None where no amount says anything."""

    name: str
    merchant_id: UUID | None
    day: date
    fen: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of one matter: how many (MOST stands for that many or more) and the first of them."""

    matter: Matter
    count: int
    first: Sequence[Thing] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """All that waits for a person. `budgets` are those that passed a threshold, with the highest."""

    waiting: Sequence[Waiting]
    budgets: Sequence[tuple[Budget, Standing]] = field(default_factory=tuple)

    @property
    def is_clear(self) -> bool:
        """Whether nothing waits."""
        return not self.budgets and not any(one.count for one in self.waiting)


# name, merchant_id, day, fen, currency.
Things = Select[str, UUID, date, int, str]


async def waiting_for(session: AsyncSession, *, by: Person, at: datetime) -> Desk:
    """What waits for the person, matter by matter. Needs the agency's context. Raises PermissionMissing."""
    authorize(by, Permission.ISSUE_STATEMENTS)
    today = at.astimezone(BOOKS_ZONE).date()
    asked = [_begun(matter, _things(matter, by, today)) for matter in Matter if allows(by, _NEEDS[matter])]
    found = {Matter(row[0]): (row[1], row[2] or []) for row in await session.execute(union_all(*asked))}
    waiting = [
        Waiting(matter, count, [_thing(one) for one in first])
        for matter in Matter
        for count, first in ([found[matter]] if matter in found else [])
    ]
    return Desk(waiting, await _passed(session, today) if allows(by, Permission.READ_BUDGETS) else ())


def _begun(matter: Matter, things: Things) -> Select[Any]:
    """One row: the matter, how many wait, and the first as a list."""
    bounded = things.order_by("day", "name").limit(MOST).cte(f"waiting_{matter.value}")
    first = select(bounded).order_by(bounded.c.day, bounded.c.name).limit(FIRST).subquery()
    columns = (first.c.name, first.c.merchant_id, first.c.day, first.c.fen, first.c.currency)
    listed = func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(*columns), first.c.day, first.c.name))
    return select(
        literal(matter.value),
        select(func.count()).select_from(bounded).scalar_subquery(),
        select(listed).select_from(first).scalar_subquery(),
    )


def _things(matter: Matter, by: Person, today: date) -> Things:
    """Everything of a matter: name, merchant_id, day, fen, currency."""
    last = month_of(today - timedelta(days=today.day))
    match matter:
        case Matter.VERIFY:
            return _costs().where(CostItem.state == State.SUBMITTED, CostItem.claimed_by != by.id)
        case Matter.COUNTERSIGN:
            verified = exists().where(
                CostDeed.merchant_id == CostItem.merchant_id,
                CostDeed.item_id == CostItem.id,
                CostDeed.deed == Deed.VERIFIED,
                CostDeed.done_by == by.id,
            )
            waits = CostItem.state == State.COUNTERSIGNING
            return _costs().where(waits, CostItem.claimed_by != by.id, ~verified)
        case Matter.DETERMINE:
            return _found(Check.UNDETERMINED, today)
        case Matter.RECONCILE:
            return _found(Check.UNRECONCILED, today)
        case Matter.PREPARE:
            return _unprepared(last)
        case Matter.REVIEW:
            waits = StatementPreparation.reviewed_by.is_(None) & (StatementPreparation.prepared_by != by.id)
            return _prepared().where(waits)
        case Matter.ISSUE:
            return _prepared().where(StatementPreparation.reviewed_by.is_not(None))
        case Matter.ANSWER:
            return _found(Check.DISPUTED, today)
        case Matter.ACCEPT_INVOICE:
            return _invoices(InvoiceState.REQUESTED)
        case Matter.WRITE_INVOICE:
            return _invoices(InvoiceState.ACCEPTED)
        case Matter.CLOSE:
            month = func.to_char(Period.month, "YYYY-MM")
            over = select(
                month.label("name"),
                null().cast(Uuid).label("merchant_id"),
                Period.month.expression.label("day"),
                null().label("fen"),
                literal(Currency.CNY.value).label("currency"),
            )
            return over.where(Period.state == PeriodState.OPEN, Period.month < month_of(today))


def _found(check: Check, today: date) -> Things:
    """What the close of this month would find."""
    things = subjects(check, month_of(today)).subquery()
    return select(
        things.c.name,
        null().cast(Uuid).label("merchant_id"),
        things.c.booked_on.label("day"),
        things.c.fen,
        things.c.currency,
    )


def _costs() -> Things:
    since = cast(func.timezone(BOOKS_ZONE.key, CostItem.state_since), Date)
    return select(
        CostItem.number.expression.label("name"),
        CostItem.merchant_id,
        since.label("day"),
        CostItem.fen,
        CostItem.currency.expression.label("currency"),
    )


def _invoices(state: InvoiceState) -> Things:
    until = cast(func.timezone(BOOKS_ZONE.key, InvoiceRequest.issue_by), Date)
    return select(
        InvoiceRequest.number.expression.label("name"),
        InvoiceRequest.merchant_id,
        until.label("day"),
        InvoiceRequest.gross_fen.expression.label("fen"),
        literal(Currency.CNY.value).label("currency"),
    ).where(InvoiceRequest.state == state)


def _prepared() -> Things:
    """Preparations that count and whose statement is not issued."""
    later = aliased(StatementPreparation)
    of = StatementPreparation
    same = (later.merchant_id == of.merchant_id, later.month == of.month, later.currency == of.currency)
    issued = (Statement.merchant_id == of.merchant_id, Statement.month >= of.month, Statement.currency == of.currency)
    return (
        select(
            Merchant.name.expression.label("name"),
            of.merchant_id.expression.label("merchant_id"),
            of.month.expression.label("day"),
            of.closing_fen.expression.label("fen"),
            of.currency.expression.label("currency"),
        )
        .join(Merchant, Merchant.id == of.merchant_id)
        .where(~exists().where(*same, later.id > of.id), ~exists().where(*issued))
    )


def _unprepared(month: date) -> Things:
    """Merchants with postings up to the month on no statement, of which the month's is neither issued nor prepared."""
    own = (Entry.merchant_id, Entry.currency)
    stated = exists().where(
        StatementLine.merchant_id == Entry.merchant_id,
        StatementLine.voucher_id == Entry.voucher_id,
        StatementLine.entry_line == Entry.line,
    )
    issued = exists().where(Statement.merchant_id == own[0], Statement.currency == own[1], Statement.month >= month)
    prepared = exists().where(
        StatementPreparation.merchant_id == own[0],
        StatementPreparation.currency == own[1],
        StatementPreparation.month == month,
    )
    return (
        select(
            Merchant.name.expression.label("name"),
            Merchant.id.expression.label("merchant_id"),
            literal(month, Date).label("day"),
            func.sum(case((Entry.side == Side.DEBIT, Entry.fen), else_=-Entry.fen)).label("fen"),
            Entry.currency.expression.label("currency"),
        )
        .join(LedgerAccount, LedgerAccount.id == Entry.account_id)
        .join(Merchant, Merchant.id == Entry.merchant_id)
        .where(
            Entry.booked_on < month_after(month),
            or_(*(LedgerAccount.use == use for use in MERCHANT_ACCOUNTS)),
            ~stated,
            ~issued,
            ~prepared,
        )
        .group_by(Merchant.name, Merchant.id, Entry.currency)
    )


def _thing(listed: Sequence[Any]) -> Thing:
    name, merchant_id, day, fen, currency = listed
    return Thing(name, UUID(merchant_id) if merchant_id else None, date.fromisoformat(day), fen, currency)


async def _passed(session: AsyncSession, today: date) -> Sequence[tuple[Budget, Standing]]:
    """Budgets of the periods that hold today of whose amount in force four fifths or all is used."""
    in_force = {version.id: budget for budget, version in await budgets_on(session, [today])}
    if not in_force:
        return ()
    asked = select(BudgetPassing.version_id, BudgetPassing.threshold).where(BudgetPassing.version_id.in_(in_force))
    highest: dict[UUID, Standing] = {}
    for version_id, threshold in await session.execute(asked):
        if highest.get(version_id) is not Standing.FLAGGED:
            highest[version_id] = Standing(threshold)
    order = [Standing.FLAGGED, Standing.WARNED]
    return sorted(
        ((in_force[version], standing) for version, standing in highest.items()), key=lambda one: order.index(one[1])
    )
