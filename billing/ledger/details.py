"""The detail of an account (明细账): its entries of a month in order, each with the balance that it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.periods import month_after, month_of
from billing.ledger.uses import Side
from billing.ledger.vouchers import VoucherKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailLine:
    """An entry of the account in fen; `balance` is debit less credit after it, `number` None until the close."""

    voucher_id: UUID
    line: int
    booked_on: date
    number: int | None
    kind: VoucherKind
    summary: str
    side: Side
    fen: int
    balance: int
    merchant_id: UUID | None
    ticket_id: UUID | None

    @property
    def place(self) -> tuple[date, UUID, int]:
        """Where the next page goes on."""
        return self.booked_on, self.voucher_id, self.line


_OPENING = text(
    "SELECT CAST(coalesce(sum(debit - credit), 0) AS bigint) FROM ledger_total"
    " WHERE account_id = :account AND month < :month"
)

_DETAIL = text(
    """
    SELECT * FROM (
        SELECT entry.voucher_id, entry.line, entry.booked_on, number, kind, summary, side, fen, merchant_id, ticket_id,
            CAST(:opening + sum(CASE side WHEN 'debit' THEN fen ELSE -fen END)
                OVER (ORDER BY entry.booked_on, entry.voucher_id, entry.line) AS bigint) AS balance
        FROM ledger_entry AS entry JOIN ledger_voucher AS voucher ON voucher.id = entry.voucher_id
        LEFT JOIN ledger_number AS numbered ON numbered.voucher_id = entry.voucher_id
        WHERE account_id = :account AND entry.booked_on >= :month AND entry.booked_on < :after_month
    ) AS detail
    WHERE (booked_on, voucher_id, line) > (:day, CAST(:voucher AS uuid), :line)
    ORDER BY booked_on, voucher_id, line LIMIT :limit
    """
)

_BEFORE_ALL = (date.min, UUID(int=0), 0)


async def opening_of(session: AsyncSession, account_id: UUID, month: date) -> int:
    """Debit less credit in fen of all months before."""
    asked = {"account": account_id, "month": month_of(month)}
    found: int = (await session.execute(_OPENING, asked)).scalar_one()
    return found


async def detail_of(
    session: AsyncSession,
    account_id: UUID,
    month: date,
    *,
    opening: int,
    limit: int,
    after: tuple[date, UUID, int] | None = None,
) -> Sequence[DetailLine]:
    """The account's entries of the month behind `after`, the `place` of a line; `opening` is what it began with."""
    day, voucher, line = after or _BEFORE_ALL
    asked = {
        "account": account_id,
        "month": month_of(month),
        "after_month": month_after(month_of(month)),
        "opening": opening,
        "day": day,
        "voucher": voucher,
        "line": line,
        "limit": limit,
    }
    rows = (await session.execute(_DETAIL, asked)).mappings()
    return [DetailLine(**{**row, "kind": VoucherKind(row["kind"]), "side": Side(row["side"])}) for row in rows]
