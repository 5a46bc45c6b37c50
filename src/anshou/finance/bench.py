"""What the reconciliation desk shows: accounts with bills by month, and for one month both sides of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.reconciling import open_external
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.bills.shapes import Nature
from billing.ledger.periods import month_after
from billing.reconciliation import books
from billing.reconciliation.batches import ExternalLineRow, ImportBatch
from billing.reconciliation.claims import LineMatch, MatchedLine, MatchUndo
from billing.reconciliation.findings import Match
from billing.reconciliation.kept_rules import rules_in_force
from billing.reconciliation.lines import InternalLine, Line
from billing.reconciliation.matching import match
from billing.reconciliation.proof import Proof, Tally, prove

# Books are looked at a little beyond the month: what was incurred on its last days is billed on the next ones.
REACH = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class AccountMonth:
    """A month of one account of one source, with what stands of it."""

    source: str
    account: str
    month: date
    proof: Proof


@dataclass(frozen=True, slots=True)
class Bench:
    """Both sides of a month: what is open, what is offered, what was matched last."""

    proof: Proof
    external: Sequence[Line]
    internal: Sequence[InternalLine]
    suggestions: Sequence[Match]
    matches: Sequence[LineMatch]
    has_rule: bool
    transfers: Tally


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


async def read_bench(session: AsyncSession, source: str, account: str, month: date, *, by: Person) -> Bench:
    """The month's desk. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    first, last = month, month_after(month) - timedelta(days=1)
    kept = [rule.value for rule in await rules_in_force(session, source)]
    external = await open_external(session, source, first=first, last=last, account=account)
    sources = {rule.against for rule in kept} or {book.source for book in books.books()}
    internal: list[InternalLine] = []
    for against in sorted(sources & {book.source for book in books.books()}):
        internal += await books.open_lines(session, against, first=first - REACH, last=last + REACH)
    return Bench(
        proof=await prove(session, source=source, account=account, month=first),
        external=external,
        internal=sorted(internal, key=lambda line: (line.booked_on, line.id)),
        suggestions=match(external, internal, kept).suggestions if kept and external and internal else (),
        matches=await _matches(session, source, account, first, last),
        has_rule=bool(kept),
        transfers=await _transfers(session, source, account, first, last),
    )


async def _transfers(session: AsyncSession, source: str, account: str, first: date, last: date) -> Tally:
    moved = await open_external(session, source, first=first, last=last, account=account, nature=Nature.TRANSFER)
    return Tally(len(moved), sum(line.fen for line in moved))


async def _matches(
    session: AsyncSession, source: str, account: str, first: date, last: date, limit: int = 50
) -> Sequence[LineMatch]:
    of_month = (
        select(MatchedLine.match_id)
        .join(ExternalLineRow, ExternalLineRow.id == MatchedLine.line_id)
        .where(
            ExternalLineRow.source == source,
            ExternalLineRow.account == account,
            ExternalLineRow.booked_on.between(first, last),
        )
    )
    asked = select(LineMatch).where(LineMatch.id.in_(of_month), ~exists().where(MatchUndo.match_id == LineMatch.id))
    return (await session.scalars(asked.order_by(LineMatch.id.desc()).limit(limit))).all()
