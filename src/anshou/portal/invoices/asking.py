"""The forms of both desks: to whom invoices are made out, and for which statements one is asked."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.invoice_buyers import keep_buyer
from anshou.finance.invoice_shapes import BuyerCard, InvoiceAsked
from anshou.finance.invoicing import ask_invoice
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import visible_merchant
from anshou.people.permissions import Permission
from anshou.portal.formats import yuan
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.shown import Choices
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.invoices.places import Desk, agency_desk, merchant_desk
from anshou.portal.pages import Notice, go_to, language_of
from billing.invoices.asking import current_buyer
from billing.invoices.figures import invoiceable
from tenants.refusals import N_, Refusal

NEEDS = Permission.REQUEST_INVOICES


@get("/invoices/merchants/{merchant_id:uuid}/new")
async def new_page(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Finance asks for a merchant."""
    return await _begin(request, visit, agency_desk(visit, merchant_id, NEEDS))


@post("/invoices/merchants/{merchant_id:uuid}/new", status_code=303)
async def submit_new(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Ask."""
    return await _ask(request, visit, agency_desk(visit, merchant_id, NEEDS))


@get("/my/invoices/new")
async def my_new_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The merchant asks."""
    return await _begin(request, visit, merchant_desk(visit, NEEDS))


@post("/my/invoices/new", status_code=303)
async def submit_my_new(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Ask."""
    return await _ask(request, visit, merchant_desk(visit, NEEDS))


@get("/invoices/merchants/{merchant_id:uuid}/buyer")
async def buyer_page(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """To whom a merchant's invoices are made out."""
    return await _buyer_form(request, visit, agency_desk(visit, merchant_id, NEEDS))


@post("/invoices/merchants/{merchant_id:uuid}/buyer", status_code=303)
async def submit_buyer(merchant_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep it."""
    return await _keep(request, visit, agency_desk(visit, merchant_id, NEEDS))


@get("/my/invoices/buyer")
async def my_buyer_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """To whom my invoices are made out."""
    return await _buyer_form(request, visit, merchant_desk(visit, NEEDS))


@post("/my/invoices/buyer", status_code=303)
async def submit_my_buyer(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Keep it."""
    return await _keep(request, visit, merchant_desk(visit, NEEDS))


async def _begin(request: Asked, visit: Visit, desk: Desk) -> Response[str]:
    """The form, with every statement chosen of which something is open; first the buyer, if there is none."""
    if await current_buyer(visit.session, desk.merchant_id) is None:
        said = Notice(language_of(request).say(N_("请先登记购买方开票资料，再申请开票。")))
        return go_to(request, f"{desk.here}/buyer", said)
    wanted = request.query_params.get("statement", "")
    found = await invoiceable(visit.session, desk.merchant_id)
    chosen = [one for one in found if one.open_fen and wanted in ("", one.statement.number)]
    return await _ask_form(request, visit, desk, Typed({"statements": [str(one.statement.id) for one in chosen]}))


async def _ask(request: Asked, visit: Visit, desk: Desk) -> Response[str]:
    reading = read(InvoiceAsked, await typed_by(request))
    if reading.value is None:
        return await _ask_form(request, visit, desk, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            asked = await ask_invoice(visit.session, desk.merchant_id, reading.value, by=visit.person, at=visit.at)
            number = asked.number
    except Refusal as refusal:
        return await _ask_form(request, visit, desk, reading.typed, refusal)
    said = language_of(request).say(N_("开票申请 %(number)s 已提交。"), number=number)
    return go_to(request, desk.invoice(number), Notice(said))


async def _keep(request: Asked, visit: Visit, desk: Desk) -> Response[str]:
    reading = read(BuyerCard, await typed_by(request))
    if reading.value is None:
        return await _buyer_form(request, visit, desk, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await keep_buyer(visit.session, desk.merchant_id, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return await _buyer_form(request, visit, desk, reading.typed, refusal)
    return go_to(request, desk.here, Notice(language_of(request).say(N_("开票资料已保存，银行账号加密保存。"))))


async def _ask_form(
    request: Asked, visit: Visit, desk: Desk, typed: Typed, wrong: Refusal | None = None
) -> Response[str]:
    say = language_of(request).say
    form = FormPage(
        heading=say(N_("申请开票")),
        action=f"{desk.here}/new",
        back=desk.here,
        button=say(N_("提交申请")),
        trail=await _trail(request, visit, desk),
        intro=say(N_("只列出有可开票金额的对账单。金额以双方已确认的费用为限，含税。")),
    )
    offered = [
        (
            str(one.statement.id),
            say(
                N_("%(month)s %(number)s，可开 %(amount)s"),
                month=f"{one.statement.month:%Y-%m}",
                number=one.statement.number,
                amount=yuan(one.open_fen),
            ),
        )
        for one in await invoiceable(visit.session, desk.merchant_id)
        if one.open_fen
    ]
    return show_form(request, form, InvoiceAsked, typed, wrong=wrong, choices=Choices(by_name={"statements": offered}))


async def _buyer_form(
    request: Asked, visit: Visit, desk: Desk, typed: Typed | None = None, wrong: Refusal | None = None
) -> Response[str]:
    say = language_of(request).say
    if typed is None:
        typed = await _typed_before(visit, desk.merchant_id)
    form = FormPage(
        heading=say(N_("购买方开票资料")),
        action=f"{desk.here}/buyer",
        back=desk.here,
        button=say(N_("保存")),
        trail=await _trail(request, visit, desk),
        intro=say(N_("新资料用于之后的申请，已提交的申请不变。银行账号加密保存，不会再显示，修改资料时请重新填写。")),
    )
    return show_form(request, form, BuyerCard, typed, wrong=wrong)


async def _typed_before(visit: Visit, merchant_id: UUID) -> Typed:
    """What is kept, all but the account; the merchant's own name where nothing is."""
    buyer = await current_buyer(visit.session, merchant_id)
    if buyer is None:
        company = (await visible_merchant(visit.session, merchant_id)).company
        return Typed({"name": [company]}) if company else NOTHING
    kept = {
        "name": buyer.name,
        "tax_number": buyer.tax_number or "",
        "address": buyer.address,
        "phone": buyer.phone,
        "bank": buyer.bank,
    }
    return Typed({name: [value] for name, value in kept.items()})


async def _trail(request: Asked, visit: Visit, desk: Desk) -> tuple[tuple[str, str], ...]:
    above = ((language_of(request).say(desk.label), desk.root),)
    if desk.here == desk.root:
        return above
    return (*above, ((await visible_merchant(visit.session, desk.merchant_id)).name, desk.here))
