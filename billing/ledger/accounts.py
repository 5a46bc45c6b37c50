"""The chart of accounts (科目表) of a tenant: seeded at first use, then the tenant's own.

An account keeps its code, its place and its currency for good; it can be named anew, retired, and what the product
posts to it can be moved to another. Only leaves take entries, and whether an account is one is settled as it is made.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from billing.currencies import Currency
from billing.ledger.default_chart import DEFAULT_CHART, Planned
from billing.ledger.errors import AccountInvalid, AccountNotFound
from billing.ledger.uses import AccountUse, Side
from tenants.base import Base, Row, new_id
from tenants.refusals import N_, Message

# ISO 4217; the code of an account has digits only.
_NUMBERS = {Currency.HKD: "344", Currency.USD: "840", Currency.EUR: "978"}

_CODE = re.compile(r"[0-9][0-9.]{3,19}")


class LedgerAccount(Row, Base):
    """An account. A leaf has a currency and may have a use; a summary account has neither."""

    __tablename__ = "ledger_account"

    code: Mapped[str]
    name: Mapped[str]
    parent_id: Mapped[UUID | None]
    is_leaf: Mapped[bool]
    normal_side: Mapped[Side]
    currency: Mapped[str | None]
    # Text and not the enumeration: an account keeps a use that a later version of the product no longer knows.
    use: Mapped[str | None]
    added_by: Mapped[UUID]
    added_at: Mapped[datetime]
    retired_by: Mapped[UUID | None]
    retired_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account to be added below `parent` (a code), or at the top; `currency` None makes it a summary account."""

    code: str
    name: str
    normal_side: Side
    parent: str | None = None
    currency: str | None = "CNY"


async def chart(session: AsyncSession, *, by: UUID, at: datetime) -> Sequence[LedgerAccount]:
    """All accounts by code; the default ones are added at first use, in the name of who first uses them."""
    found = await _accounts(session)
    if not found:
        await _seed(session, {}, DEFAULT_CHART, by=by, at=at)
        found = await _accounts(session)
    return found


async def find_account(session: AsyncSession, code: str) -> LedgerAccount | None:
    """The account with this code, or None."""
    return (await session.scalars(select(LedgerAccount).where(LedgerAccount.code == code))).one_or_none()


async def get_account(session: AsyncSession, code: str) -> LedgerAccount:
    """The account with this code. Raises AccountNotFound."""
    found = await find_account(session, code)
    if found is None:
        raise AccountNotFound(code)
    return found


async def add_account(session: AsyncSession, new: NewAccount, *, by: UUID, at: datetime) -> LedgerAccount:
    """Add an account. Raises AccountInvalid, AccountNotFound for the one above."""
    parent = await get_account(session, new.parent) if new.parent else None
    if not _CODE.fullmatch(new.code):
        raise AccountInvalid("code", Message(N_("科目编码由 4 到 20 位数字或点组成")))
    if not new.name.strip():
        raise AccountInvalid("name", Message(N_("请填写科目名称")))
    if await find_account(session, new.code):
        raise AccountInvalid("code", Message(N_("该科目编码已存在")))
    if parent and (parent.is_leaf or not new.code.startswith(parent.code) or new.code == parent.code):
        raise AccountInvalid("parent", Message(N_("上级须为汇总科目，且下级编码以上级编码开头")))
    account = LedgerAccount(
        code=new.code,
        name=new.name.strip(),
        parent_id=parent.id if parent else None,
        is_leaf=new.currency is not None,
        normal_side=new.normal_side,
        currency=new.currency,
        added_by=by,
        added_at=at,
    )
    session.add(account)
    await session.flush()
    return account


def rename(account: LedgerAccount, name: str) -> None:
    """Call the account otherwise; its code stays. Raises AccountInvalid."""
    if not name.strip():
        raise AccountInvalid("name", Message(N_("请填写科目名称")))
    account.name = name.strip()


async def use_account_for(session: AsyncSession, account: LedgerAccount, use: AccountUse) -> None:
    """From now on the product posts this use here; whichever account had it in this currency loses it.

    Raises AccountInvalid for a summary account, a retired one, and one that has a use already.
    """
    if not account.is_leaf or account.retired_at is not None:
        raise AccountInvalid("use", Message(N_("用途只能指定给启用中的末级科目")))
    if account.use not in (None, use.value):
        raise AccountInvalid("use", Message(N_("该科目已有用途，请先为原用途另指定科目")))
    held = select(LedgerAccount).where(LedgerAccount.use == use.value, LedgerAccount.currency == account.currency)
    before = (await session.scalars(held)).one_or_none()
    if before is not None:
        before.use = None
        # The unique key is checked row by row, so the old one must let go first.
        await session.flush()
    account.use = use.value
    await session.flush()


def retire(account: LedgerAccount, *, by: UUID, at: datetime) -> None:
    """Take no new entries; what stands in it can still be reversed. Raises AccountInvalid while it has a use."""
    if account.use is not None:
        raise AccountInvalid("use", Message(N_("该科目已有用途，请先为原用途另指定科目")))
    account.retired_by, account.retired_at = by, at


async def add_missing(session: AsyncSession, uses: Sequence[AccountUse], *, by: UUID, at: datetime) -> None:
    """Add the default accounts of these uses to a chart that has none for them: a new tenant's, or an older one's.

    In yuan only; for another currency the agency adds accounts itself.
    """
    known = {account.code: account for account in await _accounts(session)}
    leaves = [planned.code for planned in DEFAULT_CHART if planned.use in uses]
    needed = {above for code in leaves for above in (code, *_above(code))}
    plan = [planned for planned in DEFAULT_CHART if planned.code not in known and (not known or planned.code in needed)]
    await _seed(session, known, plan, by=by, at=at)


async def open_currency(
    session: AsyncSession, currency: Currency, *, by: UUID, at: datetime
) -> Sequence[LedgerAccount]:
    """Keep books in this currency too: beside every account in yuan that has a use one for the same; what was added.

    Its code is the other one's with the currency's number (ISO 4217) behind a dot. Raises AccountInvalid where such a
    code is taken by another account.
    """
    accounts = await chart(session, by=by, at=at)
    kept = {account.use for account in accounts if account.currency == currency}
    added = []
    for like in accounts:
        if like.use is None or like.currency != Currency.CNY or like.use in kept or currency is Currency.CNY:
            continue
        code = f"{like.code}.{_NUMBERS[currency]}"
        if any(account.code == code for account in accounts):
            raise AccountInvalid("code", Message(N_("科目编码 %(code)s 已被占用"), code=code))
        account = LedgerAccount(
            code=code,
            name=f"{like.name}（{currency.label}）",
            parent_id=like.parent_id,
            is_leaf=True,
            normal_side=like.normal_side,
            currency=currency.value,
            use=like.use,
            added_by=by,
            added_at=at,
        )
        session.add(account)
        added.append(account)
    await session.flush()
    return added


async def keeps_currency(session: AsyncSession, currency: str) -> bool:
    """Whether costs in this currency can be booked: yuan always, as its accounts are added when they are needed."""
    if currency == Currency.CNY:
        return True
    asked = select(exists().where(LedgerAccount.currency == str(currency), LedgerAccount.use.is_not(None)))
    return bool(await session.scalar(asked))


async def _accounts(session: AsyncSession) -> Sequence[LedgerAccount]:
    return (await session.scalars(select(LedgerAccount).order_by(LedgerAccount.code))).all()


async def _seed(
    session: AsyncSession,
    known: Mapping[str, LedgerAccount],
    plan: Sequence[Planned],
    *,
    by: UUID,
    at: datetime,
) -> None:
    ids = {code: account.id for code, account in known.items()}
    for planned in plan:
        values = {
            "id": new_id(),
            "code": planned.code,
            "name": planned.name,
            "parent_id": next((ids[code] for code in _above(planned.code) if code in ids), None),
            "is_leaf": planned.use is not None,
            "normal_side": planned.normal_side,
            "currency": "CNY" if planned.use else None,
            "use": planned.use.value if planned.use else None,
            "added_by": by,
            "added_at": at,
        }
        # Two people may use the books for the first time at once; the second one takes what the first has made.
        written = insert(LedgerAccount).values(values).on_conflict_do_nothing().returning(LedgerAccount.id)
        made = (await session.execute(written)).scalar_one_or_none()
        if made is None:
            made = (
                await session.execute(select(LedgerAccount.id).where(LedgerAccount.code == planned.code))
            ).scalar_one()
        ids[planned.code] = made


def _above(code: str) -> Sequence[str]:
    return [code[:length] for length in range(len(code) - 1, 3, -1)]
