"""An invoice is to be red-lettered: asked for at either desk."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.invoice_shapes import Correction
from anshou.finance.invoicing import ask_correction
from anshou.finance.reading_invoices import visible_invoice
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.invoices.places import INVOICES, MY_INVOICES
from anshou.portal.merchant.places import own_merchant
from anshou.portal.pages import Notice, go_to, language_of
from tenants.refusals import N_, Refusal

NEEDS = Permission.REQUEST_INVOICES


@get("/invoices/{number:str}/red")
async def red_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Why finance takes it back."""
    authorize_at_desk(visit.person, NEEDS)
    await visible_invoice(visit.session, number, by=visit.person)
    return _form(request, INVOICES, number)


@post("/invoices/{number:str}/red", status_code=303)
async def submit_red(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Ask for the red one."""
    authorize_at_desk(visit.person, NEEDS)
    return await _ask(request, visit, INVOICES, number)


@get("/my/invoices/{number:str}/red")
async def my_red_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Why the merchant wants it taken back."""
    own_merchant(visit.person, NEEDS)
    await visible_invoice(visit.session, number, by=visit.person)
    return _form(request, MY_INVOICES, number)


@post("/my/invoices/{number:str}/red", status_code=303)
async def submit_my_red(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Ask for the red one."""
    own_merchant(visit.person, NEEDS)
    return await _ask(request, visit, MY_INVOICES, number)


async def _ask(request: Asked, visit: Visit, root: str, number: str) -> Response[str]:
    first = await visible_invoice(visit.session, number, by=visit.person)
    reading = read(Correction, await typed_by(request))
    if reading.value is None:
        return _form(request, root, number, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            red = await ask_correction(visit.session, first, reading.value, by=visit.person, at=visit.at)
            address = f"{root}/{red.number}"
    except Refusal as refusal:
        return _form(request, root, number, reading.typed, refusal)
    return go_to(request, address, Notice(language_of(request).say(N_("红冲申请已提交。"))))


def _form(
    request: Asked, root: str, number: str, typed: Typed = NOTHING, wrong: Refusal | None = None
) -> Response[str]:
    say, here = language_of(request).say, f"{root}/{number}"
    form = FormPage(
        heading=say(N_("申请红冲")),
        action=f"{here}/red",
        back=here,
        button=say(N_("提交红冲申请")),
        trail=((say(N_("发票") if root == MY_INVOICES else N_("开票")), root), (number, here)),
        intro=say(N_("按原发票全额开具红字发票；红字发票开具后，原金额可以重新申请开票。")),
        danger=True,
    )
    return show_form(request, form, Correction, typed, wrong=wrong)
