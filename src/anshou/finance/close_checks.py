"""What a month may still lack before it is closed, and which things those are.

A cost before finance, a determination that is not made or not in the books, a line of a bill that nothing answers for,
a match that does not agree to the fen, a dispute: each is open and keeps the month open, until it is settled or finance
carries it over into the next month with a reason. A claim that nobody has submitted is nothing yet, and only reminds;
so does an invoice that is owed, which changes nothing in the books.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, cast, distinct, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from anshou.tickets.determinations import Determination
from billing.costs.items import CostItem
from billing.costs.states import OPEN_TO_CLAIMANT, WAITING, State
from billing.currencies import Currency
from billing.invoices.rows import OPEN, InvoiceRequest
from billing.ledger.accounts import LedgerAccount
from billing.ledger.periods import Period, PeriodState, month_after
from billing.ledger.posting import BOOKS_ZONE
from billing.ledger.vouchers import Entry, Voucher
from billing.reconciliation.batches import ExternalLineRow
from billing.reconciliation.claims import LineClaim, LineMatch, MatchUndo
from billing.reconciliation.stages import Stage
from billing.reconciliation.write_offs import MatchWriteOff
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
    UNDETERMINED = "undetermined", N_("尚无责任判定的费用")
    UNSTATED = "unstated", N_("应出具而未出具的对账单")
    UNRECONCILED = "unreconciled", N_("未匹配的外部账单行")
    DIFFERENCE = "difference", N_("已匹配、差额未核销")
    DISPUTED = "disputed", N_("待答复的对账异议")
    CONTESTED = "contested", N_("未了结的对账异议")
    UNCLAIMED = "unclaimed", N_("未提交或已退回的费用")
    UNINVOICED = "uninvoiced", N_("尚未开具的发票")

    @property
    def blocks(self) -> bool:
        """Whether the month stays open because of it."""
        return self not in (Check.UNCLAIMED, Check.UNINVOICED)

    @property
    def may_go_over(self) -> bool:
        """Whether finance may carry it over: what others have to decide, not what the books themselves must have."""
        return self in _GOES_OVER


_GOES_OVER = frozenset(
    {
        Check.UNVERIFIED,
        Check.UNALLOCATED,
        Check.UNDETERMINED,
        Check.UNRECONCILED,
        Check.DIFFERENCE,
        Check.DISPUTED,
        Check.CONTESTED,
    }
)


# id, name, booked_on, fen, currency.
Things = Select[UUID, str, date, int, Any]


def subjects(check: Check, month: date) -> Things:
    """The things that a check finds up to the month: id, name, booked_on, fen, currency. KeyError where it counts
    no things."""
    match check:
        case Check.UNVERIFIED:
            return _costs(month, CostItem.state.in_(WAITING))
        case Check.UNALLOCATED:
            return _costs(month, _booked_alone(), _determined())
        case Check.UNDETERMINED:
            return _costs(month, _booked_alone(), ~_determined())
        case Check.UNCLAIMED:
            return _costs(month, CostItem.state.in_(OPEN_TO_CLAIMANT))
        case Check.UNINVOICED:
            return _uninvoiced(month)
        case Check.UNRECONCILED:
            return _open_lines(month)
        case Check.DIFFERENCE:
            return _differences(month)
        case Check.DISPUTED:
            return _last_said(month, Word.DISPUTED)
        case Check.CONTESTED:
            return _last_said(month, Word.REJECTED, Word.ESCALATED)
        case _:
            raise KeyError(check)


async def count_earlier_open(session: AsyncSession, month: date) -> int:
    """How many months before it are open."""
    asked = select(func.count()).where(Period.month < month, Period.state == PeriodState.OPEN)
    return await session.scalar(asked) or 0


async def count_unstated(session: AsyncSession, month: date) -> int:
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


def _booked_alone() -> ColumnElement[bool]:
    """Verified, and nobody bears it yet."""
    return CostItem.state == State.VERIFIED


def _determined() -> ColumnElement[bool]:
    return exists().where(
        Determination.merchant_id == CostItem.merchant_id, Determination.ticket_id == CostItem.ticket_id
    )


def _costs(month: date, *conditions: ColumnElement[bool]) -> Things:
    """Costs incurred in the month or before."""
    return select(
        CostItem.id,
        CostItem.number.expression.label("name"),
        CostItem.incurred_on.expression.label("booked_on"),
        CostItem.fen,
        CostItem.currency,
    ).where(CostItem.incurred_on < month_after(month), *conditions)


def _uninvoiced(month: date) -> Things:
    """Invoices that were asked for by the month's end and are not issued."""
    asked_on = cast(func.timezone(BOOKS_ZONE.key, InvoiceRequest.requested_at), Date)
    return select(
        InvoiceRequest.id,
        InvoiceRequest.number.expression.label("name"),
        asked_on.label("booked_on"),
        InvoiceRequest.gross_fen.expression.label("fen"),
        literal(Currency.CNY.value).label("currency"),
    ).where(InvoiceRequest.state.in_(OPEN), asked_on < month_after(month))


def _open_lines(month: date) -> Things:
    """Lines of bills up to the month that are in no match; what an undone division made is no line any more."""
    return select(
        ExternalLineRow.id,
        func.concat_ws(" ", ExternalLineRow.account, ExternalLineRow.counterparty, ExternalLineRow.text).label("name"),
        ExternalLineRow.booked_on,
        ExternalLineRow.fen,
        ExternalLineRow.currency,
    ).where(
        ExternalLineRow.booked_on < month_after(month),
        ~exists().where(LineClaim.line_id == ExternalLineRow.id),
        ~exists().where(MatchUndo.match_id == ExternalLineRow.derived_by),
    )


def _differences(month: date) -> Things:
    """Live matches up to the month that do not agree to the fen, and no voucher that stands says where the rest is."""
    reversal = aliased(Voucher)
    written = exists().where(
        MatchWriteOff.match_id == LineMatch.id, ~exists().where(reversal.reverses_id == MatchWriteOff.voucher_id)
    )
    return select(
        LineMatch.id, LineMatch.note.expression.label("name"), LineMatch.booked_on, LineMatch.fen, LineMatch.currency
    ).where(
        LineMatch.booked_on < month_after(month),
        LineMatch.fen != 0,
        LineMatch.stage != Stage.EXPLAINED,
        ~exists().where(MatchUndo.match_id == LineMatch.id),
        ~written,
    )


def _last_said(month: date, *words: Word) -> Things:
    """Lines of statements up to the month's of which one of these words was said last."""
    later = aliased(StatementWord)
    return (
        select(
            StatementLine.id,
            func.concat(Statement.number, literal("/"), StatementLine.place).label("name"),
            StatementLine.booked_on,
            StatementLine.fen,
            Statement.currency,
        )
        .select_from(StatementWord)
        .join(
            StatementLine,
            (StatementLine.merchant_id == StatementWord.merchant_id) & (StatementLine.id == StatementWord.line_id),
        )
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
