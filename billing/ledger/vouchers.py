"""Vouchers (凭证) and their entries (分录) as they stand in the books, and how they are found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased, mapped_column

from billing.ledger.errors import VoucherNotFound
from billing.ledger.uses import Side
from billing.parties import Party
from tenants.base import Base, Row
from tenants.labels import Labelled
from tenants.refusals import N_


class VoucherKind(Labelled):
    """What a voucher is for."""

    ORDINARY = "ordinary", N_("记账")
    REVERSAL = "reversal", N_("冲销")
    OPENING = "opening", N_("期初")


class Voucher(Row, Base):
    """A voucher. `lines` is how many entries it has; `request_hash` the fingerprint of what was asked for."""

    __tablename__ = "ledger_voucher"

    kind: Mapped[VoucherKind]
    booked_on: Mapped[date]
    summary: Mapped[str]
    source: Mapped[str]
    source_id: Mapped[UUID | None]
    lines: Mapped[int]
    idempotency_key: Mapped[str]
    request_hash: Mapped[bytes]
    reverses_id: Mapped[UUID | None]
    posted_by: Mapped[UUID]
    posted_at: Mapped[datetime]


class Entry(Base):
    """One line of a voucher: `fen`, always above zero, on a side of a leaf account."""

    __tablename__ = "ledger_entry"

    voucher_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    booked_on: Mapped[date]
    account_id: Mapped[UUID]
    side: Mapped[Side]
    fen: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    party: Mapped[Party | None]
    merchant_id: Mapped[UUID | None]
    shop_id: Mapped[UUID | None]
    ticket_id: Mapped[UUID | None]
    cost_item_id: Mapped[UUID | None]
    version_id: Mapped[UUID | None]
    clause: Mapped[str | None]
    department: Mapped[str | None]


class VoucherNumber(Base):
    """The number of a voucher within its month, given when that is closed."""

    __tablename__ = "ledger_number"

    voucher_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date]
    number: Mapped[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which vouchers a list shows: those that meet all that is given. `month` is its first day.

    `made_by` is the word of code that says what made them, `words` stands in the summary or is the number.
    """

    month: date | None = None
    account_id: UUID | None = None
    ticket_id: UUID | None = None
    merchant_id: UUID | None = None
    cost_item_id: UUID | None = None
    source: tuple[str, UUID] | None = None
    made_by: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class VoucherSum:
    """What a voucher books on a side of an account, in fen."""

    voucher_id: UUID
    account_id: UUID
    currency: str
    side: Side
    fen: int


async def find_voucher(session: AsyncSession, voucher_id: UUID) -> Voucher | None:
    """The voucher, or None."""
    return await session.get(Voucher, voucher_id)


async def get_voucher(session: AsyncSession, voucher_id: UUID) -> Voucher:
    """The voucher. Raises VoucherNotFound."""
    found = await find_voucher(session, voucher_id)
    if found is None:
        raise VoucherNotFound
    return found


async def entries_of(session: AsyncSession, *vouchers: UUID) -> Sequence[Entry]:
    """The entries of the vouchers, voucher by voucher in the order of their lines."""
    asked = select(Entry).where(Entry.voucher_id.in_(vouchers)).order_by(Entry.voucher_id, Entry.line)
    return (await session.scalars(asked)).all()


async def reversal_of(session: AsyncSession, voucher_id: UUID) -> Voucher | None:
    """What reversed the voucher, or None while it counts."""
    return (await session.scalars(select(Voucher).where(Voucher.reverses_id == voucher_id))).one_or_none()


async def standing_vouchers(session: AsyncSession, source: str, source_id: UUID) -> Sequence[Voucher]:
    """What this source has posted and nothing has reversed, oldest first: reversals themselves are left out."""
    reversal = aliased(Voucher)
    asked = select(Voucher).where(
        Voucher.source == source,
        Voucher.source_id == source_id,
        Voucher.reverses_id.is_(None),
        ~exists().where(reversal.reverses_id == Voucher.id),
    )
    return (await session.scalars(asked.order_by(Voucher.id))).all()


async def standing_key(session: AsyncSession, key: str) -> tuple[str, Voucher | None]:
    """The idempotency key under which to post what this key names, and the voucher that stands under it.

    What was reversed may be booked again, and is another voucher then: under a key that begins otherwise than any that
    callers make, so that nothing else can come upon it.
    """
    turn, asked = 1, key
    while (found := await _find_by_key(session, asked)) and await reversal_of(session, found.id):
        turn += 1
        asked = f"again.{turn}:{key}"
    return asked, found


async def list_vouchers(
    session: AsyncSession, wanted: Wanted, *, limit: int, before: tuple[date, UUID] | None = None
) -> Sequence[Voucher]:
    """Vouchers, the latest first; `before` is the day and the id of the last one of the page before."""
    asked = select(Voucher).where(*_conditions(wanted)).order_by(Voucher.booked_on.desc(), Voucher.id.desc())
    if before is not None:
        day, last = before
        asked = asked.where((Voucher.booked_on < day) | (Voucher.booked_on == day) & (Voucher.id < last))
    return (await session.scalars(asked.limit(limit))).all()


async def numbers_of(session: AsyncSession, *vouchers: UUID) -> dict[UUID, int]:
    """The numbers of those vouchers that have one already."""
    asked = select(VoucherNumber.voucher_id, VoucherNumber.number).where(VoucherNumber.voucher_id.in_(vouchers))
    return {row.voucher_id: row.number for row in await session.execute(asked)}


async def sums_of(session: AsyncSession, *vouchers: UUID) -> Sequence[VoucherSum]:
    """What the vouchers book, per voucher, account and side: few rows, however many lines a voucher has."""
    columns = (Entry.voucher_id, Entry.account_id, Entry.currency, Entry.side)
    asked = select(*columns, func.sum(Entry.fen)).where(Entry.voucher_id.in_(vouchers)).group_by(*columns)
    return [
        VoucherSum(voucher, account, currency, side, int(fen))
        for voucher, account, currency, side, fen in await session.execute(asked)
    ]


async def reversed_among(session: AsyncSession, *vouchers: UUID) -> set[UUID]:
    """Which of the vouchers were reversed."""
    asked = select(Voucher.reverses_id).where(Voucher.reverses_id.in_(vouchers))
    return {one for one in await session.scalars(asked) if one is not None}


async def _find_by_key(session: AsyncSession, key: str) -> Voucher | None:
    return (await session.scalars(select(Voucher).where(Voucher.idempotency_key == key))).one_or_none()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.month is not None:
        conditions += [Voucher.booked_on >= wanted.month, Voucher.booked_on < _next_month(wanted.month)]
    if wanted.source is not None:
        source, source_id = wanted.source
        conditions += [Voucher.source == source, Voucher.source_id == source_id]
    if wanted.made_by:
        conditions.append(Voucher.source == wanted.made_by)
    if wanted.words:
        conditions.append(_says(wanted.words))
    for column, value in (
        (Entry.account_id, wanted.account_id),
        (Entry.ticket_id, wanted.ticket_id),
        (Entry.merchant_id, wanted.merchant_id),
        (Entry.cost_item_id, wanted.cost_item_id),
    ):
        if value is not None:
            conditions.append(exists().where(Entry.voucher_id == Voucher.id, column == value))
    return conditions


def _says(words: str) -> ColumnElement[bool]:
    said = Voucher.summary.icontains(words, autoescape=True)
    # The database counts no further than that.
    if not (words.isascii() and words.isdecimal() and len(words) < 10):
        return said
    return or_(said, exists().where(VoucherNumber.voucher_id == Voucher.id, VoucherNumber.number == int(words)))


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
