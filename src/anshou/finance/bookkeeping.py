"""What finance does in the books by hand: opening balances, a voucher taken back, and the chart of accounts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.errors import ReversedAtItsSource
from anshou.finance.voucher_origins import origin_of, stands_alone
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.currencies import Currency
from billing.ledger.accounts import (
    LedgerAccount,
    NewAccount,
    add_account,
    chart,
    get_account,
    open_currency,
    retire,
    use_account_for,
)
from billing.ledger.accounts import rename as call_otherwise
from billing.ledger.details import opening_of
from billing.ledger.errors import AccountInvalid
from billing.ledger.openings import OpeningBalance
from billing.ledger.openings import post_opening as post_balances
from billing.ledger.posting import Posted
from billing.ledger.uses import AccountUse
from billing.ledger.vouchers import get_voucher
from billing.statements.crediting import reverse_with_credits
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.refusals import N_, Message

OPENING_POSTED = action("ledger.opening_posted", N_("录入期初余额"), plain=True)
REVERSED = action("ledger.reversed", N_("冲销凭证"))
ACCOUNT_CHANGED = action("ledger.account_changed", N_("调整科目"), plain=True)


class Reversal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a voucher is taken back."""

    reason: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S", title=N_("冲销理由"))]


async def post_opening(
    session: AsyncSession,
    month: date,
    balances: Sequence[OpeningBalance],
    *,
    idempotency_key: str,
    by: Person,
    at: datetime,
) -> Posted:
    """Enter what stood in the accounts before the month. Raises PermissionMissing and what the ledger raises."""
    authorize(by, Permission.KEEP_BOOKS)
    posted = await post_balances(session, month, balances, idempotency_key=idempotency_key, by=by.id, at=at)
    if not posted.is_replay:
        body = {"month": f"{month:%Y-%m}", "lines": len(balances)}
        await record(session, OPENING_POSTED, actor=by.actor(), at=at, subject=posted.id, body=body)
    return posted


async def reverse(session: AsyncSession, voucher_id: UUID, *, reason: str, by: Person, at: datetime) -> Posted:
    """Take a voucher back, and with it the credits for disputed lines that it had posted.

    Raises PermissionMissing, VoucherNotFound, AlreadyReversed, ReversalNotReversible.
    """
    authorize(by, Permission.KEEP_BOOKS)
    voucher = await get_voucher(session, voucher_id)
    if not stands_alone(voucher):
        origin = origin_of(voucher)
        raise ReversedAtItsSource(origin.label if origin else N_("其他"))
    posted = await reverse_with_credits(session, voucher_id, reason=reason, by=by.id, at=at)
    await record(session, REVERSED, actor=by.actor(), at=at, subject=voucher_id, body={"reason": reason})
    return posted


async def open_account(session: AsyncSession, new: NewAccount, *, by: Person, at: datetime) -> LedgerAccount:
    """Add an account to the chart. Raises PermissionMissing, AccountInvalid, AccountNotFound."""
    authorize(by, Permission.KEEP_BOOKS)
    account = await add_account(session, new, by=by.id, at=at)
    await _leave(session, account, "added", by=by, at=at)
    return account


async def rename_account(session: AsyncSession, code: str, name: str, *, by: Person, at: datetime) -> LedgerAccount:
    """Call an account otherwise. Raises PermissionMissing, AccountInvalid, AccountNotFound."""
    authorize(by, Permission.KEEP_BOOKS)
    account = await get_account(session, code)
    call_otherwise(account, name)
    await _leave(session, account, "renamed", by=by, at=at)
    return account


async def use_account(session: AsyncSession, code: str, use: AccountUse, *, by: Person, at: datetime) -> LedgerAccount:
    """Post this use here from now on. Raises PermissionMissing, AccountInvalid, AccountNotFound."""
    authorize(by, Permission.KEEP_BOOKS)
    account = await get_account(session, code)
    await use_account_for(session, account, use)
    await _leave(session, account, f"used for {use.value}", by=by, at=at)
    return account


async def start_chart(session: AsyncSession, *, by: Person, at: datetime) -> Sequence[LedgerAccount]:
    """The chart, with the default accounts if there are none yet. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    return await chart(session, by=by.id, at=at)


async def keep_currency(session: AsyncSession, currency: Currency, *, by: Person, at: datetime) -> int:
    """Add accounts in this currency for all that the product posts; how many.

    Raises PermissionMissing, AccountInvalid.
    """
    authorize(by, Permission.KEEP_BOOKS)
    added = await open_currency(session, currency, by=by.id, at=at)
    for account in added:
        await _leave(session, account, "added", by=by, at=at)
    return len(added)


async def retire_account(session: AsyncSession, code: str, *, by: Person, at: datetime) -> LedgerAccount:
    """Let the account take no new entries, once nothing stands in it.

    Raises PermissionMissing, AccountInvalid, AccountNotFound.
    """
    authorize(by, Permission.KEEP_BOOKS)
    account = await get_account(session, code)
    if await opening_of(session, account.id, date.max):
        raise AccountInvalid("code", Message(N_("余额不为零的科目不能停用")))
    retire(account, by=by.id, at=at)
    await _leave(session, account, "retired", by=by, at=at)
    return account


async def _leave(session: AsyncSession, account: LedgerAccount, change: str, *, by: Person, at: datetime) -> None:
    body = {"code": account.code, "name": account.name, "change": change}
    await record(session, ACCOUNT_CHANGED, actor=by.actor(), at=at, subject=account.id, body=body)
