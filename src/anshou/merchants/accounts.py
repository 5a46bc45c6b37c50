"""The accounts by which is settled with a merchant: bank, holder, number and the holder's identity number, sealed.

Nobody edits an account: a wrong or old one is retired, and another one kept.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.merchants.errors import AccountKept, AccountNotFound
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from confidentiality.keys.closed_ring import open_masks
from confidentiality.keys.vault import open_keys
from confidentiality.sealing import masks
from confidentiality.sealing.fields import SealedRow, sealed
from confidentiality.sealing.finding import exact, last
from confidentiality.sealing.handles import Sealed
from tenants.base import Base, MerchantRow
from tenants.refusals import N_, Message
from tenants.shapes import Unfit

ACCOUNT_KEPT = action("account.kept", N_("登记结算账户"))
ACCOUNT_RETIRED = action("account.retired", N_("停用结算账户"))

# The check digits of identity numbers (GB 11643) and of unified social credit codes (GB 32100).
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECK = "10X98765432"
_CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class SettlementAccount(MerchantRow, SealedRow, Base):
    """One account. Instants are UTC."""

    __tablename__ = "settlement_account"

    bank: Mapped[str]
    kept_at: Mapped[datetime]
    kept_by: Mapped[UUID]
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[UUID | None]
    holder: Mapped[Sealed[str]] = sealed(mask=masks.name, pad=64, label=N_("户名"))
    number: Mapped[Sealed[str]] = sealed(find=(exact(), last(4)), mask=masks.bank_account, pad=32, label=N_("银行账号"))
    identity_number: Mapped[Sealed[str] | None] = sealed(
        find=(exact(),), mask=masks.identity_number, pad=32, label=N_("证件号码")
    )


class AccountCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is kept of an account. The identity number is a person's or a company's unified social credit code."""

    bank: Annotated[str, Meta(min_length=1, max_length=60, title=N_("开户银行"))]
    holder: Annotated[str, Meta(min_length=1, max_length=120, title=N_("户名"))]
    number: Annotated[str, Meta(min_length=8, max_length=40, title=N_("银行账号"))]
    identity_number: Annotated[str, Meta(max_length=30, title=N_("身份证号或统一社会信用代码"))] = ""

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be what they are said to be."""
        if not 8 <= len(masks.normal_number(self.number)) <= 32 or not masks.normal_number(self.number).isdigit():
            raise Unfit(Message(N_("银行账号须为 8 到 32 位数字")), "number")
        given = masks.normal_number(self.identity_number).upper()
        if given and not (is_identity_number(given) or is_credit_code(given)):
            raise Unfit(Message(N_("不是有效的身份证号或统一社会信用代码，请核对")), "identity_number")


def is_identity_number(given: str) -> bool:
    """Whether the 18 characters carry the check digit of an identity number (GB 11643). Pure."""
    if len(given) != 18 or not given[:17].isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(given[:17], _IDENTITY_WEIGHTS, strict=True))
    return given[17] == _IDENTITY_CHECK[total % 11]


def is_credit_code(given: str) -> bool:
    """Whether the 18 characters carry the check character of a unified social credit code (GB 32100). Pure."""
    if len(given) != 18 or not set(given) <= set(_CREDIT_LETTERS):
        return False
    total = sum(_CREDIT_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(given[:17]))
    return given[17] == _CREDIT_LETTERS[-total % 31]


async def accounts_of(session: AsyncSession, merchant_id: UUID) -> Sequence[SettlementAccount]:
    """The merchant's accounts in use, the latest first."""
    query = select(SettlementAccount).where(
        SettlementAccount.merchant_id == merchant_id, SettlementAccount.retired_at.is_(None)
    )
    return (await session.scalars(query.order_by(SettlementAccount.id.desc()))).all()


async def masked_accounts(session: AsyncSession, accounts: Sequence[SettlementAccount]) -> list[dict[str, str]]:
    """Holder, number and identity number of each, masked; all hidden once the merchant's key is destroyed."""
    if not accounts:
        return []
    names = ("holder", "number", "identity_number")
    ring = await open_masks(session, accounts[0].merchant_id)
    return [{name: ring.masked(getattr(one, name)) for name in names} for one in accounts]


async def keep_account(
    session: AsyncSession, merchant_id: UUID, card: AccountCard, *, by: Person, at: datetime
) -> SettlementAccount:
    """Keep another account of the merchant. Raises PermissionMissing, AccountKept for a number that is kept already."""
    authorize(by, Permission.KEEP_ACCOUNTS)
    ring = await open_keys(session, merchant_id)
    alike = select(SettlementAccount).where(
        SettlementAccount.merchant_id == merchant_id,
        SettlementAccount.retired_at.is_(None),
        SettlementAccount.number.matches(ring, card.number),
    )
    if any(ring.confirms(one.number, card.number) for one in await session.scalars(alike)):
        raise AccountKept
    account = SettlementAccount(merchant_id=merchant_id, bank=card.bank.strip(), kept_at=at, kept_by=by.id)
    ring.seal(
        account,
        holder=card.holder.strip(),
        number=masks.normal_number(card.number),
        identity_number=masks.normal_number(card.identity_number).upper() or None,
    )
    session.add(account)
    await session.flush()
    await record(session, ACCOUNT_KEPT, actor=by.actor(), at=at, owner=merchant_id, subject=account.id)
    return account


async def retire_account(
    session: AsyncSession, merchant_id: UUID, account_id: UUID, *, by: Person, at: datetime
) -> None:
    """Use the account no longer. Raises PermissionMissing, AccountNotFound."""
    authorize(by, Permission.KEEP_ACCOUNTS)
    account = await session.get(SettlementAccount, account_id)
    if account is None or account.merchant_id != merchant_id or account.retired_at is not None:
        raise AccountNotFound
    account.retired_at, account.retired_by = at, by.id
    await session.flush()
    await record(session, ACCOUNT_RETIRED, actor=by.actor(), at=at, owner=merchant_id, subject=account.id)
