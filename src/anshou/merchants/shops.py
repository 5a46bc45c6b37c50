"""The merchant's shops on the platforms."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.merchants.errors import ShopClosed, ShopNotFound
from anshou.merchants.merchants import Merchant
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from tenants.base import Base, MerchantRow
from tenants.labels import Labelled
from tenants.prepared import entities
from tenants.refusals import N_


class Platform(Labelled):
    """Where a shop is."""

    PINDUODUO = "pinduoduo", N_("拼多多")
    TMALL = "tmall", N_("天猫")
    JD = "jd", N_("京东")
    DOUYIN = "douyin", N_("抖音")
    TAOBAO = "taobao", N_("淘宝")
    XIAOHONGSHU = "xiaohongshu", N_("小红书")
    KUAISHOU = "kuaishou", N_("快手")
    OTHER = "other", N_("其他平台")


class Shop(MerchantRow, Base):
    """A shop that the agency operates, or did until `closed_at`."""

    __tablename__ = "shop"

    platform: Mapped[Platform]
    name: Mapped[str]
    platform_number: Mapped[str]
    address: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]


class ShopCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is kept of a shop. `platform_number` is the platform's own id of it, `address` its web address."""

    platform: Annotated[Platform, Meta(title=N_("平台"))]
    name: Annotated[str, Meta(min_length=1, max_length=60, title=N_("店铺名称"))]
    platform_number: Annotated[str, Meta(max_length=60, title=N_("平台店铺编号"))] = ""
    address: Annotated[str, Meta(max_length=300, pattern=r"^(https?://\S+)?$", title=N_("店铺网址"))] = ""


_shops = select(Shop).where(Shop.merchant_id == bindparam("merchant")).order_by(Shop.platform, Shop.name, Shop.id)
_ALL, _OPEN = entities(_shops), entities(_shops.where(Shop.closed_at.is_(None)))
_BY_ID = entities(select(Shop).where(Shop.merchant_id == bindparam("merchant"), Shop.id == bindparam("id")))


async def shops_of(session: AsyncSession, merchant_id: UUID, *, closed: bool = False) -> Sequence[Shop]:
    """The merchant's shops by platform and name; those closed too if wanted."""
    return await (_ALL if closed else _OPEN).all(session, merchant=merchant_id)


async def shop_names(session: AsyncSession, shop_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these shops, as far as the context reaches them."""
    if not shop_ids:
        return {}
    rows = await session.execute(select(Shop.id, Shop.name).where(Shop.id.in_(shop_ids)))
    return {row.id: row.name for row in rows}


async def visible_shop(session: AsyncSession, merchant_id: UUID, shop_id: UUID) -> Shop:
    """One of the merchant's shops. Raises ShopNotFound."""
    shop = await _BY_ID.one_or_none(session, merchant=merchant_id, id=shop_id)
    if shop is None:
        raise ShopNotFound
    return shop


async def open_shop(session: AsyncSession, merchant: Merchant, card: ShopCard, *, by: Person, at: datetime) -> Shop:
    """Operate another shop of the merchant."""
    authorize(by, Permission.MANAGE_MERCHANTS)
    shop = Shop(
        merchant_id=merchant.id,
        platform=card.platform,
        name=card.name,
        platform_number=card.platform_number,
        address=card.address,
        opened_at=at,
        opened_by=by.id,
    )
    session.add(shop)
    await session.flush()
    return shop


def change_shop(shop: Shop, card: ShopCard, *, by: Person) -> None:
    """Change what is kept of the shop."""
    authorize(by, Permission.MANAGE_MERCHANTS)
    shop.platform, shop.name = card.platform, card.name
    shop.platform_number, shop.address = card.platform_number, card.address


def close_shop(shop: Shop, *, by: Person, at: datetime) -> None:
    """Operate the shop no longer; its tickets stay."""
    authorize(by, Permission.MANAGE_MERCHANTS)
    if shop.closed_at is None:
        shop.closed_at, shop.closed_by = at, by.id


def reopen_shop(shop: Shop, *, by: Person) -> None:
    """Operate the shop again."""
    authorize(by, Permission.MANAGE_MERCHANTS)
    shop.closed_at = shop.closed_by = None


def require_open(shop: Shop) -> None:
    """Raise ShopClosed when the shop is no longer operated."""
    if shop.closed_at is not None:
        raise ShopClosed
