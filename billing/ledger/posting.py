"""Posting and reversing: the only ways into the books.

A post is one look (the accounts that are named, the state of the month) and one statement (vouchers and entries
together). What the look tells is refused in words; the database refuses the same again, also what changed meanwhile.
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
    KeyUsedOtherwise,
    PeriodClosed,
    ReversalNotReversible,
    VoucherInvalid,
)
from billing.ledger.periods import PeriodState, month_of, open_day, open_period
from billing.ledger.uses import AccountUse
from billing.ledger.vouchers import Entry, VoucherKind, entries_of, get_voucher
from billing.ledger.writing import EntryRow, Found, VoucherRow, look_up, standing_under, write
from tenants.base import new_id
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

    Opens the month if need be. Raises VoucherInvalid, VoucherUnbalanced, AccountNotFound, AccountUnfit, PeriodClosed,
    and KeyUsedOtherwise when the key came with another draft. Needs the agency's context.
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
    found = await _looked_up(session, drafts.values(), by=by, at=at)
    standing: dict[str, Posted] = {}
    if any(_faults(found, drafts.values())):
        # What was posted before its month was closed or its account retired is answered all the same.
        standing = await _standing(session, hashes)
        for fault in _faults(found, [draft for key, draft in drafts.items() if key not in standing]):
            raise fault
    vouchers: dict[str, VoucherRow] = {}
    entries: list[EntryRow] = []
    for key, draft in drafts.items():
        if key in standing:
            continue
        vouchers[key] = VoucherRow(
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
        entries += [_entry(vouchers[key], line, one, found) for line, one in enumerate(draft.postings, start=1)]
    written = await write(session, list(vouchers.values()), entries) if vouchers else ()
    if taken := {key: hashes[key] for key, voucher in vouchers.items() if voucher.id not in written}:
        standing |= await _standing(session, taken)
    return [
        standing[key] if key in standing else Posted(id=vouchers[key].id, booked_on=vouchers[key].booked_on)
        for key in drafts
    ]


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
        await open_period(session, day, by=by, at=at)
    entries = [_negated(row, entry) for entry in await entries_of(session, voucher.id)]
    if not await write(session, [row], entries):
        raise AlreadyReversed
    return Posted(id=row.id, booked_on=day, reverses_id=voucher.id)


async def _looked_up(session: AsyncSession, drafts: Collection[Draft], *, by: UUID, at: datetime) -> Found:
    """Accounts and months of the drafts; default accounts and months that are not there yet are made."""
    names = {posting.account for draft in drafts for posting in draft.postings}
    months = {month_of(draft.booked_on) for draft in drafts}
    found = await look_up(session, names, months)
    for month in sorted(months - found.months.keys()):
        await open_period(session, month, by=by, at=at)
        found.months[month] = PeriodState.OPEN
    known = found.codes.keys() | {name for name, _ in found.accounts}
    if missing := names - known:
        await add_missing(session, [use for use in missing if isinstance(use, AccountUse)], by=by, at=at)
        found = await look_up(session, names, months)
    return found


def _faults(found: Found, drafts: Collection[Draft]) -> Iterator[Refusal]:
    """What stands in the way of the drafts."""
    for draft in drafts:
        month = month_of(draft.booked_on)
        if found.months[month] is not PeriodState.OPEN:
            yield PeriodClosed(month)
        for posting in draft.postings:
            account = found.accounts.get((posting.account, posting.currency))
            if account is None and posting.account not in found.codes:
                yield AccountNotFound(posting.account)
            elif account is None or not account[1]:
                yield AccountUnfit(posting.account)


async def _standing(session: AsyncSession, hashes: Mapping[str, str]) -> dict[str, Posted]:
    """What stands in the books under these keys. Raises KeyUsedOtherwise for a key that came with another content."""
    standing = await standing_under(session, hashes)
    if any(voucher.request_hash != hashes[key] for key, voucher in standing.items()):
        raise KeyUsedOtherwise
    return {
        key: Posted(id=voucher.id, booked_on=voucher.booked_on, is_replay=True) for key, voucher in standing.items()
    }


def _entry(voucher: VoucherRow, line: int, posting: Posting, found: Found) -> EntryRow:
    return EntryRow(
        voucher_id=voucher.id,
        line=line,
        booked_on=voucher.booked_on,
        account_id=found.accounts[posting.account, posting.currency][0],
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


def _negated(voucher: VoucherRow, entry: Entry) -> EntryRow:
    """The entry on the other side of the same account: stored lines are negated, nothing is split anew."""
    return EntryRow(
        voucher_id=voucher.id,
        line=entry.line,
        booked_on=voucher.booked_on,
        account_id=entry.account_id,
        side=entry.side.other,
        fen=entry.fen,
        currency=entry.currency,
        party=entry.party,
        merchant_id=entry.merchant_id,
        shop_id=entry.shop_id,
        ticket_id=entry.ticket_id,
        cost_item_id=entry.cost_item_id,
        version_id=entry.version_id,
        clause=entry.clause,
        department=entry.department,
    )
