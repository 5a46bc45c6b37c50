"""A merchant's shops."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, made, shown
from anshou.api.document import PREFIX
from anshou.api.queries import Query
from anshou.api.resources import merchants
from anshou.api.routing import get, post, put
from anshou.api.visits import Visiting
from anshou.merchants import shops
from anshou.merchants.shops import Platform, ShopCard
from tenants.refusals import N_


class ShopQuery(Query, frozen=True, kw_only=True):
    """Which shops."""

    closed: Annotated[bool, Meta(title=N_("是否包括已停止运营的店铺"))] = False


class ShopShown(Struct, frozen=True, kw_only=True):
    """A shop of a merchant."""

    id: UUID
    platform: Annotated[Platform, Meta(title=N_("平台"))]
    name: Annotated[str, Meta(title=N_("店铺名称"))]
    platform_number: Annotated[str, Meta(title=N_("平台店铺编号"))]
    address: Annotated[str, Meta(title=N_("店铺网址"))]
    opened_at: Annotated[datetime, Meta(title=N_("开始运营的时间"))]
    closed_at: Annotated[datetime | None, Meta(title=N_("停止运营的时间"))]


@get("/merchants/{merchant_id:uuid}/shops", summary=N_("列出店铺"), operation_id="listShops", query=ShopQuery)
async def list_shops(
    merchant_id: FromPath[UUID], asked: NamedDependency[ShopQuery], visit: Visiting
) -> Listing[ShopShown]:
    merchant = await merchants.visible(visit, merchant_id)
    found = await shops.shops_of(visit.session, merchant.id, closed=asked.closed)
    return Listing(items=[shown(ShopShown, one) for one in found])


@post(
    "/merchants/{merchant_id:uuid}/shops",
    summary=N_("新建店铺"),
    operation_id="openShop",
    opt={"answers_with": {"Location": N_("店铺的位置")}},
)
async def open_shop(merchant_id: FromPath[UUID], data: JSONBody[ShopCard], visit: Visiting) -> Response[ShopShown]:
    merchant = await merchants.visible(visit, merchant_id)
    shop = await shops.open_shop(visit.session, merchant, data, by=visit.person, at=visit.at)
    return made(shown(ShopShown, shop), f"{PREFIX}/merchants/{merchant_id}/shops/{shop.id}")


@get("/merchants/{merchant_id:uuid}/shops/{shop_id:uuid}", summary=N_("读取店铺"), operation_id="readShop")
async def read_shop(merchant_id: FromPath[UUID], shop_id: FromPath[UUID], visit: Visiting) -> ShopShown:
    merchant = await merchants.visible(visit, merchant_id)
    return shown(ShopShown, await shops.visible_shop(visit.session, merchant.id, shop_id))


@put("/merchants/{merchant_id:uuid}/shops/{shop_id:uuid}", summary=N_("修改店铺"), operation_id="changeShop")
async def change_shop(
    merchant_id: FromPath[UUID], shop_id: FromPath[UUID], data: JSONBody[ShopCard], visit: Visiting
) -> ShopShown:
    merchant = await merchants.visible(visit, merchant_id)
    shop = await shops.visible_shop(visit.session, merchant.id, shop_id)
    shops.change_shop(shop, data, by=visit.person)
    return shown(ShopShown, shop)


@post(
    "/merchants/{merchant_id:uuid}/shops/{shop_id:uuid}/close",
    summary=N_("停止运营店铺"),
    operation_id="closeShop",
    status_code=200,
)
async def close_shop(merchant_id: FromPath[UUID], shop_id: FromPath[UUID], visit: Visiting) -> ShopShown:
    merchant = await merchants.visible(visit, merchant_id)
    shop = await shops.visible_shop(visit.session, merchant.id, shop_id)
    shops.close_shop(shop, by=visit.person, at=visit.at)
    return shown(ShopShown, shop)


@post(
    "/merchants/{merchant_id:uuid}/shops/{shop_id:uuid}/reopen",
    summary=N_("恢复运营店铺"),
    operation_id="reopenShop",
    status_code=200,
)
async def reopen_shop(merchant_id: FromPath[UUID], shop_id: FromPath[UUID], visit: Visiting) -> ShopShown:
    merchant = await merchants.visible(visit, merchant_id)
    shop = await shops.visible_shop(visit.session, merchant.id, shop_id)
    shops.reopen_shop(shop, by=visit.person)
    return shown(ShopShown, shop)


router = Router(
    "/",
    tags=[N_("商家")],
    route_handlers=[list_shops, open_shop, read_shop, change_shop, close_shop, reopen_shop],
)
