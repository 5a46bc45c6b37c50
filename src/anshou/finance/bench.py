"""What the reconciliation desk shows: accounts with bills by month, and for one month both sides of it."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.reconciling import open_external
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.bills.shapes import Nature
from billing.ledger.periods import month_after
from billing.reconciliation import books
from billing.reconciliation.batches import ExternalLineRow, ImportBatch, find_external
from billing.reconciliation.claims import LineMatch, MatchedLine, MatchUndo
from billing.reconciliation.findings import Match
from billing.reconciliation.kept_rules import KeptRule, rules_in_force
from billing.reconciliation.lines import InternalLine, Line
from billing.reconciliation.matching import match
from billing.reconciliation.open_pages import (
    Lines,
    OpenLine,
    Order,
    Wanted,
    count_open,
    of_bills,
    of_books,
    open_page,
)
from billing.reconciliation.proof import Proof, Tally, prove

# Books are looked at a little beyond the month: what was incurred on its last days is billed on the next ones.
REACH = timedelta(days=15)
# Lines of a side at a time: more than a screen shows.
PAGE = 100


@dataclass(frozen=True, slots=True)
class AccountMonth:
    """A month of one account of one source, with what stands of it."""

    source: str
    account: str
    month: date
    proof: Proof


@dataclass(frozen=True, slots=True)
class Side:
    """A page of one side's open lines, and how many there are on all pages."""

    lines: Sequence[OpenLine]
    count: int


@dataclass(frozen=True, slots=True)
class Bench:
    """A month's desk: both sides, what was matched last, what only moved between own accounts."""

    proof: Proof
    external: Side
    internal: Side
    matches: Sequence[LineMatch]
    has_rule: bool
    transfers: Tally


@dataclass(frozen=True, slots=True)
class Offers:
    """What may belong together, the best first, and the lines that are named there."""

    suggestions: Sequence[Match]
    lines: Mapping[UUID, Line]


@dataclass(frozen=True, slots=True)
class Desk:
    """Which desk: an account of a source in a month."""

    source: str
    account: str
    month: date

    @property
    def last(self) -> date:
        """The month's last day."""
        return month_after(self.month) - timedelta(days=1)


async def account_months(session: AsyncSession, *, by: Person, limit: int = 36) -> Sequence[AccountMonth]:
    """Accounts with bills by month, the latest first. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    month = func.date_trunc("month", ExternalLineRow.booked_on).label("month")
    asked = (
        select(ExternalLineRow.source, ExternalLineRow.account, month)
        .group_by(ExternalLineRow.source, ExternalLineRow.account, month)
        .order_by(month.desc(), ExternalLineRow.source, ExternalLineRow.account)
        .limit(limit)
    )
    found = [(row.source, row.account, row.month.date()) for row in await session.execute(asked)]
    return [
        AccountMonth(source, account, first, await prove(session, source=source, account=account, month=first))
        for source, account, first in found
    ]


async def latest_imports(session: AsyncSession, *, by: Person, limit: int = 10) -> Sequence[ImportBatch]:
    """The files that came last. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    return (await session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(limit))).all()


async def read_bench(
    session: AsyncSession,
    desk: Desk,
    *,
    words: str = "",
    order: Order = Order.DAY,
    after: Mapping[str, str] | None = None,
    by: Person,
) -> Bench:
    """The desk with a page of either side; `words` narrows both. Raises PermissionMissing."""
    begin = after or {}
    external, internal = [
        Side(
            await lines_page(session, desk, side, words=words, order=order, after=begin.get(side, ""), by=by),
            await count_side(session, desk, side, words=words, by=by),
        )
        for side in ("external", "internal")
    ]
    return Bench(
        proof=await read_proof(session, desk, by=by),
        external=external,
        internal=internal,
        matches=await _matches(session, desk),
        has_rule=bool(await rules_in_force(session, desk.source)),
        transfers=await _transfers(session, desk),
    )


async def lines_page(
    session: AsyncSession,
    desk: Desk,
    side: str,
    *,
    words: str = "",
    order: Order = Order.DAY,
    after: str = "",
    by: Person,
) -> list[OpenLine]:
    """A page of one side's open lines, "external" or "internal", behind the place `after`. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    lines, wanted = await _lines(session, desk, side), _wanted(desk, side, words, order)
    return await open_page(session, lines, wanted, after=after, limit=PAGE)


async def count_side(session: AsyncSession, desk: Desk, side: str, *, words: str = "", by: Person) -> int:
    """How many lines of the side are open on all pages. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    return await count_open(session, await _lines(session, desk, side), _wanted(desk, side, words, Order.DAY))


async def read_proof(session: AsyncSession, desk: Desk, *, by: Person) -> Proof:
    """What stands of the month. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    return await prove(session, source=desk.source, account=desk.account, month=desk.month)


async def read_chosen(session: AsyncSession, ids: Collection[UUID], *, by: Person) -> list[tuple[str, Line]]:
    """Lines of either side, each with its side; ids of no line are left out. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    if not ids:
        return []
    external = [row.as_line() for row in await find_external(session, list(ids))]
    rest = [each for each in ids if each not in {line.id for line in external}]
    internal = await books.find_lines(session, rest)
    return [*(("external", line) for line in external), *(("internal", line) for line in internal)]


async def read_offers(session: AsyncSession, desk: Desk, *, by: Person) -> Offers:
    """What the rules offer for the lines that are open now. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    rules = await rules_in_force(session, desk.source)
    if not rules:
        return Offers((), {})
    external = await open_external(session, desk.source, first=desk.month, last=desk.last, account=desk.account)
    internal: list[InternalLine] = []
    for book in _books(rules):
        internal += await books.open_lines(session, book.source, first=desk.month - REACH, last=desk.last + REACH)
    lines: dict[UUID, Line] = {line.id: line for line in (*external, *internal)}
    # A fifth of a second for ten thousand lines, in which nobody else should wait.
    found = await asyncio.to_thread(match, external, internal, [rule.value for rule in rules])
    return Offers(found.suggestions, lines)


async def _lines(session: AsyncSession, desk: Desk, side: str) -> Lines:
    if side == "external":
        return of_bills(desk.source, desk.account)
    return of_books(_books(await rules_in_force(session, desk.source)))


def _wanted(desk: Desk, side: str, words: str, order: Order) -> Wanted:
    reach = REACH if side == "internal" else timedelta(0)
    return Wanted(first=desk.month - reach, last=desk.last + reach, words=words, order=order)


def _books(rules: Sequence[KeptRule]) -> list[books.Book]:
    """The books that a source with these rules is compared with; all of them as long as no rule says."""
    against = {rule.against for rule in rules}
    return [book for book in books.books() if book.source in against or not against]


async def _transfers(session: AsyncSession, desk: Desk) -> Tally:
    days = {"first": desk.month, "last": desk.last}
    moved = await open_external(session, desk.source, account=desk.account, nature=Nature.TRANSFER, **days)
    return Tally(len(moved), sum(line.fen for line in moved))


async def _matches(session: AsyncSession, desk: Desk, limit: int = 20) -> Sequence[LineMatch]:
    of_month = (
        select(MatchedLine.match_id)
        .join(ExternalLineRow, ExternalLineRow.id == MatchedLine.line_id)
        .where(
            ExternalLineRow.source == desk.source,
            ExternalLineRow.account == desk.account,
            ExternalLineRow.booked_on.between(desk.month, desk.last),
        )
    )
    asked = select(LineMatch).where(LineMatch.id.in_(of_month), ~exists().where(MatchUndo.match_id == LineMatch.id))
    return (await session.scalars(asked.order_by(LineMatch.id.desc()).limit(limit))).all()
