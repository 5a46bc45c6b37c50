"""One match as finance reads it: its lines on either side, what it comes to, what was done about the difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.ledger.accounts import LedgerAccount, chart
from billing.ledger.periods import month_of
from billing.ledger.uses import AccountUse
from billing.ledger.vouchers import Voucher, standing_vouchers
from billing.reconciliation.batches import ExternalLineRow, find_external
from billing.reconciliation.books import find_lines
from billing.reconciliation.claims import LineMatch, MatchUndo, find_undo, get_match, lines_of
from billing.reconciliation.errors import LineNotFound
from billing.reconciliation.lines import InternalLine
from billing.reconciliation.stages import Stage
from billing.reconciliation.write_offs import find_write_off, may_write_off
from billing.sources import MATCH_PAYMENT

# Differences end in what the agency earns or bears. Accounts that the product posts to for another reason are not
# offered: a balance with a merchant or a bank would not be what its papers say.
_ENDS = frozenset({AccountUse.WRITTEN_OFF, AccountUse.FEES, AccountUse.BORNE_BY_AGENCY, AccountUse.SERVICE_REVENUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRead:
    """A match with everything on its page. `most_fen` is what may be written off of it, 0 where nothing may.

    `made` are the lines that a division put in the place of `external`; `voucher` is that of the write-off, `payment`
    that of the costs which the match pays.
    """

    match: LineMatch
    external: Sequence[ExternalLineRow]
    internal: Sequence[InternalLine]
    made: Sequence[ExternalLineRow]
    undo: MatchUndo | None
    voucher: Voucher | None
    payment: Voucher | None
    most_fen: int

    @property
    def place(self) -> tuple[str, str, date]:
        """Source, account and month of the desk that the match belongs to."""
        line = self.external[0]
        return line.source, line.account, month_of(line.booked_on)

    @property
    def has_difference(self) -> bool:
        """Whether there is a difference that nothing answers for."""
        stands = self.undo is None and self.voucher is None and self.match.fen != 0
        return stands and self.match.stage not in (Stage.EXPLAINED, Stage.DIVIDED)


async def read_match(session: AsyncSession, match_id: UUID, *, by: Person) -> MatchRead:
    """The match, live or undone. Raises PermissionMissing, MatchNotFound."""
    authorize(by, Permission.KEEP_BOOKS)
    match = await get_match(session, match_id)
    lines = await lines_of(session, match_id)
    days = [line.booked_on for line in lines]
    internal = [line.line_id for line in lines if line.side == "internal"]
    written = await find_write_off(session, match_id)
    return MatchRead(
        match=match,
        external=await find_external(session, [line.line_id for line in lines if line.side == "external"]),
        internal=await find_lines(session, internal, first=min(days), last=max(days)),
        made=await _made_by(session, match_id),
        undo=await find_undo(session, match_id),
        voucher=await session.get(Voucher, written.voucher_id) if written else None,
        payment=next(iter(await standing_vouchers(session, MATCH_PAYMENT, match_id)), None),
        most_fen=await may_write_off(session, lines),
    )


async def read_external(session: AsyncSession, line_id: UUID, *, by: Person) -> ExternalLineRow:
    """A line of a bill. Raises PermissionMissing, LineNotFound."""
    authorize(by, Permission.KEEP_BOOKS)
    found = await find_external(session, [line_id])
    if not found:
        raise LineNotFound
    return found[0]


async def accounts_for_differences(
    session: AsyncSession, currency: str, *, by: Person, at: datetime
) -> list[LedgerAccount]:
    """The accounts that a difference may be written off to, the one meant for it first. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    leaves = [
        account
        for account in await chart(session, by=by.id, at=at)
        if account.is_leaf and account.currency == currency and account.retired_at is None
    ]
    fitting = [account for account in leaves if account.use is None or account.use in _ENDS]
    return sorted(fitting, key=lambda account: (account.use != AccountUse.WRITTEN_OFF, account.code))


async def _made_by(session: AsyncSession, match_id: UUID) -> Sequence[ExternalLineRow]:
    asked = select(ExternalLineRow).where(ExternalLineRow.derived_by == match_id).order_by(ExternalLineRow.id)
    return (await session.scalars(asked)).all()
