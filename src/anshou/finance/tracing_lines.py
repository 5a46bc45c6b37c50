"""From a line of a statement down to what it rests on: the voucher with all its entries, and the cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.reading_statements import cost_number
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.ledger.accounts import LedgerAccount
from billing.ledger.vouchers import Entry, Voucher, entries_of, get_voucher, numbers_of, reversal_of
from billing.statements.errors import StatementLineNotFound
from billing.statements.rows import StatementLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a line rests on. `number` is the voucher's, None until its month is closed; `cost` is empty for none."""

    voucher: Voucher
    number: int | None
    entries: Sequence[tuple[Entry, LedgerAccount]]
    is_reversed: bool
    cost: str


async def trace_of(session: AsyncSession, line: StatementLine, *, by: Person) -> Trace:
    """The trace of a line. Raises PermissionMissing; StatementLineNotFound for merchants, whose books these are not."""
    authorize(by, Permission.READ_STATEMENTS)
    if by.is_merchant:
        raise StatementLineNotFound
    voucher = await get_voucher(session, line.voucher_id)
    entries = await entries_of(session, voucher.id)
    asked = select(LedgerAccount).where(LedgerAccount.id.in_({entry.account_id for entry in entries}))
    accounts = {account.id: account for account in await session.scalars(asked)}
    return Trace(
        voucher=voucher,
        number=(await numbers_of(session, voucher.id)).get(voucher.id),
        entries=[(entry, accounts[entry.account_id]) for entry in entries],
        is_reversed=await reversal_of(session, voucher.id) is not None,
        cost=await cost_number(session, line, by=by),
    )
