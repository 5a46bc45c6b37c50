"""A voucher that finance writes itself: every line looked at and each fault named before anything is posted."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.errors import VoucherUnfit
from anshou.finance.voucher_origins import Origin
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import Department
from billing.ledger.accounts import LedgerAccount
from billing.ledger.drafts import MOST, Draft, Posting
from billing.ledger.periods import first_month, month_after, month_of
from billing.ledger.posting import BOOKS_ZONE, Posted, post
from billing.ledger.uses import AccountUse, Side
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.refusals import N_, Message

POSTED_BY_HAND = action("ledger.posted_by_hand", N_("录入手工凭证"))

# What stands here is owed by a merchant and has to come to its statement.
_OF_A_MERCHANT = (AccountUse.RECEIVABLE_FROM_MERCHANT, AccountUse.ADVANCE_FROM_MERCHANT)

MOST_ENTRIES = 200


class BalanceGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amount in fen on one of the two sides of an account, and of which merchant."""

    account: Annotated[str, Meta(min_length=1, max_length=20, title=N_("科目"))]
    debit: Annotated[int, Meta(ge=1, le=MOST, title=N_("借方金额"), extra={"widget": "money"})] | None = None
    credit: Annotated[int, Meta(ge=1, le=MOST, title=N_("贷方金额"), extra={"widget": "money"})] | None = None
    merchant: Annotated[UUID, Meta(title=N_("商家"))] | None = None


class EntryGiven(BalanceGiven, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of a voucher, and which department it concerns."""

    department: Annotated[Department, Meta(title=N_("部门"))] | None = None


class VoucherGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A voucher as it is written down."""

    booked_on: Annotated[date, Meta(title=N_("记账日期"))]
    summary: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S", title=N_("摘要"))]
    entries: Annotated[tuple[EntryGiven, ...], Meta(min_length=2, max_length=MOST_ENTRIES, title=N_("分录"))]


async def post_by_hand(
    session: AsyncSession, given: VoucherGiven, *, idempotency_key: str, by: Person, at: datetime
) -> Posted:
    """Post what was written down; the same key with the same content is the same voucher.

    Raises PermissionMissing, VoucherUnfit with every fault beside its field, PeriodClosed, KeyUsedOtherwise.
    """
    authorize(by, Permission.KEEP_BOOKS)
    accounts = await accounts_named(session, given.entries)
    faults = dict(await _day_faults(session, given.booked_on, at))
    for place, entry in enumerate(given.entries):
        account = accounts.get(entry.account)
        faults |= {f"entries[{place}].{field}": why for field, why in line_faults(entry, account)}
        if account is not None and account.use == AccountUse.PENDING_DETERMINATION:
            why = Message(N_("待判定费用随费用的核实与归属自动记账，不能手工记账"))
            faults[f"entries[{place}].account"] = why
    if not faults:
        faults = dict(_unbalanced(given, accounts))
    if faults:
        raise VoucherUnfit(faults)
    draft = Draft(
        booked_on=given.booked_on,
        summary=given.summary.strip(),
        source=Origin.BY_HAND.value,
        postings=tuple(_posting(entry, accounts[entry.account]) for entry in given.entries),
    )
    posted = await post(session, draft, idempotency_key=f"by_hand:{by.id}:{idempotency_key}", by=by.id, at=at)
    if not posted.is_replay:
        body = {"entries": len(given.entries), "summary": draft.summary}
        await record(session, POSTED_BY_HAND, actor=by.actor(), at=at, subject=posted.id, body=body)
    return posted


async def accounts_named(session: AsyncSession, lines: Sequence[BalanceGiven]) -> dict[str, LedgerAccount]:
    """The accounts that the lines name, by code, as far as there are any."""
    asked = select(LedgerAccount).where(LedgerAccount.code.in_({line.account for line in lines}))
    return {account.code: account for account in await session.scalars(asked)}


async def _day_faults(session: AsyncSession, day: date, at: datetime) -> list[tuple[str, Message]]:
    today = at.astimezone(BOOKS_ZONE).date()
    last = month_after(month_of(today)) - timedelta(days=1)
    first = await first_month(session, today)
    if day > last:
        return [("booked_on", Message(N_("记账日期不能晚于本月末 %(day)s"), day=str(last)))]
    if day < first:
        return [("booked_on", Message(N_("记账日期不能早于账簿启用的 %(day)s"), day=str(first)))]
    return []


def line_faults(entry: BalanceGiven, account: LedgerAccount | None) -> Iterator[tuple[str, Message]]:
    """What is wrong with a line for an account that was found or not: the field and why."""
    if account is None:
        yield "account", Message(N_("科目表中没有这个科目"))
    elif not account.is_leaf:
        yield "account", Message(N_("汇总科目不能记账，请选择末级科目"))
    elif account.retired_at is not None:
        yield "account", Message(N_("该科目已停用"))
    elif account.use in _OF_A_MERCHANT and entry.merchant is None:
        yield "merchant", Message(N_("该科目须选择商家，才能列入其对账单"))
    if (entry.debit is None) == (entry.credit is None):
        yield "debit", Message(N_("借方、贷方须填且只填一项"))


def _unbalanced(given: VoucherGiven, accounts: Mapping[str, LedgerAccount]) -> Iterator[tuple[str, Message]]:
    sums: dict[str, list[int]] = {}
    for entry in given.entries:
        both = sums.setdefault(accounts[entry.account].currency or "", [0, 0])
        both[0] += entry.debit or 0
        both[1] += entry.credit or 0
    for currency, (debit, credit) in sorted(sums.items()):
        if debit != credit:
            said = N_("借贷不平：%(currency)s 借方合计 %(debit)s，贷方合计 %(credit)s，相差 %(difference)s")
            amounts = {"debit": debit, "credit": credit, "difference": abs(debit - credit)}
            yield "entries", Message(said, currency=currency, **{name: _plain(fen) for name, fen in amounts.items()})


def _plain(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02}"


def _posting(entry: EntryGiven, account: LedgerAccount) -> Posting:
    return Posting(
        account=account.code,
        side=Side.DEBIT if entry.debit is not None else Side.CREDIT,
        fen=entry.debit or entry.credit or 0,
        currency=account.currency or "",
        merchant_id=entry.merchant,
        department=entry.department,
    )
