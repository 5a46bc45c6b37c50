"""Merchants as the agency serves them. A merchant's people see their own one only."""

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
from anshou.api.routing import get, post, put
from anshou.api.visits import ApiVisit, Visiting
from anshou.merchants import merchants
from anshou.merchants.merchants import Merchant, Profile
from anshou.people.permissions import Permission, authorize
from tenants.refusals import N_


class MerchantQuery(Query, frozen=True, kw_only=True):
    """Which merchants."""

    ended: Annotated[bool, Meta(title=N_("是否列出已终止服务的商家"))] = False


class MerchantShown(Struct, frozen=True, kw_only=True):
    """A merchant."""

    id: UUID
    name: Annotated[str, Meta(title=N_("商家名称"))]
    company: Annotated[str, Meta(title=N_("公司全称"))]
    created_at: Annotated[datetime, Meta(title=N_("建档时间"))]
    ended_at: Annotated[datetime | None, Meta(title=N_("终止服务的时间"))]


async def visible(visit: ApiVisit, merchant_id: UUID) -> Merchant:
    """The merchant. Raises MerchantNotFound, and PermissionMissing for those who read no merchants."""
    may_read(visit)
    return await merchants.visible_merchant(visit.session, merchant_id)


def may_read(visit: ApiVisit) -> None:
    """Raise PermissionMissing for those who read no merchants; a merchant's people reach none but their own."""
    authorize(visit.person, Permission.READ_TICKETS if visit.person.is_merchant else Permission.READ_MERCHANTS)


@get("/merchants", summary=N_("列出商家"), operation_id="listMerchants", query=MerchantQuery)
async def list_merchants(asked: NamedDependency[MerchantQuery], visit: Visiting) -> Listing[MerchantShown]:
    may_read(visit)
    found = await merchants.list_merchants(visit.session, ended=asked.ended)
    return Listing(items=[shown(MerchantShown, one) for one in found])


@post(
    "/merchants",
    summary=N_("新建商家"),
    operation_id="addMerchant",
    opt={"answers_with": {"Location": N_("商家的位置")}},
)
async def add_merchant(data: JSONBody[Profile], visit: Visiting) -> Response[MerchantShown]:
    merchant = await merchants.add_merchant(visit.session, data, by=visit.person, at=visit.at)
    return made(shown(MerchantShown, merchant), f"{PREFIX}/merchants/{merchant.id}")


@get("/merchants/{merchant_id:uuid}", summary=N_("读取商家"), operation_id="readMerchant")
async def read_merchant(merchant_id: FromPath[UUID], visit: Visiting) -> MerchantShown:
    return shown(MerchantShown, await visible(visit, merchant_id))


@put("/merchants/{merchant_id:uuid}", summary=N_("修改商家"), operation_id="changeMerchant")
async def change_merchant(merchant_id: FromPath[UUID], data: JSONBody[Profile], visit: Visiting) -> MerchantShown:
    merchant = await visible(visit, merchant_id)
    await merchants.change_profile(visit.session, merchant, data, by=visit.person)
    return shown(MerchantShown, merchant)


@post(
    "/merchants/{merchant_id:uuid}/end",
    summary=N_("终止服务"),
    operation_id="endMerchant",
    status_code=200,
)
async def end_merchant(merchant_id: FromPath[UUID], visit: Visiting) -> MerchantShown:
    merchant = await visible(visit, merchant_id)
    merchants.end_service(merchant, by=visit.person, at=visit.at)
    return shown(MerchantShown, merchant)


@post(
    "/merchants/{merchant_id:uuid}/resume",
    summary=N_("恢复服务"),
    operation_id="resumeMerchant",
    status_code=200,
)
async def resume_merchant(merchant_id: FromPath[UUID], visit: Visiting) -> MerchantShown:
    merchant = await visible(visit, merchant_id)
    merchants.resume_service(merchant, by=visit.person)
    return shown(MerchantShown, merchant)


router = Router(
    "/",
    tags=[N_("商家")],
    route_handlers=[list_merchants, add_merchant, read_merchant, change_merchant, end_merchant, resume_merchant],
)
