"""A merchant's shops: opened, changed, closed, opened again."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import Merchant, visible_merchant
from anshou.merchants.shops import Shop, ShopCard, change_shop, close_shop, open_shop, reopen_shop, visible_shop
from anshou.people.permissions import Permission, authorize
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.prefilled import prefilled
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchants.places import address_of_merchant, trail
from anshou.portal.pages import Notice, go_to, language_of
from tenants.refusals import N_, Refusal


@get("/merchants/{merchant_id:uuid}/shops/new")
async def new_shop_page(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The form for another shop."""
    authorize(visit.person, Permission.MANAGE_MERCHANTS)
    return _form(request, await visible_merchant(visit.session, merchant_id), None)


@post("/merchants/{merchant_id:uuid}/shops/new", status_code=303)
async def submit_shop(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Operate another shop."""
    authorize(visit.person, Permission.MANAGE_MERCHANTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    reading = read(ShopCard, await typed_by(request))
    if reading.value is None:
        return _form(request, merchant, None, reading.typed, reading.refusal)
    shop = await open_shop(visit.session, merchant, reading.value, by=visit.person, at=visit.at)
    return _done(request, merchant_id, language_of(request).say(N_("已添加店铺%(name)s。"), name=shop.name))


@get("/merchants/{merchant_id:uuid}/shops/{shop_id:uuid}")
async def shop_page(
    merchant_id: FromPath[UUID], shop_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """A shop as it is."""
    authorize(visit.person, Permission.MANAGE_MERCHANTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    shop = await visible_shop(visit.session, merchant.id, shop_id)
    kept = ShopCard(**{field: getattr(shop, field) for field in ShopCard.__struct_fields__})
    return _form(request, merchant, shop, prefilled(kept))


@post("/merchants/{merchant_id:uuid}/shops/{shop_id:uuid}", status_code=303)
async def change(
    merchant_id: FromPath[UUID], shop_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Change it."""
    merchant = await visible_merchant(visit.session, merchant_id)
    shop = await visible_shop(visit.session, merchant.id, shop_id)
    reading = read(ShopCard, await typed_by(request))
    if reading.value is None:
        return _form(request, merchant, shop, reading.typed, reading.refusal)
    change_shop(shop, reading.value, by=visit.person)
    return _done(request, merchant_id, language_of(request).say(N_("店铺已更新。")))


@post("/merchants/{merchant_id:uuid}/shops/{shop_id:uuid}/close", status_code=303)
async def close(
    merchant_id: FromPath[UUID], shop_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Operate it no longer."""
    shop = await visible_shop(visit.session, merchant_id, shop_id)
    close_shop(shop, by=visit.person, at=visit.at)
    return _done(request, merchant_id, language_of(request).say(N_("%(name)s已停止代运营。"), name=shop.name))


@post("/merchants/{merchant_id:uuid}/shops/{shop_id:uuid}/reopen", status_code=303)
async def reopen(
    merchant_id: FromPath[UUID], shop_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Operate it again."""
    shop = await visible_shop(visit.session, merchant_id, shop_id)
    reopen_shop(shop, by=visit.person)
    return _done(request, merchant_id, language_of(request).say(N_("%(name)s已恢复代运营。"), name=shop.name))


def _done(request: Asked, merchant_id: UUID, said: str) -> Response[str]:
    return go_to(request, address_of_merchant(merchant_id), Notice(said))


def _form(
    request: Asked, merchant: Merchant, shop: Shop | None, typed: Typed = NOTHING, wrong: Refusal | None = None
) -> Response[str]:
    say, here = language_of(request).say, address_of_merchant(merchant.id)
    form = FormPage(
        heading=say(N_("修改店铺")) if shop else say(N_("添加店铺")),
        action=f"{here}/shops/{shop.id if shop else 'new'}",
        back=here,
        button=say(N_("保存")),
        trail=trail(request, merchant),
    )
    return show_form(request, form, ShopCard, typed, wrong=wrong)
