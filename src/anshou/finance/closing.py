"""What a month still lacks before it is closed: counted, and said whether it keeps the month open or only warns.

A cost that finance has before it, a determination that is not in the books, a line of a bill that nothing answers for,
a statement that is owed and a dispute that waits for the agency belong into this month, and block. What is for others
to decide goes on after the close: a cost without a determination stays under pending determination, whose balance is
carried over, and what comes of it is booked in the open month, as is what comes of a dispute that went further.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, distinct, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from anshou.finance.errors import CloseBlocked
from anshou.finance.periods import close_period
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.determinations import Determination
from billing.attribution.tables import AllocationRow
from billing.costs.items import CostItem
from billing.costs.states import OPEN_TO_CLAIMANT, WAITING, State
from billing.ledger.accounts import LedgerAccount
from billing.ledger.balances import balance
from billing.ledger.periods import Period, PeriodChange, PeriodState, get_period, list_periods, month_after, month_of
from billing.ledger.posting import BOOKS_ZONE
from billing.ledger.uses import AccountUse
from billing.ledger.vouchers import Entry
from billing.reconciliation.batches import ExternalLineRow
from billing.reconciliation.claims import LineClaim, MatchUndo
from billing.statements.errors import StatementNotFound
from billing.statements.gathering import MERCHANT_ACCOUNTS
from billing.statements.rows import Statement, StatementLine, StatementWord, Word
from tenants.labels import Labelled
from tenants.refusals import N_


class Check(Labelled):
    """What is looked at."""

    MONTH_RUNNING = "month_running", N_("尚未结束的月份")
    EARLIER_OPEN = "earlier_open", N_("此前未结账的期间")
    UNVERIFIED = "unverified", N_("待核实的费用")
    UNALLOCATED = "unallocated", N_("已有责任判定、尚未归属的费用")
    UNSTATED = "unstated", N_("应出具而未出具的对账单")
    UNRECONCILED = "unreconciled", N_("未勾对的外部账单行")
    DISPUTED = "disputed", N_("待答复的对账异议")
    UNCLAIMED = "unclaimed", N_("未提交或已退回的费用")
    UNDETERMINED = "undetermined", N_("尚无责任判定的费用")
    CONTESTED = "contested", N_("未了结的对账异议")

    @property
    def blocks(self) -> bool:
        """Whether the month stays open because of it."""
        return self not in (Check.UNCLAIMED, Check.UNDETERMINED, Check.CONTESTED)


@dataclass(frozen=True, slots=True)
class Found:
    """How much of it there is. `fen` is what that comes to in yuan, where that says something."""

    check: Check
    count: int
    fen: int | None = None

    @property
    def is_clear(self) -> bool:
        """Whether nothing is left."""
        return self.count == 0


@dataclass(frozen=True, slots=True)
class Checklist:
    """A month with all checks, in the order in which they are shown. `pending_fen` is what is carried over."""

    period: Period
    found: tuple[Found, ...]
    pending_fen: int

    @property
    def blocking(self) -> tuple[Found, ...]:
        """What keeps it open."""
        return tuple(one for one in self.found if one.check.blocks and not one.is_clear)


async def list_months(session: AsyncSession, *, by: Person) -> Sequence[tuple[Period, PeriodChange | None]]:
    """The months of the books, the latest first, with what happened to each last.

    Raises PermissionMissing, StatementNotFound for a merchant.
    """
    _authorize_reading(by)
    # In their order, so that the last of each month is the one that stays.
    changes = {change.month: change for change in await session.scalars(select(PeriodChange).order_by(PeriodChange.id))}
    return [(period, changes.get(period.month)) for period in await list_periods(session)]


async def read_checklist(session: AsyncSession, month: date, *, by: Person, at: datetime) -> Checklist:
    """What is left to do for the month. Raises PermissionMissing, PeriodNotFound, StatementNotFound for a merchant."""
    _authorize_reading(by)
    period = await get_period(session, month)
    today = at.astimezone(BOOKS_ZONE).date()
    found = (
        Found(Check.MONTH_RUNNING, int(today < month_after(period.month))),
        Found(Check.EARLIER_OPEN, await _earlier_open(session, period.month)),
        await _costs(session, Check.UNVERIFIED, period.month, CostItem.state.in_(WAITING)),
        await _costs(session, Check.UNALLOCATED, period.month, _booked_alone(), _determined()),
        Found(Check.UNSTATED, await _unstated(session, period.month)),
        Found(Check.UNRECONCILED, await _unreconciled(session, period.month)),
        Found(Check.DISPUTED, await _last_said(session, period.month, Word.DISPUTED)),
        await _costs(session, Check.UNCLAIMED, period.month, CostItem.state.in_(OPEN_TO_CLAIMANT)),
        await _costs(session, Check.UNDETERMINED, period.month, _booked_alone(), ~_determined()),
        Found(Check.CONTESTED, await _last_said(session, period.month, Word.REJECTED, Word.ESCALATED)),
    )
    pending = await balance(session, AccountUse.PENDING_DETERMINATION, month=period.month)
    return Checklist(period, found, pending)


async def close_month(session: AsyncSession, month: date, *, by: Person, at: datetime) -> Period:
    """Close the month when nothing blocks it. Raises PermissionMissing, CloseBlocked, PeriodNotFound, PeriodNotReady.

    The month is held from the first look on: what is posted meanwhile waits, and is refused once it is closed.
    """
    authorize(by, Permission.CLOSE_PERIODS)
    held = select(Period).where(Period.month <= month_of(month)).order_by(Period.month)
    await session.execute(held.with_for_update())
    checklist = await read_checklist(session, month, by=by, at=at)
    if blocking := checklist.blocking:
        raise CloseBlocked(checklist.period.month, [one.check.label for one in blocking])
    return await close_period(session, month, by=by, at=at)


def _authorize_reading(by: Person) -> None:
    authorize(by, Permission.READ_STATEMENTS)
    if by.is_merchant:
        raise StatementNotFound


def _booked_alone() -> ColumnElement[bool]:
    """Verified, and nobody bears it yet."""
    allocated = exists().where(AllocationRow.merchant_id == CostItem.merchant_id, AllocationRow.item_id == CostItem.id)
    return (CostItem.state == State.VERIFIED) & ~allocated


def _determined() -> ColumnElement[bool]:
    return exists().where(
        Determination.merchant_id == CostItem.merchant_id, Determination.ticket_id == CostItem.ticket_id
    )


async def _costs(session: AsyncSession, check: Check, month: date, *conditions: ColumnElement[bool]) -> Found:
    """Costs incurred in the month or before."""
    asked = select(func.count(), func.coalesce(func.sum(CostItem.fen).filter(CostItem.currency == "CNY"), 0))
    row = (await session.execute(asked.where(CostItem.incurred_on < month_after(month), *conditions))).one()
    return Found(check, row[0], int(row[1]))


async def _earlier_open(session: AsyncSession, month: date) -> int:
    asked = select(func.count()).where(Period.month < month, Period.state == PeriodState.OPEN)
    return await session.scalar(asked) or 0


async def _unstated(session: AsyncSession, month: date) -> int:
    """How many merchants (in how many currencies) have postings up to the month on no statement, and none of it.

    What came in after the month's statement is on the next one.
    """
    on_one = exists().where(
        StatementLine.merchant_id == Entry.merchant_id,
        StatementLine.voucher_id == Entry.voucher_id,
        StatementLine.entry_line == Entry.line,
    )
    issued = exists().where(
        Statement.merchant_id == Entry.merchant_id, Statement.currency == Entry.currency, Statement.month >= month
    )
    asked = (
        select(func.count(distinct(func.concat(Entry.merchant_id, Entry.currency))))
        .join(LedgerAccount, LedgerAccount.id == Entry.account_id)
        .where(
            Entry.merchant_id.is_not(None),
            Entry.booked_on < month_after(month),
            or_(*(LedgerAccount.use == use for use in MERCHANT_ACCOUNTS)),
            ~on_one,
            ~issued,
        )
    )
    return await session.scalar(asked) or 0


async def _unreconciled(session: AsyncSession, month: date) -> int:
    """How many lines of bills up to the month are in no match; what an undone division made is no line any more."""
    asked = select(func.count()).where(
        ExternalLineRow.booked_on < month_after(month),
        ~exists().where(LineClaim.line_id == ExternalLineRow.id),
        ~exists().where(MatchUndo.match_id == ExternalLineRow.derived_by),
    )
    return await session.scalar(asked) or 0


async def _last_said(session: AsyncSession, month: date, *words: Word) -> int:
    """How many lines of statements up to the month's have one of these words said last."""
    later = aliased(StatementWord)
    asked = (
        select(func.count())
        .select_from(StatementWord)
        .join(
            Statement,
            (Statement.merchant_id == StatementWord.merchant_id) & (Statement.id == StatementWord.statement_id),
        )
        .where(
            Statement.month <= month,
            StatementWord.word.in_(words),
            ~exists().where(
                later.merchant_id == StatementWord.merchant_id,
                later.line_id == StatementWord.line_id,
                later.step > StatementWord.step,
            ),
        )
    )
    return await session.scalar(asked) or 0
