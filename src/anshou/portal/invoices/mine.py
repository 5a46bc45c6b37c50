"""My invoices: what can be invoiced of my statements, what I asked for, and the invoices themselves."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.finance.invoice_shapes import Dropped
from anshou.finance.invoicing import cancel_invoice
from anshou.finance.reading_invoices import list_invoices, visible_invoice
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows
from anshou.portal.forms.form_page import FormPage, show_form
from anshou.portal.forms.reading import read, typed_by
from anshou.portal.forms.typed import NOTHING, Typed
from anshou.portal.invoices.places import MY_INVOICES, merchant_desk
from anshou.portal.invoices.views import shown_invoice, shown_merchant
from anshou.portal.merchant.places import acting_for
from anshou.portal.notices.pages import seen
from anshou.portal.pages import Notice, go_to, language_of, page
from billing.invoices.rows import InvoiceState
from tenants.refusals import N_, Refusal


@get("/my/invoices")
async def my_invoices_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """What can be invoiced, and what was asked for."""
    desk = merchant_desk(visit, Permission.READ_STATEMENTS)
    return page(
        request,
        "merchant/invoices.html",
        invoices=await list_invoices(visit.session, by=visit.person),
        root=desk.root,
        statements="/my/statements",
        **await shown_merchant(visit, desk.merchant_id, desk.here),
        **await acting_for(visit, desk.merchant_id),
    )


@get("/my/invoices/{number:str}")
async def my_invoice_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """One of them."""
    desk = merchant_desk(visit, Permission.READ_STATEMENTS)
    invoice = await visible_invoice(visit.session, number, by=visit.person)
    await seen(visit, invoice.id)
    return page(
        request,
        "merchant/invoice.html",
        may_cancel=invoice.state is InvoiceState.REQUESTED and allows(visit.person, Permission.REQUEST_INVOICES),
        statements="/my/statements",
        **await shown_invoice(visit, invoice, desk.root),
        **await acting_for(visit, desk.merchant_id),
    )


@get("/my/invoices/{number:str}/cancel")
async def my_cancel_page(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Why it is wanted no longer."""
    merchant_desk(visit, Permission.REQUEST_INVOICES)
    await visible_invoice(visit.session, number, by=visit.person)
    return _cancel_form(request, number)


@post("/my/invoices/{number:str}/cancel", status_code=303)
async def my_cancel(number: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Want it no longer."""
    desk = merchant_desk(visit, Permission.REQUEST_INVOICES)
    invoice = await visible_invoice(visit.session, number, by=visit.person)
    reading = read(Dropped, await typed_by(request))
    if reading.value is None:
        return _cancel_form(request, number, reading.typed, reading.refusal)
    try:
        async with visit.session.begin_nested():
            await cancel_invoice(visit.session, invoice, reading.value, by=visit.person, at=visit.at)
    except Refusal as refusal:
        return _cancel_form(request, number, reading.typed, refusal)
    return go_to(request, desk.invoice(number), Notice(language_of(request).say(N_("申请已取消。"))))


def _cancel_form(request: Asked, number: str, typed: Typed = NOTHING, wrong: Refusal | None = None) -> Response[str]:
    say, here = language_of(request).say, f"{MY_INVOICES}/{number}"
    form = FormPage(
        heading=say(N_("取消开票申请")),
        action=f"{here}/cancel",
        back=here,
        button=say(N_("取消申请")),
        trail=((say(N_("发票")), MY_INVOICES), (number, here)),
        intro=say(N_("财务受理前可以取消；取消后可以重新申请。")),
    )
    return show_form(request, form, Dropped, typed, wrong=wrong)
