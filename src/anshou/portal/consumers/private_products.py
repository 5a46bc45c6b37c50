"""Which of a merchant's shops and kinds of product are private by default, at both desks."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.consumers.private_products import PrivateRuleCard, add_private_rule, private_rules, remove_private_rule
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import visible_merchant
from anshou.merchants.shops import shops_of
from anshou.people.agency import read_settings
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.error_pages import status_of
from anshou.portal.forms.page_values import form_values
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.merchant.places import acting_for, own_merchant
from anshou.portal.merchants.places import address_of_merchant, tabs, trail
from anshou.portal.pages import Notice, go_to, language_of, page
from tenants.refusals import N_, Refusal

MINE = "/my/private-products"


def _of(merchant_id: UUID) -> str:
    return f"{address_of_merchant(merchant_id)}/private-products"


@get("/merchants/{merchant_id:uuid}/private-products")
async def private_products_page(
    merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """The merchant's rules."""
    authorize(visit.person, Permission.READ_MERCHANTS)
    return await _page(request, visit, merchant_id, _of(merchant_id))


@post("/merchants/{merchant_id:uuid}/private-products", status_code=303)
async def submit_rule(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep another shop or word as private."""
    return await _add(request, visit, merchant_id, _of(merchant_id))


@post("/merchants/{merchant_id:uuid}/private-products/{rule_id:uuid}/remove", status_code=303)
async def remove_rule(
    merchant_id: FromPath[UUID], rule_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]
) -> Response[str]:
    """Keep it no longer."""
    return await _remove(request, visit, merchant_id, rule_id, _of(merchant_id))


@get(MINE)
async def my_private_products_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The own rules."""
    return await _page(request, visit, own_merchant(visit.person, Permission.SEARCH_CONSUMERS), MINE)


@post(MINE, status_code=303)
async def submit_my_rule(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep another shop or word as private."""
    return await _add(request, visit, own_merchant(visit.person, Permission.SET_PRIVATE_PRODUCTS), MINE)


@post(MINE + "/{rule_id:uuid}/remove", status_code=303)
async def remove_my_rule(rule_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep it no longer."""
    merchant_id = own_merchant(visit.person, Permission.SET_PRIVATE_PRODUCTS)
    return await _remove(request, visit, merchant_id, rule_id, MINE)


async def _add(request: Asked, visit: Visit, merchant_id: UUID, here: str) -> Response[str]:
    authorize(visit.person, Permission.SET_PRIVATE_PRODUCTS)
    merchant = await visible_merchant(visit.session, merchant_id)
    reading = read(PrivateRuleCard, await typed_by(request))
    if reading.value is None:
        return await _page(request, visit, merchant_id, here, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await add_private_rule(visit.session, merchant.id, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _page(request, visit, merchant_id, here, reading.typed, refusal)
    return go_to(request, here, Notice(language_of(request).say(N_("已添加。之后登记的记录按此判断。"))))


async def _remove(request: Asked, visit: Visit, merchant_id: UUID, rule_id: UUID, here: str) -> Response[str]:
    merchant = await visible_merchant(visit.session, merchant_id)
    await remove_private_rule(visit.session, merchant.id, rule_id, by=visit.person)
    return go_to(request, here, Notice(language_of(request).say(N_("已移除。已有的记录不变。"))))


async def _page(
    request: Asked,
    visit: Visit,
    merchant_id: UUID,
    here: str,
    typed: Typed = NOTHING,
    wrong: Refusal | None = None,
) -> Response[str]:
    language = language_of(request)
    merchant = await visible_merchant(visit.session, merchant_id)
    rules = await private_rules(visit.session, merchant_id)
    shops = await shops_of(visit.session, merchant_id, closed=True)
    mine = here == MINE
    return page(
        request,
        "consumers/private_products.html",
        status_code=status_of(wrong) if wrong else 200,
        frame="merchant/frame.html" if mine else "layout.html",
        merchant=merchant,
        mine=mine,
        here=here,
        tabs=[] if mine else tabs(language, merchant, "private"),
        trail=((language.say(N_("消费者查找")), "/my/consumers"),) if mine else trail(request, merchant),
        rules=rules,
        shops={shop.id: shop for shop in shops},
        people=await names_of(visit.session, {rule.added_by for rule in rules}),
        may_set=allows(visit.person, Permission.SET_PRIVATE_PRODUCTS),
        zone=(await read_settings(visit.session)).zone,
        **form_values(
            request,
            PrivateRuleCard,
            typed,
            wrong=wrong,
            choices=Choices(
                by_widget={"shop": [(str(shop.id), shop.name) for shop in shops if shop.closed_at is None]}
            ),
        ),
        **(await acting_for(visit, merchant_id) if mine else {}),
    )
