"""Posting and reversing: the only ways into the books.

A post is one statement that writes vouchers and entries together and leaves out what cannot be posted. Only then is it
asked why: a key that came before, a month to be opened, an account to be added, or something to be refused in words.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.accounts import add_missing
from billing.ledger.drafts import Draft, Posting
from billing.ledger.errors import (
    AccountNotFound,
    AccountUnfit,
    AlreadyReversed,
    CurrencyNotKept,
    KeyUsedOtherwise,
    PeriodClosed,
    ReversalNotReversible,
    VoucherInvalid,
)
from billing.ledger.periods import PeriodState, month_of, open_day, open_period
from billing.ledger.uses import AccountUse
from billing.ledger.vouchers import VoucherKind, get_voucher
from billing.ledger.writing import (
    FEW,
    EntryRow,
    Found,
    VoucherRow,
    look_up,
    standing_under,
    write,
    write_one,
    write_reversal,
)
from tenants.base import new_id
from tenants.errors import ChangedMeanwhile
from tenants.refusals import N_, Message, Refusal

# Books are kept by China's calendar, whatever zone a tenant's service hours follow (会计法 knows one calendar year).
BOOKS_ZONE = ZoneInfo("Asia/Shanghai")

# A key of the product's own begins with this, so that no caller's key can stand in its way.
_REVERSAL_KEY = "ledger.reversal:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A voucher in the books; `is_replay` says that it stood there before under the same key."""

    id: UUID
    booked_on: date
    reverses_id: UUID | None = None
    is_replay: bool = False


async def post(session: AsyncSession, draft: Draft, *, idempotency_key: str, by: UUID, at: datetime) -> Posted:
    """Post a voucher. The same key with the same draft answers with the voucher that stands there already.

    Opens the month if need be. Raises VoucherInvalid, VoucherUnbalanced, AccountNotFound, AccountUnfit,
    CurrencyNotKept, PeriodClosed, and KeyUsedOtherwise when the key came with another draft. Needs the agency's
    context.
    """
    (posted,) = await post_all(session, {idempotency_key: draft}, by=by, at=at)
    return posted


async def post_all(
    session: AsyncSession,
    drafts: Mapping[str, Draft],
    *,
    by: UUID,
    at: datetime,
    kind: VoucherKind = VoucherKind.ORDINARY,
) -> Sequence[Posted]:
    """Post vouchers by their idempotency keys, all of them or none; answered in the order given. As `post`."""
    for key, draft in drafts.items():
        if not key or key.startswith(_REVERSAL_KEY):
            raise VoucherInvalid("idempotency_key", Message(N_("记账编号不能为空，也不能使用系统保留的前缀")))
        draft.check()
    hashes = {key: draft.fingerprint(kind).hex() for key, draft in drafts.items()}
    rows = {
        key: VoucherRow(
            id=new_id(),
            kind=kind,
            booked_on=draft.booked_on,
            summary=draft.summary.strip(),
            source=draft.source,
            source_id=draft.source_id,
            lines=len(draft.postings),
            idempotency_key=key,
            request_hash=hashes[key],
            reverses_id=None,
            posted_by=by,
            posted_at=at,
        )
        for key, draft in drafts.items()
    }
    left = await _write(session, rows, drafts)
    standing = await _standing(session, left, hashes)
    if left := left - standing.keys():
        await _make_ready(session, [drafts[key] for key in drafts if key in left], by=by, at=at)
        left = await _write(session, {key: rows[key] for key in drafts if key in left}, drafts)
        standing |= await _standing(session, left, hashes)
        if left - standing.keys():
            # Ready a moment ago: an account was retired or a month closed in between.
            raise ChangedMeanwhile
    return [standing.get(key) or Posted(id=row.id, booked_on=row.booked_on) for key, row in rows.items()]


async def reverse(
    session: AsyncSession, voucher_id: UUID, *, reason: str, by: UUID, at: datetime, on: date | None = None
) -> Posted:
    """Take a voucher back by one that repeats its stored entries with the sides swapped.

    Booked on the day `on`, else today in China but never before the voucher itself, or, where that day's month is
    closed, on the first day that is open. Raises VoucherNotFound, ReversalNotReversible, AlreadyReversed, PeriodClosed.
    """
    voucher = await get_voucher(session, voucher_id)
    if voucher.kind is VoucherKind.REVERSAL:
        raise ReversalNotReversible
    if not reason.strip():
        raise VoucherInvalid("reason", Message(N_("请写明冲销的理由")))
    today = max(at.astimezone(BOOKS_ZONE).date(), voucher.booked_on)
    day = await open_day(session, on or today)
    if day < voucher.booked_on:
        raise VoucherInvalid("on", Message(N_("冲销日期不能早于原凭证")))
    row = VoucherRow(
        id=new_id(),
        kind=VoucherKind.REVERSAL,
        booked_on=day,
        summary=reason.strip(),
        source=voucher.source,
        source_id=voucher.source_id,
        lines=voucher.lines,
        idempotency_key=f"{_REVERSAL_KEY}{voucher.id}",
        request_hash=sha256(voucher.id.bytes).hexdigest(),
        reverses_id=voucher.id,
        posted_by=by,
        posted_at=at,
    )
    if (await look_up(session, (), {month_of(day)})).months.get(month_of(day)) is None:
        # A refusal leaves nothing behind, not even a month that was opened for it.
        if await standing_under(session, [row.idempotency_key]):
            raise AlreadyReversed
        await open_period(session, day, by=by, at=at)
    if not await write_reversal(session, row):
        raise AlreadyReversed
    return Posted(id=row.id, booked_on=day, reverses_id=voucher.id)


async def _write(session: AsyncSession, rows: Mapping[str, VoucherRow], drafts: Mapping[str, Draft]) -> set[str]:
    """Write the vouchers; the keys of those that were left out."""
    if len(rows) == 1:
        ((key, row),) = rows.items()
        if row.lines <= FEW:
            return set() if await write_one(session, row, drafts[key].postings) else {key}
    entries = [
        _entry(row, line, posting)
        for key, row in rows.items()
        for line, posting in enumerate(drafts[key].postings, start=1)
    ]
    written = await write(session, list(rows.values()), entries)
    return {key for key, row in rows.items() if row.id not in written}


async def _make_ready(session: AsyncSession, drafts: Sequence[Draft], *, by: UUID, at: datetime) -> None:
    """Open the months and add the default accounts that are not there yet; raise what stands in the way then."""
    names = {posting.account for draft in drafts for posting in draft.postings}
    months = {month_of(draft.booked_on) for draft in drafts}
    found = await look_up(session, names, months)
    for month in sorted(months - found.months.keys()):
        await open_period(session, month, by=by, at=at)
        found.months[month] = PeriodState.OPEN
    known = found.codes.keys() | {name for name, _ in found.accounts}
    if missing := names - known:
        await add_missing(session, [use for use in missing if isinstance(use, AccountUse)], by=by, at=at)
        months_now, found = found.months, await look_up(session, names, months)
        found.months.update(months_now)
    for fault in _faults(found, drafts):
        raise fault


def _faults(found: Found, drafts: Collection[Draft]) -> Iterator[Refusal]:
    """What stands in the way of the drafts."""
    for draft in drafts:
        month = month_of(draft.booked_on)
        if found.months[month] is not PeriodState.OPEN:
            yield PeriodClosed(month)
        for posting in draft.postings:
            account = found.accounts.get((posting.account, posting.currency))
            is_use = isinstance(posting.account, AccountUse)
            if account is None and is_use and any(name == posting.account for name, _ in found.accounts):
                yield CurrencyNotKept(posting.currency)
            elif account is None and posting.account not in found.codes:
                yield AccountNotFound(posting.account)
            elif account is None or not account[1]:
                yield AccountUnfit(posting.account)


async def _standing(session: AsyncSession, keys: Collection[str], hashes: Mapping[str, str]) -> dict[str, Posted]:
    """What stands in the books under these keys. Raises KeyUsedOtherwise for a key that came with another content."""
    if not keys:
        return {}
    standing = await standing_under(session, keys)
    if any(voucher.request_hash != hashes[key] for key, voucher in standing.items()):
        raise KeyUsedOtherwise
    return {
        key: Posted(id=voucher.id, booked_on=voucher.booked_on, is_replay=True) for key, voucher in standing.items()
    }


def _entry(voucher: VoucherRow, line: int, posting: Posting) -> EntryRow:
    return EntryRow(
        voucher_id=voucher.id,
        line=line,
        booked_on=voucher.booked_on,
        account=posting.account,
        side=posting.side,
        fen=posting.fen,
        currency=posting.currency,
        party=posting.party,
        merchant_id=posting.merchant_id,
        shop_id=posting.shop_id,
        ticket_id=posting.ticket_id,
        cost_item_id=posting.cost_item_id,
        version_id=posting.version_id,
        clause=posting.clause,
        department=posting.department,
    )
