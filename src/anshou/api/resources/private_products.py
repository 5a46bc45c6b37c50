"""Which of a merchant's shops and kinds of product are private by default."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, shown
from anshou.api.routing import delete, get, post
from anshou.api.visits import Visiting
from anshou.consumers import private_products
from anshou.consumers.private_products import PrivateRuleCard
from anshou.merchants.merchants import visible_merchant
from anshou.people.permissions import Permission, authorize
from tenants.refusals import N_


class PrivateRuleShown(Struct, frozen=True, kw_only=True):
    """A whole shop, or a word in products' names."""

    id: UUID
    shop_id: Annotated[UUID | None, Meta(title=N_("整个店铺"))]
    word: Annotated[str | None, Meta(title=N_("品类词"))]
    added_at: Annotated[datetime, Meta(title=N_("添加时间"))]
    added_by: Annotated[UUID, Meta(title=N_("添加人"))]


@get(
    "/merchants/{merchant_id:uuid}/private-products",
    summary=N_("列出默认为私密的店铺和品类"),
    operation_id="listPrivateProducts",
)
async def list_rules(merchant_id: FromPath[UUID], visit: Visiting) -> Listing[PrivateRuleShown]:
    if not visit.person.is_merchant:
        authorize(visit.person, Permission.READ_MERCHANTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    rules = await private_products.private_rules(visit.session, merchant.id)
    return Listing(items=[shown(PrivateRuleShown, rule) for rule in rules])


@post(
    "/merchants/{merchant_id:uuid}/private-products",
    summary=N_("设为私密"),
    operation_id="addPrivateProduct",
)
async def add_rule(merchant_id: FromPath[UUID], data: JSONBody[PrivateRuleCard], visit: Visiting) -> PrivateRuleShown:
    merchant = await visible_merchant(visit.session, merchant_id)
    rule = await private_products.add_private_rule(visit.session, merchant.id, data, by=visit.person, at=visit.at)
    return shown(PrivateRuleShown, rule)


@delete(
    "/merchants/{merchant_id:uuid}/private-products/{rule_id:uuid}",
    summary=N_("不再默认为私密"),
    operation_id="removePrivateProduct",
)
async def remove_rule(merchant_id: FromPath[UUID], rule_id: FromPath[UUID], visit: Visiting) -> None:
    merchant = await visible_merchant(visit.session, merchant_id)
    await private_products.remove_private_rule(visit.session, merchant.id, rule_id, by=visit.person)


router = Router("/", tags=[N_("商家")], route_handlers=[list_rules, add_rule, remove_rule])
