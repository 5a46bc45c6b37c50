"""The books as finance and the auditor read them: vouchers, the trial balance, an account in detail, the proof.

Who may: READ_BOOKS, which no merchant has; what concerns a merchant reaches it by its statements.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.voucher_origins import Behind, Origin, behind, find_ticket_id, origin_of, stands_alone
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.ledger import proof
from billing.ledger.accounts import LedgerAccount, find_account, get_account
from billing.ledger.balances import TrialLine, trial_balance
from billing.ledger.details import DetailLine, detail_of, opening_of
from billing.ledger.uses import Side
from billing.ledger.vouchers import (
    Entry,
    Voucher,
    VoucherSum,
    Wanted,
    entries_of,
    get_voucher,
    list_vouchers,
    numbers_of,
    reversal_of,
    reversed_among,
    sums_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherFilters:
    """What narrows the list, None and "" nothing: an account by its code, a ticket by its number, what made it, and
    words of the summary or the voucher's number. An account or ticket that there is not finds nothing."""

    month: date | None = None
    account: str = ""
    merchant: UUID | None = None
    ticket: str = ""
    origin: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherLine:
    """A voucher in a list. `number` is None until its month is closed; `sums` are what it books on each account."""

    voucher: Voucher
    number: int | None
    sums: Sequence[VoucherSum]
    is_reversed: bool

    @property
    def origin(self) -> Origin | None:
        """What made it."""
        return origin_of(self.voucher)

    @property
    def amounts(self) -> dict[str, int]:
        """The sum of its debits in fen by currency, which is that of its credits."""
        found: dict[str, int] = {}
        for one in self.sums:
            if one.side is Side.DEBIT:
                found[one.currency] = found.get(one.currency, 0) + one.fen
        return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherRead:
    """A voucher whole: its entries with their accounts, what reversed it or what it reverses, and where it leads."""

    voucher: Voucher
    number: int | None
    entries: Sequence[tuple[Entry, LedgerAccount]]
    reversal: Voucher | None
    reverses: Voucher | None
    behind: Behind

    @property
    def origin(self) -> Origin | None:
        """What made it."""
        return origin_of(self.voucher)

    @property
    def may_be_taken_back(self) -> bool:
        """Whether a person may reverse it by hand."""
        return stands_alone(self.voucher) and self.reversal is None and self.reverses is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A page of an account's month. `opening` and every line's balance are debit less credit, in fen."""

    account: LedgerAccount
    opening: int
    lines: Sequence[DetailLine]


async def read_vouchers(
    session: AsyncSession, filters: VoucherFilters, *, by: Person, limit: int, before: tuple[date, UUID] | None = None
) -> Sequence[VoucherLine]:
    """A page of vouchers, the latest first; `before` is the day and id of the last one. Raises PermissionMissing."""
    authorize(by, Permission.READ_BOOKS)
    account = await find_account(session, filters.account) if filters.account else None
    ticket = await find_ticket_id(session, filters.ticket) if filters.ticket else None
    if (filters.account and account is None) or (filters.ticket and ticket is None):
        return []
    wanted = Wanted(
        month=filters.month,
        account_id=account.id if account else None,
        ticket_id=ticket,
        merchant_id=filters.merchant,
        made_by=filters.origin,
        words=filters.words,
    )
    vouchers = await list_vouchers(session, wanted, limit=limit, before=before)
    ids = [one.id for one in vouchers]
    numbers, reversals = await numbers_of(session, *ids), await reversed_among(session, *ids)
    sums: dict[UUID, list[VoucherSum]] = {one: [] for one in ids}
    for summed in await sums_of(session, *ids):
        sums[summed.voucher_id].append(summed)
    return [
        VoucherLine(voucher=one, number=numbers.get(one.id), sums=sums[one.id], is_reversed=one.id in reversals)
        for one in vouchers
    ]


async def read_voucher(session: AsyncSession, voucher_id: UUID, *, by: Person) -> VoucherRead:
    """The voucher. Raises PermissionMissing, VoucherNotFound."""
    authorize(by, Permission.READ_BOOKS)
    voucher = await get_voucher(session, voucher_id)
    entries = await entries_of(session, voucher.id)
    accounts = await accounts_by_id(session, {entry.account_id for entry in entries}, by=by)
    return VoucherRead(
        voucher=voucher,
        number=(await numbers_of(session, voucher.id)).get(voucher.id),
        entries=[(entry, accounts[entry.account_id]) for entry in entries],
        reversal=await reversal_of(session, voucher.id),
        reverses=await get_voucher(session, voucher.reverses_id) if voucher.reverses_id else None,
        behind=await behind(session, voucher, entries),
    )


async def accounts_by_id(session: AsyncSession, ids: set[UUID], *, by: Person) -> dict[UUID, LedgerAccount]:
    """These accounts. Raises PermissionMissing."""
    authorize(by, Permission.READ_BOOKS)
    asked = select(LedgerAccount).where(LedgerAccount.id.in_(ids))
    return {account.id: account for account in await session.scalars(asked)}


async def read_accounts(session: AsyncSession, *, by: Person) -> Sequence[LedgerAccount]:
    """The chart by code, empty before its first use. Raises PermissionMissing."""
    authorize(by, Permission.READ_BOOKS)
    return (await session.scalars(select(LedgerAccount).order_by(LedgerAccount.code))).all()


async def read_trial_balance(session: AsyncSession, month: date, *, by: Person) -> Sequence[TrialLine]:
    """Every leaf account that has moved up to the month's end, by code. Raises PermissionMissing."""
    authorize(by, Permission.READ_BOOKS)
    return await trial_balance(session, month)


async def read_detail(
    session: AsyncSession,
    code: str,
    month: date,
    *,
    by: Person,
    limit: int,
    after: tuple[date, UUID, int] | None = None,
) -> Detail:
    """A page of the account's month. Raises PermissionMissing, AccountNotFound."""
    authorize(by, Permission.READ_BOOKS)
    account = await get_account(session, code)
    opening = await opening_of(session, account.id, month)
    lines = await detail_of(session, account.id, month, opening=opening, limit=limit, after=after)
    return Detail(account=account, opening=opening, lines=lines)


async def prove_books(session: AsyncSession, *, by: Person) -> proof.Proof:
    """Ask again of the whole ledger what must hold. Raises PermissionMissing."""
    authorize(by, Permission.READ_BOOKS)
    return await proof.prove(session)
